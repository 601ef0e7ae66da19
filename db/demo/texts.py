"""What invented people write: answers that are complete by the forms, plain, and about nobody."""

from datetime import date, timedelta
from random import Random
from typing import Any

from cts.domain.calendar import add_months
from cts.domain.vocabulary import LeadAgency

Answers = dict[str, Any]

_ATTENTION = (
    "A school counselor told the case worker that the youth had been approached by an adult online.",
    "Found during an outreach of the task force with an adult whom the youth calls a boyfriend; brought to the shelter.",
    "The caregiver noticed new clothes, a second phone and nights away, and called the case worker.",
    "Told a nurse at the clinic that somebody had asked for money in exchange for a ride and a room.",
    "A placement staff member saw the youth picked up by an unknown car three nights in a row.",
)
_FAMILY = (
    "Lives with an aunt who is supportive and wants to take part.",
    "Mother visits every second week; father is not in contact. Two younger siblings are placed together.",
    "Grandmother is the person the youth trusts. She asks to be called before any visit.",
    "Family is in touch by phone only; the youth would like to see an older brother again.",
)
_STRENGTHS = (
    "Draws every day; keeps appointments; trusts the aunt.",
    "Good at mathematics, speaks two languages, looks after younger siblings.",
    "Plays soccer, has one close friend at school, asks for help when tired.",
    "Writes songs; found a part-time job without help; knows the bus lines by heart.",
)
_WARNINGS = (
    "Leaves school early on Fridays.",
    "Stops answering the phone a day or two before leaving.",
    "New jewelry and a phone that nobody bought.",
    "Sleeps in the afternoon and is awake at night.",
)
_GOALS = (
    ("Attend school four days a week", "The Advocate meets the youth at the bus stop on Mondays"),
    ("Know whom to call at night", "Three numbers in the phone, tried out together"),
    ("See a therapist the youth has chosen", "Two clinics visited together, then decide"),
    ("Have identity papers", "Birth certificate ordered, then the appointment for the ID"),
    ("Find a part-time job", "Resume written at the library, two places visited"),
    ("A safe way home", "Ride plan with the caregiver for three evenings a week"),
)
_LONG_TERM = (
    "Finish tenth grade with the class",
    "Live with family again",
    "A place of one's own at eighteen",
    "Earn a diploma",
)
_ITEMS = (
    ("Winter coat", 70, 120),
    ("Drawing pad and pencils", 25, 60),
    ("Bus pass for three months", 90, 150),
    ("School shoes", 45, 90),
    ("Bedding", 60, 140),
    ("Phone card", 20, 50),
    ("Graduation dress", 80, 160),
    ("Birth certificate fee", 28, 35),
)
_NOTES = (
    "Met at school, talked about the week.",
    "Lunch together; the youth chose the place.",
    "Went to the clinic; the youth asked the questions.",
    "Practiced the three numbers. Short, friendly.",
    "Walk in the park with the dog.",
    "Looked at job offers in the library.",
)
MISSED = ("Nobody opened the door.", "The phone was off.", "The youth did not come; the caregiver will call.")
_RESOURCES = (
    ("Neighborhood clinic (invented)", "Counseling, free for youth", "213-555-0117"),
    ("Library homework room (invented)", "Every afternoon until seven", "213-555-0121"),
    ("Housing line (invented)", "Transitional housing from eighteen on", "213-555-0133"),
)


def referral(dice: Random, day: date, department: str, *, exception: bool, returning: bool) -> Answers:
    """A Referral with nothing missing, as written on this day."""
    spoke_youth, spoke_caregiver = dice.random() < 0.9, dice.random() < 0.8
    alerts = dice.random() < 0.35
    probation = department == LeadAgency.PROBATION
    answers: Answers = {
        "new_or_returning": "returning" if returning else "new",
        "youth_phone": f"213-555-01{dice.randrange(100):02d}",
        "best_way": dice.choice(("Text after school", "Through the caregiver", "Call in the evening")),
        "living_now": dice.choice(
            ("Home of parent", "Relative or NREFM home", "Resource family home", "Shelter or receiving home")
        ),
        "in_county": True,
        "worker_phone": f"213-555-01{dice.randrange(100):02d}",
        "courts": [dice.choice(("delinquency", "star"))] if probation else [dice.choice(("dependency", "dream"))],
        "alerts_stated": "present" if alerts else "none",
        "hotline": dice.choice(("no", "na")),
        "attention": dice.choice(_ATTENTION),
        "family": dice.choice(_FAMILY),
        "spoke_youth": spoke_youth,
        "spoke_caregiver": spoke_caregiver,
        "testifying": dice.random() < 0.08,
        "services": sorted(
            dice.sample(("assessment", "stabilization", "mdt", "court", "linkage", "crisis"), dice.randint(1, 3))
        ),
    }
    if alerts:
        answers["alerts"] = {
            dice.choice(("6404", "exploiter_contact", "6401")): "Told by the caregiver; nobody goes alone."
        }
    if spoke_youth:
        answers |= {"spoke_youth_on": _before(dice, day), "youth_agrees": dice.random() < 0.9}
    if spoke_caregiver:
        answers |= {"spoke_caregiver_on": _before(dice, day), "caregiver_agrees": True}
    else:
        answers["caregiver_why_not"] = "The caregiver could not be reached by telephone or at home."
    if exception:
        answers["exception"] = (
            "The youth asks for an Advocate by name; the team agrees that waiting would lose the contact."
        )
    return answers


