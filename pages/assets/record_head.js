// What stands above every tab of a client record: whose it is, who serves, how much of the service is left. All text is set as text.
import { make, style as tableStyle } from "/assets/table.js";

const style = new CSSStyleSheet();
await style.replace(await (await fetch("/assets/record_head.css")).text());

const paper = ({ text, href }) => make("a", { href, target: "_blank", rel: "noreferrer", class: "paper" }, text);

function meter({ used, share, dates, attention }) {
  const bar = make("div", { class: "bar", role: "progressbar", "aria-label": used, "aria-valuenow": `${share}`, "aria-valuemin": "0", "aria-valuemax": "100" }, make("div"));
  bar.firstChild.style.width = `${share}%`;
  return make("div", { class: "meter" }, make("p", {}, used), bar, make("p", {}, dates), attention && make("p", { class: "attention" }, attention));
}

// Draws or redraws it; Streamlit calls it through pages/parts/record_head.py.
export function draw(component) {
  const { data, parentElement } = component;
  if (!data) return;
  parentElement.adoptedStyleSheets = [tableStyle, style];
  let place = parentElement.querySelector("header");
  if (!place) {
    place = make("header");
    parentElement.append(place);
  }
  const line = make("div", { class: "line" }, make("p", {}, data.number), make("span", { class: `badge ${data.colour}` }, data.status), ...data.papers.map(paper));
  const youth = make("div", { class: "youth" }, ...data.youth.map((words) => make("p", {}, words)));
  place.replaceChildren(
    make("div", {}, make("div", { class: "title" }, make("h1", {}, data.title), line), youth),
    ...(data.meter ? [meter(data.meter)] : data.refused ? [make("p", {}, data.refused)] : []),
  );
}
