"""Parts of a page that are drawn by a script of ours: one message to the browser, however much it holds."""

from collections.abc import Mapping
from typing import Any, Protocol

import streamlit as st


class Draw(Protocol):
    """Draws the component at this place of the page; `told` (on_…_change) is called before the next run when the browser tells something."""

    def __call__(self, *, key: str, data: Mapping[str, Any], **told: Any) -> None: ...


def component(name: str, script: str) -> Draw:
    """The component whose `script`, a file of pages/assets that the browser keeps, has a function `draw`: a run sends the data only."""
    begin = f"""export default async (component) => {{
  const {{ draw }} = await import(new URL("/assets/{script}", document.baseURI).href);
  const {{ data, parentElement, setTriggerValue }} = component;
  return draw({{ data: data?.[0], parentElement, setTriggerValue }});
}};"""
    drawn = st.components.v2.component(name, js=begin)

    def draw(*, key: str, data: Mapping[str, Any], **told: Any) -> None:
        # In a list, which Streamlit sends as it is: of a dictionary it looks at each part whether it is a table of pandas.
        drawn(key=key, data=[data], **told)

    return draw
