// A row of links: the tabs of a page, or the sections of a document. One part of the page; all text is set as text.
import { follow, make } from "/assets/table.js";

const style = new CSSStyleSheet();
await style.replace(await (await fetch("/assets/ways.css")).text());

function way({ text, href, here }) {
  if (here) return make("span", { "aria-current": "page" }, text);
  // What is being written is saved first: pages/assets/cts.js follows links with this mark. Those of a section it scrolls to.
  const within = href.startsWith("#");
  const link = make("a", { href, "data-leads": within ? "" : "1" }, text);
  if (!within) link.addEventListener("click", (event) => follow(event, href));
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
