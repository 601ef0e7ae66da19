"""How closely a youth's name and birth date fit what was typed into the Search: the order in which similar names are shown."""

from dataclasses import dataclass, field
from datetime import date

from cts.domain.names import name_parts
from cts.domain.spelling import Likeness, likeness
from cts.services.criteria import Criteria
from cts.services.named import Ways, ways_of

EXCHANGED = "first and last name exchanged"
DATE_EXCHANGED = "day and month of birth exchanged"
ONE_NAME = "one of the names only; all else as typed"

WHOLE_WORD = 0


@dataclass(frozen=True, order=True)
class Fit:
    """How a youth fits, the closest first: both names before one, whole words before beginnings, then by letters that differ."""

    one_name: bool
    level: int
    apart: int
    exchanged: bool
    other_date: bool

    @property
    def exact(self) -> bool:
        """Whether the youth is found by what was typed as it stands, or by the date that is offered with day and month exchanged."""
        return not (self.apart or self.exchanged or self.one_name)

    @property
    def why(self) -> str:
        """What is not as typed, besides letters that anybody sees."""
        said = ((self.exchanged, EXCHANGED), (self.one_name, ONE_NAME), (self.other_date, DATE_EXCHANGED))
        return "; ".join(words for so, words in said if so)


@dataclass(frozen=True)
class Typed:
    """What was typed of the names, taken apart once."""

    last: Ways
    first: Ways
    birth_date: date | None
    anchored: bool
    """Whether an id or the birth date was typed: then one of the two names may be another one."""
    _known: dict[tuple[Ways, str], Likeness | None] = field(default_factory=dict, compare=False, repr=False)
    """Many youth share a name: each is compared once."""

    @classmethod
    def of(cls, criteria: Criteria) -> "Typed":
        """Read the names of criteria."""
        last, first = ways_of(criteria.last_name), ways_of(criteria.first_name)
        return cls(last, first, criteria.birth_date, criteria.asks_more_than_names)

    @property
    def two_names(self) -> bool:
        """Whether both were typed."""
        return bool(self.last and self.first)

    def fit(self, last_name: str, first_name: str, birth_date: date) -> Fit | None:
        """How this youth fits; None for one who does not."""
        other_date = self.birth_date is not None and birth_date != self.birth_date
        as_typed = (self._fit_of(self.last, last_name), self._fit_of(self.first, first_name))
        exchanged = (self._fit_of(self.last, first_name), self._fit_of(self.first, last_name))
        ways = [Fit(False, *together, False, other_date)] if (together := self._together(as_typed)) else []
        if (together := self._together(exchanged)) and together[0] == WHOLE_WORD:
            ways.append(Fit(False, *together, True, other_date))
        if self.anchored and self.two_names and not other_date:
            ways += [Fit(True, *one, False, False) for one in as_typed if one]
        return min(ways, default=None)

    def _fit_of(self, ways: Ways, name: str) -> Likeness | None:
        if (ways, name) not in self._known:
            self._known[ways, name] = _fit_of(ways, name_parts(name))
        return self._known[ways, name]

    def _together(self, fits: tuple[Likeness | None, Likeness | None]) -> Likeness | None:
        """Of every name that was typed; None when one of them does not fit."""
        asked = [fit for typed, fit in zip((self.last, self.first), fits, strict=True) if typed]
        if not asked or None in asked:
            return None
        found = [fit for fit in asked if fit]
        return max(level for level, _ in found), sum(apart for _, apart in found)


def _fit_of(ways: Ways, parts: tuple[str, ...]) -> Likeness | None:
    """How a name fits: every typed word some part of it, in the way that fits best."""
    found = []
    for way in ways:
        words = [min((fit for part in parts if (fit := likeness(word, part))), default=None) for word in way]
        if all(words):
            fits = [fit for fit in words if fit]
            found.append((max(level for level, _ in fits), sum(apart for _, apart in fits)))
    return min(found, default=None)
