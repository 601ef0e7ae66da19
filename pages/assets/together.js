// Parts of a page that are drawn by scripts of ours: one of them alone, or several that follow each other, each in a shadow tree of its own.
const scripts = new Map();
const known = new WeakMap(); // shadow tree -> what it was last drawn of, what ends that, and whom it tells

const gap = new CSSStyleSheet();
gap.replaceSync("[data-together] { display: flex; flex-direction: column; gap: 1rem; }");

const scriptOf = (name) => {
  if (!scripts.has(name)) scripts.set(name, import(`/assets/${name}`));
  return scripts.get(name);
};
const read = (data) => new TextDecoder().decode(data);

// What has not changed is not drawn anew: the keyboard's place, and what somebody has marked to copy, stay.
function show(tree, draw, text, part, component) {
  const drawn = known.get(tree) ?? {};
  known.set(tree, drawn);
  drawn.component = component;
  if (drawn.text === text) return drawn.end;
  drawn.text = text;
  drawn.end?.();
  const setTriggerValue = (name, value) => drawn.component.setTriggerValue("told", { part, name, value });
  drawn.end = draw({ data: JSON.parse(text), parentElement: tree, setTriggerValue });
  return drawn.end;
}

// Streamlit calls these two through pages/parts/component.py, with each message; what they return is called when the part leaves the page.
export async function drawAlone(component, script) {
  if (!component.data) return undefined;
  const { draw } = await scriptOf(script);
  return show(component.parentElement, draw, read(component.data), "", component);
}

function hostOf(key) {
  const host = document.createElement("div");
  host.dataset.part = key;
  host.className = `st-key-${key}`;
  host.attachShadow({ mode: "open" });
  return host;
}

function placeIn(root) {
  root.adoptedStyleSheets = [gap];
  const place = document.createElement("div");
  place.dataset.together = "1";
  root.append(place);
  return place;
}

export async function drawTogether(component) {
  if (!component.data) return undefined;
  const { parts } = JSON.parse(read(component.data));
  const drawing = await Promise.all(parts.map((part) => scriptOf(part.script)));
  const place = component.parentElement.querySelector("[data-together]") ?? placeIn(component.parentElement);
  const standing = new Map([...place.children].map((host) => [host.dataset.part, host]));
  const hosts = parts.map((part) => standing.get(part.key) ?? hostOf(part.key));
  for (const host of standing.values()) if (!hosts.includes(host)) { known.get(host.shadowRoot)?.end?.(); host.remove(); }
  // What stands in its place is not moved: that would take the keyboard's place away.
  hosts.forEach((host, n) => { if (place.children[n] !== host) place.insertBefore(host, place.children[n] ?? null); });
  const ends = parts.map((part, n) => show(hosts[n].shadowRoot, drawing[n].draw, JSON.stringify(part.data), part.key, component));
  return () => ends.forEach((end) => end?.());
}
