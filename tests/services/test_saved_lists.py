"""Lists that a person keeps: the own ones only, named once, not too many, without what was searched for."""

from threading import Barrier, Thread

import pytest
from sqlalchemy import Engine, select

from cts.domain.filters import Filters
from cts.domain.vocabulary import LeadAgency
from cts.services.account_keeping import end_account_of, take_up_again
from cts.services.clean_up import clean_up
from cts.services.listing_asked import Asked, read_asked
from cts.services.listing_columns import SortBy
from cts.services.refusals import Incomplete, NotPermitted
from cts.services.saved_lists import KEPT_AT_MOST, LONGEST_NAME, remove_list, save_list, saved_lists
from db.models import SavedList
from db.session import reading
from tests.cast import NOW, Cast, change_person, make_cast

ASKED = Asked(Filters(lead=LeadAgency.PROBATION), SortBy.CPH_DATE, descending=True, page=3, whole_office=True)


@pytest.fixture
def cast(database: Engine) -> Cast:
    return make_cast()


def test_a_list_is_kept_under_a_name_and_opens_at_its_first_page(cast: Cast) -> None:
    save_list(cast.admin, "  Probation\u202e,\n oldest  ", ASKED, NOW)
    (kept,) = saved_lists(cast.admin)
    assert kept.name == "Probation, oldest"
    assert read_asked(kept.query) == ASKED.without_page()
    save_list(cast.admin, "a second", Asked(), NOW)
    assert [one.name for one in saved_lists(cast.admin)] == ["a second", "Probation, oldest"]


def test_nobody_sees_or_removes_the_list_of_another(cast: Cast) -> None:
    save_list(cast.admin, "Mine", ASKED, NOW)
    (kept,) = saved_lists(cast.admin)
    assert saved_lists(cast.admin_second) == ()
    remove_list(cast.admin_second, kept.id)
    assert saved_lists(cast.admin) == (kept,)
    remove_list(cast.admin, kept.id)
    remove_list(cast.admin, kept.id)
    assert saved_lists(cast.admin) == ()


def test_a_name_is_needed_short_and_given_once(cast: Cast) -> None:
    save_list(cast.csw, "x" * LONGEST_NAME, ASKED, NOW)
    for name, sentence in (
        ("", "give the list a name"),
        (" \u200b\n", "give the list a name"),
        ("y" * (LONGEST_NAME + 1), "at most 60"),
        ("x" * LONGEST_NAME, "already have"),
    ):
        with pytest.raises(Incomplete, match=sentence):
            save_list(cast.csw, name, ASKED, NOW)
    save_list(cast.colleague, "x" * LONGEST_NAME, ASKED, NOW)


def test_there_is_an_end_to_them_for_two_windows_too(cast: Cast) -> None:
    for n in range(KEPT_AT_MOST - 1):
        save_list(cast.csw, f"list {n}", ASKED, NOW)
    together, refused = Barrier(2), []

    def save(name: str) -> None:
        together.wait()
        try:
            save_list(cast.csw, name, ASKED, NOW)
        except Incomplete as refusal:
            refused.append(str(refusal))

    windows = [Thread(target=save, args=(name,)) for name in ("one", "two")]
    for window in windows:
        window.start()
    for window in windows:
        window.join()
    assert (len(saved_lists(cast.csw)), len(refused)) == (KEPT_AT_MOST, 1)


def test_support_has_no_lists(cast: Cast) -> None:
    with pytest.raises(NotPermitted):
        saved_lists(cast.support)
    with pytest.raises(NotPermitted):
        save_list(cast.support, "Mine", ASKED, NOW)
    with pytest.raises(NotPermitted):
        remove_list(cast.support, 1)


def test_the_lists_of_somebody_who_leaves_end_with_the_account(cast: Cast) -> None:
    for who in (cast.csw, cast.colleague):
        save_list(who, "Mine", ASKED, NOW)
    end_account_of(cast.support, cast.csw.person_id, NOW)
    assert kept_by() == {cast.colleague.person_id}
    take_up_again(cast.support, cast.csw.person_id, NOW)
    assert saved_lists(cast.csw) == (), "the account begins anew"
    change_person(cast, "colleague", active=False)  # ended before lists ended with an account
    clean_up(NOW)
    assert kept_by() == set()


def kept_by() -> set[int]:
    with reading() as session:
        return set(session.scalars(select(SavedList.person_id)))
