// A row of links: the tabs of a page, or the sections of a document. One part of the page; all text is set as text.
import { follow, make } from "/assets/table.js";

const style = new CSSStyleSheet();
await style.replace(await (await fetch("/assets/ways.css")).text());

function way({ text, href, here }) {
  if (here) return make("span", { "aria-current": "page" }, text);
  const link = make("a", { href }, text);
  // To a section pages/assets/cts.js scrolls.
  if (!href.startsWith("#")) link.addEventListener("click", (event) => follow(event, href));
  return link;
}

// Draws or redraws it; Streamlit calls it through pages/parts/ways.py.
export function draw(component) {
  const { data, parentElement } = component;
  if (!data) return;
  parentElement.adoptedStyleSheets = [style];
  let nav = parentElement.querySelector("nav");
  if (!nav) {
    nav = make("nav");
    parentElement.append(nav);
  }
  nav.className = data.shape;
  nav.setAttribute("aria-label", data.label);
  nav.replaceChildren(make("ul", { role: "list" }, ...data.ways.map((one) => make("li", { role: "listitem" }, way(one)))));
}
