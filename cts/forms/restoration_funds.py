"""The Restoration Fund Request (guide; mission §4.4): last-resort money, asked before it is spent."""

from datetime import date

from cts.domain.fields import Answers, Field, FormSection, FormSpec, Kind, Stage
from cts.domain.money import money_of
from cts.domain.rows import full_rows
from cts.forms.building import FROM_CTS, fact

REQUEST = FormSection(
    "request",
    "Request",
    (
        fact("requestor", "Requestor (Agency Representative)", source=FROM_CTS),
        fact("agency_name", "CSEC Advocacy Agency", source=FROM_CTS),
        fact("youth_name", "Youth name"),
        fact("birth_date", "DOB", Kind.DATE),
        fact("lead_agency", "Lead Agency"),
        fact("state_id", "State ID"),
        fact("pdj_number", "PDJ #"),
        Field("requested_on", "Date of Request", Kind.DATE, required=True),
    ),
    note=(
        "Expenditures must be pre-approved by the DCFS/Probation CSW/DPO and approved by the DCFS/Probation Administrator, and must "
        "support the goals of the youth's Case Plan or Advocacy Plan. Items should not be purchased until this request is approved."
    ),
)
ITEMS = FormSection(
    "items",
    "Item(s) Requested",
    (
        Field(
            "items",
            "Item(s) Requested",
            Kind.ROWS,
            required=True,
            columns=(
                Field("item", "Item Requested", Kind.TEXT, required=True),
                Field("quantity", "Quantity", Kind.NUMBER, required=True),
                Field(
                    "projected_cost",
                    "Projected Cost",
                    Kind.MONEY,
                    required=True,
                    totals=True,
                    help="For the whole quantity.",
                ),
                Field(
                    "actual_cost",
                    "Actual Cost",
                    Kind.MONEY,
                    required=True,
                    totals=True,
                    stage=Stage.SPENDING,
                    help="For the whole quantity; 0 when it was not bought.",
                ),
            ),
            one="Item",
        ),
    ),
    note="Costs are those of the whole quantity of an item.",
)
WHY = FormSection(
    "why",
    "Justification",
    (
        Field("justification", "Justification", Kind.LONG_TEXT, required=True),
        Field(
            "other_funding",
            "Other funding tried",
            Kind.LONG_TEXT,
            required=True,
            help="Restoration Funds are used when no other funding is available.",
        ),
        Field("goal", "Goal of the Case Plan or Advocacy Plan it serves", Kind.LONG_TEXT, required=True),
    ),
)
RECEIPTS = FormSection(
    "receipts",
    "Receipts",
    (
        Field(
            "receipts",
            "Receipts",
            Kind.ROWS,
            required=True,
            stage=Stage.SPENDING,
            columns=(
                Field("file", "Receipt", Kind.FILE, required=True, stage=Stage.SPENDING),
                Field("description", "Description", Kind.TEXT, required=True, stage=Stage.SPENDING),
                Field("dated_on", "Receipt Date", Kind.DATE, required=True, stage=Stage.SPENDING),
                Field("amount", "Amount", Kind.MONEY, required=True, totals=True, stage=Stage.SPENDING),
            ),
            one="Receipt",
        ),
    ),
    note="Receipts and actual costs are written once the request is approved.",
)


def costs_something(answers: Answers, _facts: Answers, _today: date) -> list[tuple[str, str]]:
    """What is asked for costs more than nothing."""
    for number, row in enumerate(full_rows(answers.get("items")), start=1):
        if money_of(row.get("projected_cost")) == 0:
            return [("items", f"Item {number}, Projected Cost: please give what it costs.")]
    return []


def asked_in_time(answers: Answers, _facts: Answers, today: date) -> list[tuple[str, str]]:
    """A request is of a day that has come."""
    if str(answers.get("requested_on") or "") > today.isoformat():
        return [("requested_on", "Date of Request: it must not be in the future.")]
    return []


def receipts_are_past(answers: Answers, _facts: Answers, today: date) -> list[tuple[str, str]]:
    """A receipt is of a day that has come. One dated before the approval is marked in the ledger, not refused (mission §4.4)."""
    for number, row in enumerate(full_rows(answers.get("receipts")), start=1):
        if str(row.get("dated_on") or "") > today.isoformat():
            return [("receipts", f"Receipt {number}, Receipt Date: it must not be in the future.")]
    return []


RESTORATION_FUNDS = FormSpec(
    title="Restoration Fund Request",
    version=1,
    sections=(REQUEST, ITEMS, WHY, RECEIPTS),
    rules=(asked_in_time, costs_something, receipts_are_past),
)
