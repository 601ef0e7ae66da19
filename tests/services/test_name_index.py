"""The index of names is what a recount gives, and ids match in any grouping."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, delete, select

from cts.domain.filters import Filters
from cts.domain.names import name_parts
from cts.domain.spelling import likeness, spelled_words, spellings
from cts.services.criteria import Criteria
from cts.services.listings import listing
from cts.services.name_index import forget_names, write_names
from cts.services.named import ways_of, words_like
from db.models import NameSpelling, Youth, YouthFullName, YouthNamePart
from db.session import reading, writing
from tests.cast import TODAY, Cast, make_cast
from tests.services.test_listings import change


@pytest.fixture
def cast(database: Engine) -> Cast:
    return make_cast()


@pytest.fixture
def sqlite_cast(sqlite_database: Engine) -> Cast:
    return make_cast()


def indexed() -> tuple[set[tuple[str, str]], set[tuple[int, str, str]]]:
    with reading() as session:
        spelled = {tuple(row) for row in session.execute(select(NameSpelling.spelling, NameSpelling.word))}
        pairs = select(YouthFullName.youth_id, YouthFullName.last_part, YouthFullName.first_part)
        return spelled, {tuple(row) for row in session.execute(pairs)}


def expected(names: dict[int, tuple[str, str]]) -> tuple[set[tuple[str, str]], set[tuple[int, str, str]]]:
    """A slow recount from the names themselves."""
    words = {word for both in names.values() for name in both for word in spelled_words(name)}
    pairs = {(i, a, b) for i, (last, first) in names.items() for a in name_parts(last) for b in name_parts(first)}
    return {(spelling, word) for word in words for spelling in spellings(word)}, pairs


NAMES = st.lists(st.text("abé-' ", max_size=10), min_size=2, max_size=6)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=NAMES, after=NAMES, typed=st.text("ab", min_size=1, max_size=9))
def test_the_index_is_what_a_recount_of_all_names_gives(
    sqlite_cast: Cast, before: list[str], after: list[str], typed: str
) -> None:
    """However names are written, changed and purged; and what is like a typed word is what a comparison with every word gives."""
    with writing() as session:
        ids = session.scalars(select(Youth.id).order_by(Youth.id)).all()
        session.execute(delete(NameSpelling))
        session.execute(delete(YouthFullName))
        session.execute(delete(YouthNamePart))
        first, second = (names[: len(ids)] for names in (before, after))
        write_names(session, ids, [{"last_name": name, "first_name": name[::-1]} for name in first])
        write_names(session, ids[:1], [{"last_name": second[0], "first_name": second[1]}])
    kept = {ids[0]: (second[0], second[1]), ids[1]: (first[1], first[1][::-1])}
    spelled, pairs = indexed()
    recount = expected(kept)
    borne = {part for both in kept.values() for name in both for part in name_parts(name)}
    # A word that somebody else bears run together only may stay: it tells of nobody.
    assert recount[0] <= spelled and {word for _, word in spelled - recount[0]} <= borne
    assert pairs == recount[1]
    with reading() as session:
        found = words_like(session, ways_of(typed), begun_too=True)
    slow = {word: fit for word in {w for _, w in spelled} if (fit := likeness(typed, word)) and fit[1]}
    assert set(found.one_off) == {word for word, fit in slow.items() if fit == (0, 1)}
    assert set(found.two_off) == {word for word, fit in slow.items() if fit == (0, 2)}
    assert set(found.longer) == {word for word, fit in slow.items() if fit == (1, 1)}
    with writing() as session:
        forget_names(session, ids)
    assert indexed() == (set(), set())


# Ids in any grouping


@pytest.mark.parametrize("stored", ["PJ-12 34a", "pj1234A", "PJ.1234/a", "Pj–1234–A"])
@pytest.mark.parametrize("typed", ["pj1234a", "PJ 1234-A", "p-j—12 34_a"])
def test_state_id_and_pdj_number_match_however_they_were_stored_or_typed(
    sqlite_cast: Cast, stored: str, typed: str
) -> None:
    ids_match(sqlite_cast, stored, typed)


def test_ids_match_on_both_databases(cast: Cast) -> None:
    ids_match(cast, "PJ-12 34a–\u00a05", "pj\u20111234A5")


def ids_match(cast: Cast, stored: str, typed: str) -> None:
    change(cast.dcfs_number, state_id=stored, pdj_number=stored)
    for asked, found in ((typed, 1), (typed[:-1], 0), ("-", 0), (" – ", 0)):
        for field in ("state_id", "pdj_number"):
            page = listing(cast.csw, Filters(), TODAY, criteria=Criteria(**{field: asked}))
            assert len(page.rows) == (found if asked.strip() else 1), (field, asked)
