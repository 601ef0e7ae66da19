// A table of the page: a real <table> with links, sort buttons and marks; cards on a narrow screen. All text is set as text, never as HTML.
export const style = new CSSStyleSheet();
await style.replace(await (await fetch("/assets/table.css")).text());

const NEXT = { none: "ascending", ascending: "descending", descending: "ascending" };

export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== "") element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== "" && child !== undefined));
  return element;
}

// One history entry and one run, as Streamlit's own page link: the address first, then the news that it changed. A click comes here when
// pages/assets/cts.js has seen to it that what was being written is saved.
export function follow(event, href) {
  if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  history.pushState(null, "", href);
  window.dispatchEvent(new PopStateEvent("popstate"));
}

function content(cell, told) {
  if (cell.href && cell.href.startsWith("/") && !cell.href.startsWith("//")) {
    const link = make("a", { href: cell.href, "aria-label": cell.name }, cell.text);
    if (!cell.leaves) link.addEventListener("click", (event) => follow(event, cell.href));
    else link.setAttribute("download", "");
    return link;
  }
  if (cell.press) {
    const button = make("button", { type: "button", class: "press", "data-focus": cell.press, "aria-label": cell.name }, cell.text);
    button.addEventListener("click", () => told("press", cell.press));
    return button;
  }
  if (cell.colour) return make("span", { class: `badge ${cell.colour}` }, cell.text);
  return cell.text;
}

// A button, or a link that says what its heading says: a card needs no label beside it.
const isLone = (cell, column) => !cell.quiet && (cell.press || (cell.href && cell.text === column.label));

function body(data, told) {
  // What is buttons only stands on one line, on a phone too.
  const isShort = (cells) => cells.every((cell, place) => isLone(cell, data.columns[place]));
  const rows = data.rows.map((cells) => make("tr", { role: "row", class: isShort(cells) ? "short" : "" }, ...cells.map((cell, place) => {
    const column = data.columns[place];
    const blank = !cell.text && !cell.notes && !cell.quiet;
    const inside = make("span", { class: cell.struck ? "value struck" : "value" }, content(cell, told));
    const notes = (cell.notes ?? []).map((note) => make("span", { class: "note" }, note));
    if (cell.quiet) notes.push(make("span", { class: "note quiet" }, cell.quiet));
    return make(
      place === 0 ? "th" : "td",
      { role: place === 0 ? "rowheader" : "cell", scope: place === 0 ? "row" : "", "data-label": column.label, class: [blank ? "blank" : "", column.wide ? "wide" : "", column.narrow ? "narrow" : "", column.whole ? "whole" : "", isLone(cell, column) ? "lone" : ""].join(" ").trim() },
      inside, ...notes,
    );
  })));
  return make("tbody", { role: "rowgroup" }, ...rows);
}

function head(data, told) {
  const cells = data.columns.map((column) => {
    if (!column.sort) return make("th", { role: "columnheader", scope: "col", class: column.narrow ? "narrow" : "" }, column.label);
    const arrow = make("span", { class: "arrow", "aria-hidden": "true" }, { ascending: "▲", descending: "▼", none: "↕" }[column.sort]);
    const button = make("button", { type: "button", class: "sort", "data-focus": `sort ${column.key}` }, column.label, arrow);
    button.addEventListener("click", () => told("sort", { by: column.key, descending: NEXT[column.sort] === "descending" }));
    return make("th", { role: "columnheader", scope: "col", "aria-sort": column.sort }, button);
  });
  return make("thead", { role: "rowgroup" }, make("tr", { role: "row" }, ...cells));
}

// Cards have no headings to press.
function sorter(data, told) {
  const sortable = data.columns.filter((column) => column.sort);
  if (!sortable.length) return "";
  const choice = make("select", { "data-focus": "sorter", "aria-label": "Sort by" });
  for (const column of sortable) {
    for (const [order, words] of [["ascending", "A to Z, low to high"], ["descending", "Z to A, high to low"]]) {
      const option = make("option", { value: JSON.stringify({ by: column.key, descending: order === "descending" }) }, `${column.label}: ${words}`);
      option.selected = column.sort === order;
      choice.append(option);
    }
  }
  choice.addEventListener("change", () => told("sort", JSON.parse(choice.value)));
  return make("label", { class: "sorter" }, "Sort by ", choice);
}

// A table in its frame, which is scrolled sideways where the table is wider. What it returns second ends the watch over its width.
export function tableOf(data, told) {
  const table = make("table", { role: "table", "aria-label": data.caption }, head(data, told), body(data, told));
  const scroll = make("div", { class: "scroll", role: "region", "aria-label": data.caption, tabindex: "0" }, table);
  // Only a table wider than its place needs the keyboard to be moved sideways.
  const fit = () => { scroll.tabIndex = scroll.scrollWidth > scroll.clientWidth ? 0 : -1; };
  const watch = new ResizeObserver(fit);
  watch.observe(scroll);
  return [scroll, () => watch.disconnect()];
}

// Draws another content; the keyboard's place stays at what is named the same (data-focus).
export function redraw(tree, place, ...children) {
  const focused = tree.activeElement?.dataset?.focus;
  place.replaceChildren(...children);
  if (focused) [...place.querySelectorAll("[data-focus]")].find((item) => item.dataset.focus === focused)?.focus();
}

// Draws or redraws one table; Streamlit calls it through pages/parts/table_view.py with each change of the data.
export function draw(component) {
  const { data, parentElement, setTriggerValue } = component;
  if (!data) return;
  parentElement.adoptedStyleSheets = [style];
  let place = parentElement.querySelector("[data-table]");
  if (!place) {
    place = make("div", { "data-table": "1" });
    parentElement.append(place);
  }
  const told = (name, value) => setTriggerValue(name, value);
  const [scroll, unwatch] = tableOf(data, told);
  redraw(parentElement, place, sorter(data, told), scroll);
  return unwatch;
}
