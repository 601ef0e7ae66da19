"""The drawn picture of a document's way (docs/workflow-*.svg), made from the workflow table."""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from cts.commands.docs_words import a_document, listed
from cts.domain.vocabulary import CLOSED_STATUSES, Action, Document, Party, Status
from cts.domain.workflow import BEGINNINGS, STEPS, Step, waiting_in

WIDTH, TOP, PITCH = 1050, 96, 164
BOX_WIDTH, BOX_HEIGHT = 286, 88
SPINE_X, SIDE_X = 192, 734
SLOT, LANE = 34, 24
FAMILY = "'Source Sans 3','Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif"
INK, QUIET, PAPER = "#111418", "#434D55", "#FFFFFF"
FORWARD, BACK, NEUTRAL = "#0B5C7A", "#B42318", "#5B6770"
# Fill and edge of a box: being written or waiting, the end of the way, sent back, closed.
LOOKS = {
    "way": ("#E3F0F5", FORWARD),
    "end": ("#E6F4EC", "#1B7A4B"),
    "back": ("#FDECEA", BACK),
    "closed": ("#EDF1F3", NEUTRAL),
}


@dataclass(frozen=True)
class Box:
    """A status at its place; `spine` for those on the straight way from the beginning."""

    status: Status
    x: float
    y: float
    spine: bool

    @property
    def middle(self) -> float:
        """The height of its middle."""
        return self.y + BOX_HEIGHT / 2


def drawing(document: Document) -> str:
    """The picture as an SVG file."""
    rows = [step for step in STEPS if step.document is document]
    steps = [step for step in rows if step.party is not Party.EXTRACT]
    boxes = {box.status: box for box in _placed(steps)}
    notes = _by_extract([step for step in rows if step.party is Party.EXTRACT])
    if document is Document.REFERRAL:
        notes += [f"An approved {step.document} makes it {Status.TERMINATED}." for step in STEPS if step.ends_service]
    foot = max(box.y for box in boxes.values()) + BOX_HEIGHT + 44
    height = foot + 22 * len(notes)
    title = f"The way of {a_document(document)}"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" width="{WIDTH}" height="{height:.0f}" '
        f'role="img" aria-label="{escape(title)}" font-family="{FAMILY}">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{WIDTH}" height="{height:.0f}" rx="10" fill="{PAPER}" stroke="#C9D2D9"/>',
        _text(36, 46, title, 22, weight=650),
        _text(
            36,
            70,
            "Each box says in whose hands it is and what can be done there; each arrow says who moves it on.",
            14,
            QUIET,
        ),
        *_arrows(steps, boxes),
        *(_box(box, steps) for box in boxes.values()),
        *(_text(36, foot + 22 * n, note, 14, QUIET) for n, note in enumerate(notes)),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _by_extract(steps: list[Step]) -> list[str]:
    """What extracts do, as sentences: arrows from nearly every box would hide what people do."""
    ends = dict.fromkeys((step.action, step.becomes) for step in steps)
    return [
        f"A {Party.EXTRACT} {_verb(action)} what is "
        f"{listed((s.status for s in steps if (s.action, s.becomes) == (action, end)), 'or')}; it becomes {end}."
        for action, end in ends
    ]


def _placed(steps: list[Step]) -> list[Box]:
    """The straight way down the left, everything else on the right, level with what it is joined to."""
    spine = _spine(steps)
    boxes = [Box(status, SPINE_X, TOP + row * PITCH, spine=True) for row, status in enumerate(spine)]
    others = {status for step in steps for status in (step.status, step.becomes)} - set(spine)
    rows = {status: _level(status, steps, spine) for status in others}
    lowest = -1.0
    for status in sorted(others, key=lambda s: (rows[s], s)):
        lowest = max(rows[status], lowest + 1)
        boxes.append(Box(status, SIDE_X, TOP + lowest * PITCH, spine=False))
    return boxes


def _spine(steps: list[Step]) -> list[Status]:
    """From where it begins, always the first row that leads on to a status not yet seen and not closed."""
    found = [BEGINNINGS[steps[0].document]]
    while True:
        ahead = [s.becomes for s in steps if s.status is found[-1] and s.moves and _leads_on(s, found)]
        if not ahead:
            return found
        found.append(ahead[0])