def _before(dice: Random, day: date) -> str:
    return (day - timedelta(days=dice.randint(0, 6))).isoformat()


def phase(dice: Random, start: date, advocate: str) -> Answers:
    """One phase of the plan, as first sent."""
    goals = dice.sample(_GOALS, 2)
    return {
        "strengths": dice.choice(_STRENGTHS),
        "warnings": dice.choice(_WARNINGS),
        "priority_needs": "A safe way home, and somebody to call at night.",
        "long_term_goals": [{"id": "longterm1", "goal": dice.choice(_LONG_TERM)}],
        "goals": [
            {
                "id": f"goal{number}",
                "goal": goal,
                "action_step": step,
                "due_on": (start + timedelta(days=dice.randint(14, 80))).isoformat(),
                "team_member": advocate,
            }
            for number, (goal, step) in enumerate(goals, start=1)
        ],
        "safety_concerns": "An adult who writes online under changing names.",
        "safety_plan": "Blocks and tells; a relative picks the youth up on Fridays.",
        "coping_skills": dice.choice(
            ("Drawing, music, a walk with the dog.", "Breathing, a call to the Advocate, soccer.")
        ),
        "support_systems": [{"id": "support1", "name": "Maternal aunt", "relationship": "Aunt"}],
        "professionals": [{"id": "professional1", "name": "School counselor", "relationship": "Counselor"}],
    }


def funds(dice: Random) -> Answers:
    """What is asked for, and why."""
    items = dice.sample(_ITEMS, dice.randint(1, 3))
    return {
        "items": [
            {"id": f"item{n}", "item": name, "quantity": "1", "projected_cost": f"{dice.randint(low, high)}.00"}
            for n, (name, low, high) in enumerate(items, start=1)
        ],
        "justification": "The youth has none and needs it for school and for getting about.",
        "other_funding": "The school's clothing closet and the placement had no funds for it.",
        "goal": dice.choice(_GOALS)[0],
    }


def spent(dice: Random, asked: Answers, day: date, tokens: list[str]) -> Answers:
    """What it cost in the end, with a receipt for each item."""
    items = [
        {**row, "actual_cost": f"{float(row['projected_cost']) * dice.uniform(0.8, 1.0):.2f}"} for row in asked["items"]
    ]
    receipts = [
        {
            "id": f"receipt{n}",
            "file": token,
            "description": row["item"],
            "dated_on": day.isoformat(),
            "amount": row["actual_cost"],
        }
        for n, (row, token) in enumerate(zip(items, tokens, strict=True), start=1)
    ]
    return {"items": items, "receipts": receipts}


def extension(dice: Random, service_end: date, goals: list[Answers]) -> Answers:
    """More time after the service's end."""
    start = service_end + timedelta(days=1)
    end = add_months(start, dice.randint(2, 6))
    return {
        "from_on": start.isoformat(),
        "to_on": end.isoformat(),
        "reason": "The youth is in the middle of the school year and asks to finish it with the same Advocate.",
        "goals_left": goals or [{"id": "longterm1", "goal": dice.choice(_LONG_TERM)}],
        "youth_agrees": True,
    }


def termination(dice: Random, reason: str, day: date, goals: list[Answers], *, asks_efforts: bool) -> Answers:
    """How the service ended."""
    goals = goals or [{"id": "longterm1", "goal": dice.choice(_LONG_TERM)}]
    achieved = reason == "graduated"
    told = [
        {**row, "achieved": achieved, **({} if achieved else {"why_not": "There was not enough time."})}
        for row in goals
    ]
    resources = dice.sample(_RESOURCES, 2)
    answers: Answers = {
        "terminated_on": day.isoformat(),
        "reason": reason,
        "goals": told,
        "resources": [
            {"id": f"resource{n}", "name": name, "description": what, "contact": contact}
            for n, (name, what, contact) in enumerate(resources, start=1)
        ],
    }
    if asks_efforts:
        answers["efforts"] = "Called and wrote every week, visited three times, asked the caregiver and the school."
    if reason == "other":
        answers["reason_other"] = "The family moved in with relatives nearby and asked for another kind of help."
    return answers


def note(dice: Random) -> str:
    """A short factual note of a contact."""
    return dice.choice(_NOTES)
