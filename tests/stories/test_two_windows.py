"""One author, two windows: nothing typed in either is gone without a word."""

from tests.parts.desk import Desk


def test_an_answer_given_in_two_windows_is_kept_once_and_told_the_other_time(desk: Desk) -> None:
    desk.writes("csw", family="As both windows read it.")
    seen = {"family": "As both windows read it.", "attention": None}
    assert desk.writes("csw", seen, family="The first window, an hour of work.").displaced == ()
    saved = desk.writes("csw", seen, family="The second window.", attention="Nobody else wrote this.")
    assert saved.displaced == (
        (
            "Describe current family dynamics and family involvement",
            "The first window, an hour of work.",
        ),
    )
    assert desk.sees("csw").answers["family"] == "The second window."


def test_the_same_words_twice_displace_nothing(desk: Desk) -> None:
    desk.writes("csw", family="Before.")
    seen = {"family": "Before."}
    desk.writes("csw", seen, family="After.")
    assert desk.writes("csw", seen, family="After.").displaced == ()
    assert desk.writes("csw", {"family": "After."}, family="Later.").displaced == ()


def test_a_cell_is_told_by_its_row(desk: Desk) -> None:
    desk.brings_to_advocate()
    plan = desk.plan(1)
    goal = {"id": "a", "goal": "Sleep at night", "action_step": "Ask for a lamp"}
    plan.writes("advocate", goals=[goal])
    seen = {"goals": [goal]}
    plan.writes("advocate", seen, goals=[{**goal, "action_step": "Ask the aunt for a lamp"}])
    saved = plan.writes("advocate", seen, goals=[{**goal, "action_step": "Buy a lamp"}])
    assert saved.displaced == (("Goal 1, Action Step", "Ask the aunt for a lamp"),)