def _leads_on(step: Step, found: list[Status]) -> bool:
    return step.becomes not in found and step.becomes not in CLOSED_STATUSES and step.becomes is not Status.REJECTED


def _level(status: Status, steps: list[Step], spine: list[Status]) -> float:
    joined = [step.status for step in steps if step.becomes is status and step.status in spine]
    joined += [step.becomes for step in steps if step.status is status and step.becomes in spine]
    return sum(map(spine.index, joined)) / len(joined) if joined else float(len(spine))


def _arrows(steps: list[Step], boxes: dict[Status, Box]) -> Iterable[str]:
    """Straight down the way, back along its left, and across to the side in lanes of their own."""
    across = []
    drawn: list[tuple[Status, Status]] = []
    for step in (s for s in steps if s.moves):
        source, goal = boxes[step.status], boxes[step.becomes]
        if source.spine != goal.spine:
            across.append(step)
        elif not source.spine:
            yield _upright(step, source, goal)
        elif goal.y > source.y:
            yield _line(step, [(SPINE_X + BOX_WIDTH / 2, source.y + BOX_HEIGHT), (SPINE_X + BOX_WIDTH / 2, goal.y)])
            yield _label(step, SPINE_X + BOX_WIDTH / 2 + 12, (source.y + BOX_HEIGHT + goal.y) / 2 + 5)
        else:
            again = drawn.count((step.status, step.becomes))
            drawn.append((step.status, step.becomes))
            left, start, stop = SPINE_X - 34 - 14 * again, source.middle - 8 + 14 * again, goal.middle + 8 - 14 * again
            yield _line(step, [(SPINE_X, start), (left, start), (left, stop), (SPINE_X, stop)])
            # Those who send it the same way back stand below one another, beside the outermost arrow.
            sharing = sum((s.status, s.becomes) == (step.status, step.becomes) for s in steps)
            x, y = SPINE_X - 44 - 14 * (sharing - 1), (source.middle + goal.middle) / 2
            yield _label(step, x, y + 40 * again, end=True)
    yield from _crossings(across, boxes)


def _crossings(steps: list[Step], boxes: dict[Status, Box]) -> Iterable[str]:
    ends = {step: (_on_spine(step, boxes), _on_side(step, boxes)) for step in steps}
    right, lane = SPINE_X + BOX_WIDTH, SIDE_X - LANE
    for step in steps:
        spine, side = ends[step]
        start = _slot(step, [s for s in steps if ends[s][0] == spine], spine)
        stop = _slot(step, [s for s in steps if ends[s][1] == side], side)
        if abs(start - stop) < 1:
            points = [(right, start), (float(SIDE_X), stop)]
        else:
            points = [(right, start), (lane, start), (lane, stop), (float(SIDE_X), stop)]
            lane -= 16 if start > stop else 10
        yield _line(step, points if boxes[step.status].spine else points[::-1])
        yield _label(step, right + 12, start - 9)


def _on_spine(step: Step, boxes: dict[Status, Box]) -> Box:
    return boxes[step.status] if boxes[step.status].spine else boxes[step.becomes]


def _on_side(step: Step, boxes: dict[Status, Box]) -> Box:
    return boxes[step.becomes] if boxes[step.status].spine else boxes[step.status]


def _slot(step: Step, sharing: list[Step], box: Box) -> float:
    """Arrows that share an edge stand SLOT apart: what comes back to the way above what leaves it."""
    order = sorted(sharing, key=lambda s: (s.becomes is not box.status, sharing.index(s)))
    if not box.spine:
        order = sorted(sharing, key=lambda s: (s.becomes is box.status, sharing.index(s)))
    return box.middle + (order.index(step) - (len(order) - 1) / 2) * SLOT


def _upright(step: Step, source: Box, goal: Box) -> str:
    x = SIDE_X + BOX_WIDTH / 2
    start, stop = (source.y, goal.y + BOX_HEIGHT) if goal.y < source.y else (source.y + BOX_HEIGHT, goal.y)
    return _line(step, [(x, start), (x, stop)]) + "\n" + _label(step, x - 12, (start + stop) / 2 + 5, end=True)


