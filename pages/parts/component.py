"""Parts of a page that are drawn by a script of ours: one message to the browser, however much it holds."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Protocol

import streamlit as st

from pages.parts.address import keep_asked

Heard = Callable[[Any], None]
"""Called before the next run with what the browser told: nothing about it is certain but that it was JSON."""


class Draw(Protocol):
    """Draws the part at this place of the page. `heard` says by name what is called when its script tells something."""

    def __call__(self, *, key: str, data: Mapping[str, Any], **heard: Heard) -> None: ...


@dataclass(frozen=True)
class _Part:
    key: str
    script: str
    data: Mapping[str, Any]
    heard: Mapping[str, Heard]


_gathered: ContextVar[list[_Part] | None] = ContextVar("gathered", default=None)


def _registered(name: str, drawing: str) -> Callable[..., Any]:
    """`drawing`: what is called of the script that fetches and calls all others."""
    begin = f"""export default async (component) => {{
  const ours = await import(new URL("/assets/together.js", document.baseURI).href);
  return ours.{drawing};
}};"""
    drawn: Callable[..., Any] = st.components.v2.component(name, js=begin)
    return drawn


_draw_several = _registered("cts_together", "drawTogether(component)")


def component(name: str, script: str) -> Draw:
    """The part whose `script`, a file of pages/assets that the browser keeps, has a function `draw`: a run sends the data only."""
    drawn = _registered(name, f'drawAlone(component, "{script}")')

    def draw(*, key: str, data: Mapping[str, Any], **heard: Heard) -> None:
        gathered = _gathered.get()
        if gathered is None:
            _mount(drawn, key, data, {"": heard})
        else:
            gathered.append(_Part(key, script, data, heard))

    return draw


@contextmanager
def together(key: str) -> Iterator[None]:
    """Parts that are drawn within follow each other as one part of the page; nothing else may be drawn within."""
    parts: list[_Part] = []
    before = _gathered.set(parts)
    try:
        yield
    finally:
        _gathered.reset(before)
    if parts:
        told = {"parts": [{"key": part.key, "script": part.script, "data": part.data} for part in parts]}
        _mount(_draw_several, key, told, {part.key: part.heard for part in parts})


def _mount(
    drawn: Callable[..., Any], key: str, data: Mapping[str, Any], heard: Mapping[str, Mapping[str, Heard]]
) -> None:
    """`heard` by the key of the part, "" of one that is drawn alone."""

    def hear() -> None:
        told = (st.session_state.get(key) or {}).get("told")
        keep_asked()
        if isinstance(told, Mapping) and (listener := heard.get(str(told.get("part")), {}).get(str(told.get("name")))):
            listener(told.get("value"))

    # As bytes: of anything else Streamlit looks at every piece whether it is a table of pandas, and writes it as text twice.
    drawn(key=key, data=json.dumps(data).encode(), **({"on_told_change": hear} if any(heard.values()) else {}))
