// Large numbers of a dashboard: each with what it counts, of which period, and the way to the list behind it. All text is set as text.
import { follow } from "/assets/table.js";

const style = new CSSStyleSheet();
await style.replace(await (await fetch("/assets/tiles.css")).text());

function make(tag, text, attributes = {}) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) if (value) element.setAttribute(name, value);
  element.textContent = text;
  return element;
}

function number(tile) {
  const ours = tile.href && tile.href.startsWith("/") && !tile.href.startsWith("//");
  if (!ours) return make("span", tile.text, { class: "number" });
  const link = make("a", tile.text, { href: tile.href, class: "number", "aria-label": tile.name });
  link.addEventListener("click", (event) => follow(event, tile.href));
  return link;
}

// Draws or redraws the tiles; Streamlit calls it through pages/parts/board_view.py with each change of the data.
export function draw(component) {
  const { data, parentElement } = component;
  if (!data) return;
  parentElement.adoptedStyleSheets = [style];
  let list = parentElement.querySelector("ul");
  if (!list) {
    list = make("ul", "");
    parentElement.append(list);
  }
  list.setAttribute("aria-label", data.caption);
  list.replaceChildren(...data.tiles.map((tile) => {
    const item = make("li", "");
    item.append(make("span", tile.title, { class: "title" }), number(tile), make("span", tile.period, { class: "period" }));
    return item;
  }));
}
