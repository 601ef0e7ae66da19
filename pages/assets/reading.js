// What is read of a form: titles, facts with their source, answers, rows, signatures, the history. One part of the page however long; all text is
// set as text.
import { make, style as tableStyle, tableOf } from "/assets/table.js";

const style = new CSSStyleSheet();
await style.replace(await (await fetch("/assets/reading.css")).text());

// Pairs are a list of terms with what is said of each; of a fact, its source too.
const pairs = (block) => make("dl", { class: `${block.kind} ${block.alert ? "alert" : ""}`.trim() }, ...block.rows.flatMap(([label, value, source]) => [
  make("dt", {}, label), make("dd", {}, value), source === undefined ? "" : make("dd", { class: "source" }, source),
]));

function rows(block, watches) {
  const [table, unwatch] = tableOf(block.table, () => {});
  watches.push(unwatch);
  const label = block.label && make("p", { class: "label" }, block.label);
  return make("div", { class: "rows" }, label, make("div", { "data-table": "1" }, table), ...block.totals.map((total) => make("p", { class: "total" }, total)));
}

const drawn = {
  title: (block) => make(`h${block.level}`, { id: block.anchor }, block.text),
  words: (block) => make("p", {}, block.text),
  note: (block) => make("p", { class: "quiet" }, block.text),
  rows,
};

// Draws it, or draws it anew where it changed; Streamlit calls it through pages/parts/reading.py.
export function draw(component) {
  const { data, parentElement } = component;
  if (!data) return;
  parentElement.adoptedStyleSheets = [tableStyle, style];
  let place = parentElement.querySelector("[data-reading]");
  if (!place) {
    place = make("div", { "data-reading": "1" });
    parentElement.append(place);
  }
  const watches = [];
  place.replaceChildren(...data.blocks.map((block) => (drawn[block.kind] ?? pairs)(block, watches)));
  return () => watches.forEach((end) => end());
}
