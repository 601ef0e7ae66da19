"""A chart of a table, as a plain specification: Plotly is loaded only where a chart is drawn, and draws no text as HTML."""

from collections import Counter
from html import escape
from textwrap import wrap
from typing import Any

import streamlit as st

from cts.services.board_shapes import Chart, Grid

INK, LINE = "#111418", "#D0D7DE"
COLOURS = ("#0B5C7A", "#B54708", "#6941C6", "#067647")
AGEING = ("#8FBFD3", "#4F93B1", "#0B5C7A", "#B54708", "#8B1E1E")
"""From fresh to old."""
_LINE, _LINE_HEIGHT = 24, 16
"""Letters of a line of a label, and pixels."""
_STEPS = ((8, 1), (16, 2), (40, 5))
"""Up to so many, one tick for so many; of more, Plotly's own ticks are whole."""


def show_chart(grid: Grid, chart: Chart, *, key: str) -> None:
    """Draw the columns a chart names. The table below holds the same numbers, and says each to a screen reader."""
    alt = f"{grid.title}: {', '.join(chart.columns)}. The table below holds the same numbers."
    st.plotly_chart(
        specification(grid, chart), theme=None, key=key, alt=alt, config={"displayModeBar": False, "scrollZoom": False}
    )


def specification(grid: Grid, chart: Chart) -> dict[str, Any]:
    """The chart as Plotly reads it: every label whole, in short lines; ticks of counts whole numbers."""
    said = _labels(grid)
    lines = [wrap(label, _LINE) for label in said]
    labels = ["<br>".join(escape(line) for line in label) for label in lines]
    # Bars of one name would be added up.
    places = [str(place) for place in range(len(labels))]
    drawn = [_trace(grid, chart, said, places, place) for place in range(len(chart.columns))]
    along, across = ("yaxis", "xaxis") if chart.sideways else ("xaxis", "yaxis")
    bars = 32 if chart.stacked or len(drawn) == 1 else 18 * len(drawn)
    per_row = max(bars, _LINE_HEIGHT * max(map(len, lines), default=1) + 6)
    height = 120 + per_row * len(labels) if chart.sideways else 320
    axis = {"automargin": True, "tickfont": {"color": INK, "size": 12}, "gridcolor": LINE, "fixedrange": True}
    return {
        "data": drawn,
        "layout": {
            "barmode": "stack" if chart.stacked else "group",
            "height": height,
            "margin": {"l": 10, "r": 10, "t": 40 if len(drawn) > 1 else 10, "b": 10},
            "font": {"color": INK, "size": 12},
            "paper_bgcolor": "#FFFFFF",
            "plot_bgcolor": "#FFFFFF",
            "showlegend": len(drawn) > 1,
            "legend": {"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 0, "traceorder": "normal"},
            along: {
                **axis,
                "type": "category",
                "autorange": "reversed" if chart.sideways else True,
                "tickvals": places,
                "ticktext": labels,
            },
            across: {**axis, "rangemode": "tozero", "zerolinecolor": LINE, **_scale(grid, chart)},
        },
    }


def _scale(grid: Grid, chart: Chart) -> dict[str, Any]:
    """Dollars are called so; of a few youth or days there are no halves."""
    columns = [grid.columns.index(heading) for heading in chart.columns]
    if any(row[columns[0]].text.startswith("$") for row in grid.rows):
        return {"tickprefix": "$"}
    amounts = [[row[column].amount or 0 for column in columns] for row in grid.rows]
    highest = max((sum(row) if chart.stacked else max(row) for row in amounts), default=0)
    return next(({"dtick": step} for most, step in _STEPS if highest <= most), {})


def _labels(grid: Grid) -> list[str]:
    """What each bar is called: the first column, and the second too where two rows begin alike (one stage, two who hold it)."""
    alike = Counter(row[0].text for row in grid.rows)
    return [row[0].text if alike[row[0].text] == 1 else f"{row[0].text} ({row[1].text})" for row in grid.rows]


def _trace(grid: Grid, chart: Chart, said: list[str], places: list[str], place: int) -> dict[str, Any]:
    heading = chart.columns[place]
    column = grid.columns.index(heading)
    numbers = [row[column].amount for row in grid.rows]
    colours = AGEING if chart.stacked and len(chart.columns) == len(AGEING) else COLOURS
    trace: dict[str, Any] = {
        "name": heading,
        "x": numbers if chart.sideways else places,
        "y": places if chart.sideways else numbers,
        "hovertext": [escape(label) for label in said],
        "hovertemplate": f"%{{hovertext}}: %{{{'x' if chart.sideways else 'y'}:,}}<extra>{escape(heading)}</extra>",
    }
    if chart.lines:
        dash = ("solid", "dash")[place % 2]
        return trace | {
            "type": "scatter",
            "mode": "lines+markers",
            "line": {"color": colours[place % len(colours)], "dash": dash},
        }
    bar = {"type": "bar", "marker": {"color": colours[place % len(colours)]}}
    return trace | bar | ({"orientation": "h"} if chart.sideways else {})
