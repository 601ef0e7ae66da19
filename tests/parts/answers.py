"""What the Advocate writes: each document with nothing missing. The days suit a service that began on November 2, 2026."""

from typing import Any

from cts.domain.vocabulary import Document
from tests.cast import ANSWERS

PHASE: dict[str, Any] = {
    "start_on": "2026-11-02",
    "strengths": "Curious, and good with younger children.",
    "warnings": "Withdraws when she is asked many questions at once.",
    "priority_needs": "A school that knows her, and sleep.",
    "long_term_goals": [
        {"id": "a1", "goal": "Finish high school"},
        {"id": "a2", "goal": "Live with her aunt"},
    ],
    "goals": [
        {
            "id": "b1",
            "goal": "Attend school",
            "action_step": "Visit two schools together.",
            "due_on": "2026-11-20",
            "team_member": "Alan Advocate",
        },
        {
            "id": "b2",
            "goal": "See the clinic",
            "action_step": "Make the appointment.",
            "due_on": "2026-11-10",
            "team_member": "The aunt",
        },
    ],
    "safety_concerns": "Somebody waits for her near the bus stop.",
    "safety_plan": "The aunt drives her; she calls when she leaves.",
    "coping_skills": "Drawing and music.",
    "support_systems": [{"id": "c1", "name": "Tía Rosa", "relationship": "Aunt", "contact": "213-555-0111"}],
    "professionals": [{"id": "d1", "name": "Dr. Lee", "relationship": "Therapist"}],
}
REPORT: dict[str, Any] = {
    "terminated_on": "2026-11-02",
    "reason": "graduated",
    "goals": [
        {"id": "a1", "goal": "Finish high school", "achieved": True},
        {"id": "a2", "goal": "Live with her aunt", "achieved": False, "why_not": "The aunt moves in spring."},
    ],
    "resources": [
        {"id": "e1", "name": "Library", "description": "Homework help every afternoon.", "contact": "213-555-0122"}
    ],
}
MONEY: dict[str, Any] = {
    "requested_on": "2026-11-02",
    "items": [
        {"id": "f1", "item": "Winter coat", "quantity": "1", "projected_cost": "1,234.50"},
        {"id": "f2", "item": "Notebooks", "quantity": "12", "projected_cost": "30.05"},
    ],
    "justification": "She starts school in the mountains.",
    "other_funding": "The school's fund is used up.",
    "goal": "Finish high school",
}
SPENT: dict[str, Any] = {
    "items": [
        {**MONEY["items"][0], "actual_cost": "1,199.99"},
        {**MONEY["items"][1], "actual_cost": "28.01"},
    ],
}
"""What was bought; the receipts need a file."""
MORE_TIME: dict[str, Any] = {
    "from_on": "2027-11-03",
    "to_on": "2028-02-02",
    "reason": "The clinic has just begun.",
    "goals_left": [{"id": "a2", "goal": "Live with her aunt"}],
    "youth_agrees": True,
}
SUMMARY: dict[str, Any] = {
    "therapist": "Dr. Lee",
    "supportive_relatives": [{"id": "g1", "name": "Tía Rosa", "relationship": "Aunt"}],
}

WHOLE: dict[Document, dict[str, Any]] = {
    Document.REFERRAL: ANSWERS,
    Document.PLAN: PHASE,
    Document.TERMINATION: REPORT,
    Document.FUNDS: MONEY,
    Document.EXTENSION: MORE_TIME,
    Document.SUMMARY: SUMMARY,
}