def _colour(step: Step) -> str:
    if step.action is Action.REJECT:
        return BACK
    return NEUTRAL if step.becomes in CLOSED_STATUSES or step.becomes is BEGINNINGS[step.document] else FORWARD


def _line(step: Step, points: list[tuple[float, float]]) -> str:
    """A line with rounded corners and a head of its own (viewers differ in how they draw markers)."""
    (x1, y1), (x2, y2) = points[-2:]
    dx, dy = (x2 > x1) - (x2 < x1), (y2 > y1) - (y2 < y1)
    short = [*points[:-1], (x2 - dx * 8, y2 - dy * 8)]
    path = " ".join(f"{'L' if n else 'M'}{x:.1f} {y:.1f}" for n, (x, y) in enumerate(short))
    head = [
        (x2, y2),
        (x2 - dx * 11 + dy * 5.5, y2 - dy * 11 + dx * 5.5),
        (x2 - dx * 11 - dy * 5.5, y2 - dy * 11 - dx * 5.5),
    ]
    corners = " ".join(f"{x:.1f},{y:.1f}" for x, y in head)
    colour = _colour(step)
    dashes = ' stroke-dasharray="6 5"' if colour == NEUTRAL else ""
    return (
        f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="2" stroke-linejoin="round"{dashes}/>'
        f'<polygon points="{corners}" fill="{colour}"/>'
    )


def _label(step: Step, x: float, y: float, *, end: bool = False) -> str:
    verb = "withdraws" if step.action is Action.CLOSE and step.document is not Document.REFERRAL else _verb(step.action)
    halo = f' stroke="{PAPER}" stroke-width="5" paint-order="stroke"'
    words = [str(step.party), verb]
    if end:
        return _text(x, y - 8, words[0], 13.5, _colour(step), end=True, extra=halo) + _text(
            x, y + 9, words[1], 13.5, _colour(step), weight=650, end=True, extra=halo
        )
    return _text(x, y, f'{words[0]} <tspan font-weight="650">{verb}</tspan>', 13.5, _colour(step), raw=True, extra=halo)


def _verb(action: Action) -> str:
    return str(action) + ("es" if action.endswith(("s", "h")) else "s")


def _box(box: Box, steps: list[Step]) -> str:
    fill, edge = LOOKS[_kind(box.status, steps)]
    waiting = waiting_in(steps[0].document, box.status)
    holder = (
        f"with the {waiting.holder}"
        if waiting and waiting.holder[0].islower()
        else f"with {waiting.holder}"
        if waiting
        else ""
    )
    staying = (step.action for step in steps if step.status is box.status and not step.moves)
    here = ", ".join(dict.fromkeys("refer again" if action is Action.REOPEN else str(action) for action in staying))
    begins = (
        "not begun yet" if box.status is Status.NOT_STARTED else "closed" if box.status in CLOSED_STATUSES else "done"
    )
    lines = [line for line in (holder or begins, f"here: {here}" if here else "") if line]
    first = box.middle + 5 - 10 * len(lines)
    return "".join(
        [
            f'<rect x="{box.x}" y="{box.y:.1f}" width="{BOX_WIDTH}" height="{BOX_HEIGHT}" rx="10" fill="{fill}" ',
            f'stroke="{edge}" stroke-width="1.6"/>',
            _text(box.x + BOX_WIDTH / 2, first, str(box.status), 17, weight=650, middle=True),
            *(
                _text(box.x + BOX_WIDTH / 2, first + 21 * n, line, 14, QUIET, middle=True)
                for n, line in enumerate(lines, 1)
            ),
        ]
    )


def _kind(status: Status, steps: list[Step]) -> str:
    if status in CLOSED_STATUSES:
        return "closed"
    if status is Status.REJECTED:
        return "back"
    return "way" if any(step.status is status and step.moves for step in steps) else "end"


def _text(
    x: float,
    y: float,
    words: str,
    size: float,
    colour: str = INK,
    *,
    weight: int = 400,
    middle: bool = False,
    end: bool = False,
    raw: bool = False,
    extra: str = "",
) -> str:
    anchor = ' text-anchor="middle"' if middle else ' text-anchor="end"' if end else ""
    shown = words if raw else escape(words)
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" font-weight="{weight}" fill="{colour}"{anchor}{extra}>{shown}</text>'
