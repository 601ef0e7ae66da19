"""What was measured, beside its limit, as a table."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Result:
    """`ratio` is `measured` over `against` (milliseconds unless the name says otherwise), or `measured` alone where `against` is None.

    `noise` is the same comparison of the same thing with itself, measured twice: 1.00 on a quiet machine; None where it was not measured.
    """

    group: str
    name: str
    against: float | None
    measured: float
    limit: float
    noise: float | None = None

    @property
    def ratio(self) -> float:
        """What is held against the limit."""
        return self.measured if self.against is None else self.measured / self.against

    @property
    def held(self) -> bool:
        """Whether the limit was kept. Nothing is rounded in favour of CTS."""
        return self.ratio <= self.limit


def table(results: Iterable[Result]) -> str:
    """All results as one Markdown table, groups in order."""
    lines = [
        "| Measured | Against | CTS | Ratio | Limit | Noise | |",
        "|---|---:|---:|---:|---:|---:|---|",
    ]
    for r in results:
        against = "" if r.against is None else f"{r.against:,.2f}"
        ratio = "" if r.against is None else f"{r.ratio:.2f}"
        noise = "" if r.noise is None else f"{r.noise:.2f}"
        verdict = "held" if r.held else "**missed**"
        lines.append(
            f"| {r.group}: {r.name} | {against} | {r.measured:,.2f} | {ratio} | {r.limit:,g} | {noise} | {verdict} |"
        )
    return "\n".join(lines)
