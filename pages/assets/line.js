// Words, links, buttons and choices in a row, above and below a list. One part of the page; all text is set as text.
import { follow, make, redraw, style as tableStyle } from "/assets/table.js";

const style = new CSSStyleSheet();
await style.replace(await (await fetch("/assets/line.css")).text());

const AROUND = 1; // so many pages are named before and after the one that is shown

function button(label, focus, press, attributes = {}) {
  const made = make("button", { type: "button", "data-focus": focus, ...attributes }, label);
  made.addEventListener("click", press);
  return made;
}

// The first page, the last, those around the one shown, and as many near an end; 0 stands for a gap.
function named(page, last) {
  const middle = Math.min(Math.max(page, 2 + AROUND), Math.max(last - 1 - AROUND, 2 + AROUND));
  const shown = [...Array(last).keys()].map((n) => n + 1).filter((n) => n === 1 || n === last || Math.abs(n - middle) <= AROUND);
  return shown.flatMap((n, place) => {
    const missing = n - (shown[place - 1] ?? 0) - 1;
    return missing === 0 ? [n] : missing === 1 ? [n - 1, n] : [0, n];
  });
}

function pages({ name, page, pages: last }, told) {
  const to = (n, words, label) => button(words, `${name} ${label}`, () => told(name, n), { "aria-label": label, "aria-current": n === page ? "page" : "" });
  const turn = (n, words, label) => {
    const made = to(n, words, label);
    made.disabled = n < 1 || n > last;
    return made;
  };
  const numbers = named(page, last).map((n) => make("li", { role: "listitem" }, n ? to(n, String(n), `Page ${n}`) : make("span", { "aria-hidden": "true" }, "…")));
  return make("nav", { "aria-label": "Pages" }, make(
    "ul", { role: "list" }, make("li", { role: "listitem" }, turn(page - 1, "‹", "Previous page")), ...numbers, make("li", { role: "listitem" }, turn(page + 1, "›", "Next page")),
  ));
}

function choice({ name, label, options, chosen }, told) {
  return make("div", { role: "radiogroup", "aria-label": label, class: "choice" }, ...options.map(([value, words]) => {
    const asked = make("input", { type: "radio", name, value, "data-focus": `${name} ${value}` });
    asked.checked = value === chosen;
    asked.addEventListener("change", () => told(name, value));
    return make("label", {}, asked, words);
  }));
}

const drawn = {
  title: ({ text }) => make("h2", {}, text),
  words: ({ text, quiet }) => make("p", { class: quiet ? "quiet" : "" }, text),
  badge: ({ text, colour }) => make("span", { class: `badge ${colour}` }, text),
  link: ({ text, href }) => {
    const link = make("a", { href }, text);
    link.addEventListener("click", (event) => follow(event, href));
    return link;
  },
  button: ({ name, label }, told) => button(label, name, () => told(name, true)),
  chip: ({ name, text, label }, told) => make("div", { class: "chip" }, make("p", {}, text), button(label, label, () => told(name, true))),
  switch: ({ name, label, on }, told) => button(label, name, () => told(name, !on), { role: "switch", "aria-checked": String(on) }),
  choice,
  pages,
};

// Draws or redraws it; Streamlit calls it through pages/parts/line.py.
export function draw({ data, parentElement, setTriggerValue }) {
  parentElement.adoptedStyleSheets = [tableStyle, style];
  let place = parentElement.querySelector("[data-line]");
  if (!place) {
    place = make("div", { "data-line": "1" });
    parentElement.append(place);
  }
  place.className = data.shape;
  redraw(parentElement, place, ...data.items.map((item) => drawn[item.kind](item, setTriggerValue)));
}
