"""What a list behind a number of the dashboards says it holds: in the words of the number."""

import pytest

from cts.services.stay_list import sentence_of, stays_asked


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({}, "Documents, waiting now."),
        ({"document": "referral", "status": "new"}, "Referrals in New, waiting now."),
        (
            {"state": "ended", "document": "funds", "status": "in_progress", "by": "submit", "first": "2026-11"},
            "Restoration Fund Requests, submitted for the first time (Asked), Nov 2026.",
        ),
        (
            {
                "state": "ended",
                "document": "funds",
                "status": "approved",
                "by": "submit",
                "first": "2026-01",
                "last": "2026-11",
            },
            "Restoration Fund Requests, whose receipts were submitted for the first time (Spent), Jan 2026 to Nov 2026.",
        ),
        (
            {"state": "ended", "document": "referral", "status": "pending_supervisor", "by": "approve"},
            "Referrals, approved while Pending Supervisor Approval.",
        ),
        ({"state": "ended", "document": "referral", "by": "submit"}, "Referrals, submitted for the first time."),
        ({"state": "ended", "document": "plan"}, "Advocacy Plans: left a stage."),
    ],
)
def test_the_sentence_of_a_list(query: dict[str, str], sentence: str) -> None:
    assert sentence_of(stays_asked(query)) == sentence
