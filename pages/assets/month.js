// A calendar month: a real <table> of weeks from Sunday to Saturday; on a narrow screen the days that have something. All text is set as text.
const style = new CSSStyleSheet();
await style.replace(await (await fetch("/assets/month.css")).text());

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) if (value) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

function cell(day) {
  const marks = [day.outside && "outside", day.today && "today", !day.items.length && "empty"].filter(Boolean).join(" ");
  const items = day.items.map((item) => make("li", { class: item.kind }, item.text));
  const number = make("span", { class: "number" }, String(day.number));
  const date = make("span", { class: "date" }, day.date);
  return make("td", { role: "cell", class: marks }, number, date, ...(day.today ? [make("span", { class: "now" }, "Today")] : []), ...(items.length ? [make("ul", {}, ...items)] : []));
}

// What a narrow screen shows of a week.
const isShown = (day) => !day.outside && (day.today || day.items.length > 0);

// Streamlit calls it through pages/parts/activity_month.py with each change of the data.
export function draw(component) {
  const { data, parentElement } = component;
  if (!data) return;
  parentElement.adoptedStyleSheets = [style];
  let place = parentElement.querySelector("[data-month]");
  if (!place) {
    place = make("div", { "data-month": "1" });
    parentElement.append(place);
  }
  const heads = data.weekdays.map((name) => make("th", { role: "columnheader", scope: "col" }, name));
  const weeks = data.weeks.map((days) => make("tr", { role: "row", class: days.some(isShown) ? "" : "idle" }, ...days.map(cell)));
  place.replaceChildren(make(
    "table", { role: "table", "aria-label": data.caption },
    make("thead", { role: "rowgroup" }, make("tr", { role: "row" }, ...heads)), make("tbody", { role: "rowgroup" }, ...weeks),
  ));
}
