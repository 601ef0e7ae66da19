"""What the dashboards and their lists tell an agency begins when it was given the youth."""

from sqlalchemy import Engine, select

from cts.domain.boards import Section, State, StayFilter
from cts.services.attention_lists import attention_tiles
from cts.services.dashboards import dashboard
from db.models import Assignment, Stay
from db.session import reading, writing
from tests.cast import NOW
from tests.services.test_dashboards import county, differences, rows_of


def test_an_agency_is_not_told_what_was_before_it_was_given_the_youth(sqlite_database: Engine) -> None:
    cast = county(4, 60, folded=True)
    coordinator = cast.people["coordinator"]
    with reading() as session:
        given = {
            a.id: (a.number, a.agency_assigned_at)
            for a in session.scalars(select(Assignment).where(Assignment.agency_id == coordinator.agency_id))
        }
        ended = [s for s in session.scalars(select(Stay)) if s.assignment_id in given and s.left_at]
        after = [s for s in ended if s.left_at and s.left_at > (given[s.assignment_id][1] or NOW)]
        shown = {given[s.assignment_id][0] for s in after if s.ended_by}
    assert 0 < len(after) < len(ended)
    rows = rows_of(cast, "coordinator", StayFilter(state=State.ENDED))
    assert shown <= {row.number for row in rows} and len(rows) <= len(after)
    assert rows_of(cast, "admin", StayFilter(state=State.ENDED, agency=str(coordinator.agency_id))) == rows
    forged = dashboard(coordinator, {"section": Section.REFERRALS}, NOW)
    assert forged.title == dashboard(coordinator, {}, NOW).title
    assert Section.REFERRALS not in forged.sections and forged.section is Section.PENDING
    for of in ("program", "agency-999999", "agency-nobody"):
        board = dashboard(cast.admin, {"section": Section.REFERRALS, "of": of}, NOW)
        assert (board.section, board.title) == (Section.REFERRALS, "Referrals") and set(board.sections) == set(Section)


def test_another_agency_begins_to_count_when_it_is_given_the_youth(sqlite_database: Engine) -> None:
    cast = county(4, 60, folded=True)
    coordinator, rival = cast.people["coordinator"], cast.people["rival_coordinator"]
    before = rows_of(cast, "coordinator", StayFilter(state=State.ENDED))
    moved = before[0].number
    with writing() as session:
        assignment = session.scalars(select(Assignment).where(Assignment.number == moved)).one()
        assignment.agency_id, assignment.agency_assigned_at = rival.agency_id, NOW
    assert moved not in {row.number for row in rows_of(cast, "rival_coordinator", StayFilter(state=State.ENDED))}
    assert moved not in {row.number for row in rows_of(cast, "coordinator", StayFilter(state=State.ENDED))}
    assert differences(cast, "coordinator") == differences(cast, "rival_coordinator") == []
    assert coordinator.agency_id != rival.agency_id


def test_what_asks_for_attention_is_the_same_on_the_dashboard_as_on_attention(sqlite_database: Engine) -> None:
    cast = county(4, 20, folded=True)
    for who, whole in (("admin", False), ("scsw", True), ("coordinator", False)):
        tiles = attention_tiles(cast.people[who], NOW, whole_office=whole).values()
        told = {tile.title: f"{tile.number:,}" for group in tiles for tile in group}
        [grid] = dashboard(cast.people[who], {"section": Section.ATTENTION}, NOW).grids
        assert {what.text: number.text for what, number in grid.rows} == told, who
