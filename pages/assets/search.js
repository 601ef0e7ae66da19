// The Search of Home: real fields in one block, drawn from one message. What is typed leaves them when Search or Enter is pressed, no sooner.
import { make } from "/assets/table.js";

const style = new CSSStyleSheet();
await style.replace(await (await fetch("/assets/search.css")).text());

// What was searched for last. A server that was started anew knows nothing of it, and is asked again.
let searched = null;

const typeInto = (form, name, value) => { form.elements[name].value = value ?? ""; };

function field({ name, label, options, hint }) {
  const attributes = { id: name, name, "aria-describedby": `fault_${name}` };
  const asked = options
    ? make("select", attributes, ...options.map((option) => make("option", { value: option }, option)))
    : make("input", { ...attributes, type: "text", placeholder: hint, autocomplete: "off" });
  const place = make("p", { class: "fault", id: `fault_${name}` });
  return make("div", { class: `st-key-search_field_${name}` }, make("label", { for: name }, label), asked, place);
}

function build(data) {
  const fields = make("div", { class: "fields" }, ...data.fields.map(field));
  const search = make("button", { type: "submit", class: "first" }, "Search");
  const clear = make("button", { type: "button" }, "Clear");
  const form = make("form", { novalidate: "novalidate" }, make("h2", {}, "Search"), fields, make("div", { class: "buttons" }, search, clear, make("p", { role: "status" })));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    searched = Object.fromEntries(new FormData(form));
    form.told("search", searched);
  });
  clear.addEventListener("click", () => {
    searched = null;
    form.told("clear", true);
  });
  return form;
}

// Draws the form once; later only says what the server has changed: a field in which somebody is typing keeps what is typed.
export function draw({ data, parentElement, setTriggerValue }) {
  if (!data) return;
  parentElement.adoptedStyleSheets = [style];
  let form = parentElement.querySelector("form");
  if (!form) parentElement.append((form = build(data)));
  form.told = setTriggerValue;
  const answered = form.dataset.turn !== undefined && form.dataset.turn !== String(data.turn);
  if (form.dataset.turn !== String(data.turn)) {
    form.dataset.turn = data.turn;
    for (const { name } of data.fields) typeInto(form, name, data.values[name]);
  }
  const found = form.querySelector("[role=status]");
  if (found.textContent !== data.found) found.textContent = data.found;
  if (form.dataset.status !== data.values.status) typeInto(form, "status", (form.dataset.status = data.values.status));
  for (const { name } of data.fields) {
    const fault = data.problems[name] ?? "";
    form.querySelector(`.st-key-search_field_${name} .fault`).textContent = fault;
    if (fault) form.elements[name].setAttribute("aria-invalid", "true");
    else form.elements[name].removeAttribute("aria-invalid");
  }
  if (searched && !data.known && form.askedAgain !== searched) {
    form.askedAgain = searched;
    for (const [name, value] of Object.entries(searched)) typeInto(form, name, value);
    form.told("search", searched);
  }
  // What cannot be is corrected where it stands.
  if (answered) form.querySelector("[aria-invalid]")?.focus();
}
