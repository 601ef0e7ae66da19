// What the page is looked at for whenever it has changed: once a frame, by one watch for all.
const atEachChange = (() => {
  "use strict";
  const looks = [];
  let looking = 0;
  const lookAll = () => { looking = 0; for (const look of looks) look(); };
  new MutationObserver(() => { looking ||= requestAnimationFrame(lookAll); })
    .observe(document.documentElement, { childList: true, subtree: true, characterData: true });
  return (look) => looks.push(look);
})();

// A step to where one is already is no step: after two quick clicks on one place, Back leads away from it at once.
history.pushState = ((push) => function (state, unused, to) {
  const stays = to != null && new URL(to, location.href).href === location.href;
  (stays ? history.replaceState : push).call(history, state, unused, to);
})(history.pushState);

// The second half of a double click does something only to what the first half hit: by then another button may have come under the pointer.
(() => {
  "use strict";
  const hit = new Set(); // elements, and of our own parts, which are drawn anew, the names of what is pressed there
  const acts = (event) => event.composedPath().find((part) => part instanceof Element && part.matches("a[href], button, input, label, select, summary, [role]"));
  const known = (part) => part.dataset.focus ?? part;
  window.addEventListener("mousedown", (event) => { if (event.detail < 2) hit.clear(); }, true);
  window.addEventListener("click", (event) => {
    const part = acts(event);
    if (!part) return;
    if (event.detail < 2) hit.add(known(part));
    else if (!hit.has(known(part))) { event.preventDefault(); event.stopImmediatePropagation(); }
  }, true);
})();

// The shadow trees of our own parts, also those within another: parts that are drawn together have one each.
const shadowTrees = (tree) => [...tree.querySelectorAll("*")].flatMap((part) => part.shadowRoot ? [part.shadowRoot, ...shadowTrees(part.shadowRoot)] : []);

// What a button opens comes next to it for the keyboard, though it stands at the end of the page.
(() => {
  "use strict";
  const TAKES = "a[href], button, input, select, textarea, [tabindex='0']";
  const reached = (tree) => [...tree.querySelectorAll("*")].flatMap((part) => part.shadowRoot ? reached(part.shadowRoot) : part.matches(TAKES) ? [part] : [])
    .filter((part) => !part.disabled && part.tabIndex >= 0 && part.getClientRects().length);
  const focused = (tree) => tree.activeElement?.shadowRoot ? focused(tree.activeElement.shadowRoot) : tree.activeElement;
  document.addEventListener("keydown", (event) => {
    const opened = event.key === "Tab" && document.querySelector("[data-testid=stPopoverBody]");
    const button = opened && document.querySelector("[data-testid=stPopoverButton][aria-expanded=true]");
    if (!button) return;
    const [parts, here] = [reached(opened), focused(document)];
    const into = here === button && !event.shiftKey ? parts[0] : here === parts[0] && event.shiftKey ? button : null;
    if (into) { event.preventDefault(); into.focus(); }
    // From the last one the browser goes on behind the button.
    else if (here === parts.at(-1) && !event.shiftKey) button.focus();
  }, true);
})();

// Put a text into a field as if it were typed there.
const write = (field, text) => {
  if (field.value !== text) Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field), "value").set.call(field, text);
  field.dispatchEvent(new Event("input", { bubbles: true }));
};
// Streamlit commits a text on Ctrl+Enter without taking the focus, the caret or the text away. It does nothing when nothing changed.
const tellServer = (field) => field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", code: "Enter", keyCode: 13, ctrlKey: true, bubbles: true, cancelable: true }));

// Writing: what is typed reaches the server without leaving the field, so that a closed tab loses nothing.
const { LOOK_BACK, afterSaving, bringBack, sentInVain, ranSince, running } = (() => {
  "use strict";
  const PAUSE = 1500; // milliseconds without a key; a line of text has the same pause from Streamlit itself (SAVED_AFTER_PAUSE)
  const LONGEST = 3000; // milliseconds that a link waits for the server to take what was typed
  const LOOK_BACK = 60000; // milliseconds in which a busy server may not have looked, or a dying connection swallowed, what was sent
  const RESTED = 15000; // milliseconds after which a page that was drawn again changes no field by itself
  const waiting = new Map();
  const typed = new Map(); // class of the field -> text, when, and where a draft takes it, for the last moment of a page or connection
  let sentAt = 0;
  let begunAt = 0;

  const isText = (field) => field instanceof HTMLTextAreaElement || (field instanceof HTMLInputElement && field.matches(".stTextInput input"));
  const nameOf = (field) => [...(field.closest("[class*=st-key-f_]")?.classList ?? [])].find((one) => one.startsWith("st-key-f_"));
  const sent = (field) => {
    sentAt = Date.now();
    clearTimeout(waiting.get(field));
    waiting.delete(field);
    const text = typed.get(nameOf(field));
    if (text) text.sentAt = sentAt;
  };

  const commit = (field) => {
    if (!waiting.has(field)) return;
    sent(field);
    if (field.isConnected) tellServer(field);
  };
  const commitAll = () => { for (const field of [...waiting.keys()]) commit(field); };

  // "st-key-f_attention_10001" is a question of a Referral, "st-key-f_goals-1a2b-goal_10001_plan_2" a cell of the rows of another document.
  const draftOf = (name) => {
    const [, key, number, kind, sequence] = /^st-key-f_(.+?)_(\d+)(?:_([a-z]+)_(\d+))?$/.exec(name) ?? [];
    if (!key) return {};
    const [question, row, column] = key.split("-");
    return { address: ["/drafts", number, ...(kind ? [kind, sequence] : [])].join("/"), asked: row ? { question, row, column } : { question } };
  };

  document.addEventListener("input", (event) => {
    const field = event.target;
    // A dialog and a form are sent as a whole by their own button.
    if (!isText(field) || event.isComposing || field.closest("form, [role=dialog], [data-testid=stForm]")) return;
    clearTimeout(waiting.get(field));
    waiting.set(field, setTimeout(() => commit(field), PAUSE));
    const name = nameOf(field);
    if (name) typed.set(name, { ...draftOf(name), text: field.value, at: Date.now() });
  });
  document.addEventListener("focusout", (event) => {
    if (waiting.has(event.target)) sent(event.target);
  });
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") commitAll(); });
  window.addEventListener("beforeunload", commitAll);
  // An activity or update is kept when Save is pressed; a text in it that was not is asked about. A screen that was cleared leaves at once.
  window.addEventListener("beforeunload", (event) => {
    const texts = [...document.querySelectorAll("[class*=st-key-ask_activity_] textarea, .st-key-ask_update textarea")];
    if (document.documentElement.style.visibility !== "hidden" && texts.some((field) => field.value.trim())) event.preventDefault();
  });
  // The page's connection may close before the server has looked at what it brought; this does not. Saving twice changes nothing.
  const tellAgain = (wanted) => {
    for (const [name, { address, asked, text, at, taken }] of typed) {
      // What stood in a row that was removed meanwhile is gone.
      const stands = document.querySelector("." + CSS.escape(name));
      if (address && stands && wanted(at, taken)) navigator.sendBeacon(address, JSON.stringify({ ...asked, text }));
    }
  };
  const isRecent = (at, taken) => Date.now() - at < (taken ? LONGEST : LOOK_BACK);
  window.addEventListener("pagehide", () => { tellAgain(isRecent); typed.clear(); });

  const running = () => document.querySelector("[data-testid=stApp]")?.getAttribute("data-test-script-state") !== "notRunning";
  // A run of the page that begins after a text was sent has taken it when it ends.
  let ran = false;
  new MutationObserver(() => {
    if (running() && !ran) begunAt = Date.now();
    ran = running();
    if (!ran) for (const text of typed.values()) text.taken = text.sentAt <= begunAt;
  }).observe(document.documentElement, { subtree: true, attributes: true, attributeFilter: ["data-test-script-state"] });

  const ranSince = (moment) => begunAt >= moment && !running();
  // What was sent just before the connection was lost, or since, may have gone nowhere: no run that comes has taken it.
  const sentInVain = () => { for (const text of typed.values()) if (!text.taken) delete text.sentAt; };

  // What was typed since a moment stands in its field again and is saved, as if it were typed now.
  const typeAgain = (since, onlyLost) => {
    for (const [name, { text, at }] of typed) {
      const field = document.querySelector(`.${CSS.escape(name)} :is(textarea, input)`);
      if (!field || at < since || (onlyLost && field.value === text)) continue;
      write(field, text);
    }
  };
  // A run that began before the text was told draws its field anew without it: looked after until the page has come to rest.
  const bringBack = (since) => {
    tellAgain((at, taken) => at >= since && !taken);
    typeAgain(since, false);
    const until = Date.now() + RESTED;
    const look = () => { typeAgain(since, true); if (Date.now() < until) setTimeout(look, 200); };
    setTimeout(look, 200);
  };

  // Do something that leads away from the page, once the server has taken what was typed just before. Streamlit drops the answers of a page
  // that is being left.
  const afterSaving = (go) => {
    commitAll();
    const since = sentAt;
    const wait = () => {
      const past = Date.now() - since;
      if (past > LONGEST) tellAgain(isRecent);
      if (past > LONGEST || (past > 250 && !running())) { typed.clear(); go(); }
      else setTimeout(wait, 30);
    };
    if (Date.now() - since < LONGEST && (Date.now() - since < 250 || running())) wait();
    else go();
  };
  return { LOOK_BACK, afterSaving, bringBack, sentInVain, ranSince, running };
})();

// A server that was started anew has closed every dialog: what was written in one, a reason above all, stands in it when it is opened again.
const { keepDialog, dialogGone } = (() => {
  "use strict";
  const LONGEST = 900000; // milliseconds that a text waits for its dialog
  const SAID = 60000; // milliseconds that it is said
  let kept = null;
  let notice = null;
  const opened = () => [...document.querySelectorAll("[role=dialog]")].find((dialog) => dialog.querySelector("textarea"));
  const titleOf = (dialog) => dialog.querySelector("h2")?.textContent ?? "";
  const place = (dialog) => location.pathname + location.search + titleOf(dialog);
  const labelled = (dialog) => [...dialog.querySelectorAll("textarea[aria-label]")];
  const forget = () => { kept = null; notice?.remove(); notice = null; };

  const keepDialog = () => {
    const dialog = opened();
    const texts = dialog ? labelled(dialog).filter((field) => field.value.trim()).map((field) => [field.ariaLabel, field.value]) : [];
    if (texts.length) kept = { of: place(dialog), title: titleOf(dialog), texts, gone: false };
  };
  const dialogGone = () => {
    if (!kept) return;
    if (opened()) return forget();
    kept.gone = true;
    notice = document.createElement("p");
    notice.id = "cts-closed";
    notice.setAttribute("role", "alert");
    document.body.append(notice);
    notice.textContent = `CTS was started anew, which has closed “${kept.title}”. Nothing was sent. Open it again: what you wrote stands in it.`;
    const [said, gone] = [notice, kept];
    setTimeout(() => said.remove(), SAID);
    setTimeout(() => { if (kept === gone) forget(); }, LONGEST);
  };
  atEachChange(() => {
    const dialog = kept?.gone && opened();
    if (!dialog) return;
    const found = kept.of === place(dialog) ? kept.texts.map(([label, text]) => [labelled(dialog).find((field) => field.ariaLabel === label), text]) : [];
    for (const [field, text] of found) if (field && !field.value) { write(field, text); tellServer(field); }
    if (found.some(([field]) => field)) forget();
  });
  return { keepDialog, dialogGone };
})();

// Losing the server: said in words for the office, and what was typed meanwhile is not lost when it answers again.
(() => {
  "use strict";
  const REDRAWN = 5000; // milliseconds after which no redrawing is waited for
  const PATIENCE = 2000; // milliseconds: a moment's break is not worth a word
  const WORDS = "CTS does not answer at the moment. What was saved is kept. Please leave this page open: it goes on by itself as soon as CTS answers.";
  let lostAt = 0;
  let notice = null;

  const say = () => {
    if (notice || !lostAt || Date.now() - lostAt < PATIENCE) return;
    notice = document.createElement("p");
    notice.id = "cts-away";
    notice.setAttribute("role", "alert");
    notice.dataset.reactAriaTopLayer = "true"; // readable beside an open dialog too
    document.body.append(notice);
    notice.textContent = WORDS;
  };
  // Streamlit's own words are for those who write programs.
  const close = () => {
    for (const dialog of document.querySelectorAll("[role=dialog]")) {
      if (dialog.textContent.startsWith("Connection error")) dialog.querySelector("button[aria-label=Close]")?.click();
    }
  };
  // The answer to the first message after the break redraws the page; a busy server takes its time for it.
  const back = (since, returned) => {
    const drawn = ranSince(returned) || (!running() && Date.now() - returned > REDRAWN);
    if (drawn) { bringBack(since); dialogGone(); }
    else setTimeout(() => back(since, returned), 200);
  };
  let known = false;
  const look = () => {
    const connected = document.querySelector("[data-testid=stApp]")?.getAttribute("data-test-connection-state") === "CONNECTED";
    if (connected && lostAt) {
      const since = lostAt - LOOK_BACK;
      lostAt = 0;
      notice?.remove();
      notice = null;
      sentInVain();
      const returned = Date.now();
      setTimeout(() => back(since, returned), 1000);
    } else if (!connected && known && !lostAt) {
      lostAt = Date.now();
      keepDialog();
      setTimeout(say, PATIENCE + 50);
    }
    known = known || connected;
    if (lostAt) close();
  };
  new MutationObserver(look).observe(document.documentElement, {
    childList: true, subtree: true, attributes: true, attributeFilter: ["data-test-connection-state"],
  });
})();

// Leaving when the session is over. The server refuses everything by then; this clears the screen and leads to sign-in.
(() => {
  "use strict";
  const toSignIn = (byChoice) => {
    document.documentElement.style.visibility = "hidden";
    if (byChoice) return location.replace("/login?out=1");
    const here = location.pathname + location.search;
    location.replace("/login?ended=1" + (here === "/" ? "" : "&next=" + encodeURIComponent(here)));
  };
  // A session that could not be asked about (no network) is not a session that ended.
  const check = () =>
    fetch("/session", { cache: "no-store" }).then((answer) => { if (answer.status === 401) toSignIn(false); }, () => {});

  // Coming back to a tab, or by the Back button to a page the browser kept.
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") check(); });
  window.addEventListener("pageshow", (event) => { if (event.persisted) check(); });
  // A page that lost its connection cannot clear itself.
  setInterval(check, 60000);

  // What the page shows when the server told it so.
  new MutationObserver(() => {
    if (document.querySelector(".st-key-signed_out")) toSignIn(true);
    else if (document.querySelector(".st-key-session_ended")) toSignIn(false);
  }).observe(document.documentElement, { childList: true, subtree: true });

  // A link to /logout is a button: the change is made by POST.
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element && event.target.closest('a[href$="/logout"]');
    if (!link) return;
    event.preventDefault();
    const form = document.createElement("form");
    form.method = "post";
    form.action = "/logout";
    document.body.append(form);
    afterSaving(() => form.submit());
  }, true);

  // The page of the second factor is ours, not another site's: in this tab, where Streamlit would open a new one.
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element && event.target.closest('a[href$="/second-factor"], a[href$="/account/county"]');
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    event.stopPropagation();
    afterSaving(() => location.assign(link.href));
  }, true);
})();

// A session that is about to end says so, above an open dialog too. Whoever then presses a key or a button is at work, and stays.
(() => {
  "use strict";
  let notice = null;
  let stayed = false;
  const said = () => document.querySelector(".st-key-cts_session_ends");
  const stay = () => {
    const button = said()?.querySelector("button");
    if (button && !stayed) { stayed = true; button.click(); }
  };
  const show = (words, canStay) => {
    notice = document.createElement("section");
    notice.id = "cts-session-ends";
    notice.setAttribute("aria-label", "Your session");
    notice.dataset.reactAriaTopLayer = "true"; // within reach beside an open dialog
    const sentence = document.createElement("p");
    sentence.setAttribute("role", "alert");
    notice.append(sentence);
    if (canStay) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = "Stay signed in";
      button.addEventListener("click", stay);
      notice.append(button);
    }
    document.body.prepend(notice);
    sentence.textContent = words; // once it stands there, so that it is read out
  };
  const look = () => {
    const words = said()?.querySelector(".stText")?.textContent ?? "";
    const canStay = !!said()?.querySelector("button"); // comes a moment after the words
    if (notice && (!words || canStay !== !!notice.querySelector("button"))) { notice.remove(); notice = null; }
    if (!words) stayed = false;
    else if (!notice) show(words, canStay);
    else if (notice.firstChild.textContent !== words) notice.firstChild.textContent = words;
  };
  for (const kind of ["keydown", "pointerdown"]) document.addEventListener(kind, (event) => { if (event.isTrusted) stay(); }, true);
  atEachChange(look);
})();

// Leaving a dialog that a button of our own parts has opened: the keyboard goes on at that button. Streamlit's dialogs do not find it, for it
// stands in a shadow tree, and its table may have been drawn anew meanwhile.
(() => {
  "use strict";
  const inDialog = () => !!document.querySelector("[role=dialog]");
  let pressed = null;
  let open = false;
  document.addEventListener("click", (event) => {
    if (inDialog()) return;
    const button = event.composedPath().find((part) => part instanceof HTMLButtonElement && part.dataset.focus);
    pressed = button ? { place: button.getRootNode(), name: button.dataset.focus } : null;
  }, true);
  const goOn = () => {
    if (!pressed || inDialog() || document.activeElement !== document.body) return;
    [...pressed.place.querySelectorAll("[data-focus]")].find((item) => item.dataset.focus === pressed.name)?.focus();
  };
  const look = () => {
    if (open === inDialog()) return;
    open = !open;
    // After Streamlit has looked for a place itself.
    if (!open) setTimeout(goOn, 100);
  };
  atEachChange(look);
})();

// Coming back to a list: it stands where it was left, and the keyboard goes on at the link that led away. The address holds the rest.
const { leave, standAgain } = (() => {
  "use strict";
  const LONGEST = 5000; // milliseconds after which a list that is not there yet is left alone
  const GONE = 1500; // milliseconds after which a row is taken to stand there no more
  const places = new Map(); // address -> how far it was scrolled, and which of the links to the same address was followed
  const here = () => location.pathname + location.search;
  const main = () => document.querySelector("[data-testid=stMain]");
  const linksTo = (href) => {
    const trees = main() ? [main(), ...shadowTrees(main())] : [];
    return trees.flatMap((tree) => [...tree.querySelectorAll("a[href]")]).filter((link) => link.getAttribute("href") === href);
  };
  const leave = (link) => {
    const href = link.getAttribute("href");
    places.set(here(), { top: main()?.scrollTop ?? 0, href, which: linksTo(href).indexOf(link) });
  };
  const standAgain = () => {
    const place = places.get(here());
    if (!place) return;
    const address = here();
    const begun = Date.now();
    const kinds = ["wheel", "touchstart", "pointerdown", "keydown"];
    let acted = false;
    const act = (event) => { acted = acted || event.isTrusted; };
    for (const kind of kinds) document.addEventListener(kind, act, { capture: true, passive: true });
    const done = () => { for (const kind of kinds) document.removeEventListener(kind, act, { capture: true }); };
    const look = () => {
      const past = Date.now() - begun;
      if (acted || past > LONGEST || here() !== address) return done();
      const link = linksTo(place.href)[place.which];
      const long = main() && main().scrollHeight - main().clientHeight >= place.top;
      if (running() || (!(link && long) && past < GONE)) return setTimeout(look, 50);
      if (main()) main().scrollTop = place.top;
      link?.focus({ preventScroll: true });
      done();
    };
    setTimeout(look, 50);
  };
  window.addEventListener("popstate", (event) => { if (event.isTrusted) standAgain(); });
  return { leave, standAgain };
})();

// Reading: links to a question, the list of problems, the way back.
(() => {
  "use strict";
  const CAN_TAKE = "textarea, input:not([type=hidden]), button:not([aria-label^='Help']), [role=combobox]";
  let cameFrom = null; // the address of the list that led to this record, and whether nothing in the record was opened since
  let passing = null;

  const toQuestion = (name) => {
    const field = document.querySelector(".st-key-" + CSS.escape(name));
    if (!field) return false;
    field.scrollIntoView({ block: "center" });
    field.querySelector(CAN_TAKE)?.focus({ preventScroll: true });
    return true;
  };
  // What is read of a form stands in a shadow tree (pages/assets/reading.js).
  const titleRead = (name) => shadowTrees(document).map((tree) => tree.getElementById(name)).find(Boolean);
  const toHeading = (name) => {
    const heading = document.getElementById(name) ?? titleRead(name);
    if (!heading) return false;
    heading.scrollIntoView({ block: "start" });
    heading.setAttribute("tabindex", "-1");
    heading.focus({ preventScroll: true });
    return true;
  };
  const inPage = (target) => target.startsWith("#f_") ? toQuestion(target.slice(1)) : target.startsWith("#") && toHeading(target.slice(1));
  // Within a page Streamlit follows a link without writing it into the address: going back, loading again and the next click would not know it.
  const samePage = (link) => {
    const to = new URL(link.href);
    if (to.pathname !== location.pathname || to.search === location.search) return false;
    history.pushState(null, "", to);
    dispatchEvent(new PopStateEvent("popstate"));
    return true;
  };
  const goBack = () => {
    const { address, direct } = cameFrom;
    cameFrom = null;
    if (direct) return history.back();
    history.pushState(null, "", address);
    dispatchEvent(new PopStateEvent("popstate"));
    standAgain();
  };
  // Not link.click(), which does nothing while a click of its own is under way: so the menu's links are pressed by the Enter key.
  const press = (link) => link.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, view: window }));
  const leads = "[data-testid=stTopNavLink], [data-testid=stTopNavDropdownLink], [data-testid=stPageLink-NavLink], [data-testid=stSidebarNavLink]";
  // Links of our own parts, tables and tabs, stand in a shadow tree; papers and files leave the page where it is.
  const isOurs = (link) => link.getRootNode() instanceof ShadowRoot && link.getAttribute("href").startsWith("/") && !link.hasAttribute("download") && link.target !== "_blank";

  document.addEventListener("click", (event) => {
    const link = event.composedPath().find((part) => part instanceof HTMLAnchorElement && part.hasAttribute("href"));
    if (!link || link === passing || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    const stop = () => { event.preventDefault(); event.stopPropagation(); };
    if (inPage(link.getAttribute("href"))) stop();
    else if (link.matches(leads) || isOurs(link)) {
      stop();
      afterSaving(() => {
        // Back leads to the list as it was, with its filters and page: they stand in its address.
        if (cameFrom && link.closest(".st-key-cts_actions") && !link.getAttribute("href").includes("tab=")) { goBack(); return; }
        leave(link);
        const toRecord = new URL(link.href).pathname === "/assignment";
        if (location.pathname === "/assignment") cameFrom = toRecord && cameFrom ? { ...cameFrom, direct: false } : null;
        else cameFrom = toRecord ? { address: location.pathname + location.search, direct: true } : null;
        if (!samePage(link)) { passing = link; press(link); passing = null; }
        else link.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", code: "Escape", bubbles: true })); // the drop-down it stands in
        // On a phone the menu lies over the page that was chosen.
        if (link.matches("[data-testid=stSidebarNavLink]") && innerWidth < 768) document.querySelector("[data-testid=stSidebarCollapseButton] button")?.click();
      });
    }
  }, true);

  // What was done or refused, and the list of problems after Sign or Submit: brought into view and read out.
  let asked = 0;
  let told = "";
  document.addEventListener("click", (event) => {
    if (event.target instanceof Element && event.target.closest("[class*=st-key-step_]")) asked = Date.now();
  }, true);
  const toTop = (box, takes) => {
    document.querySelector("[data-testid=stMain]")?.scrollTo({ top: 0 });
    // In a client record the document begins further down.
    if (box.getBoundingClientRect().top > innerHeight / 2) box.scrollIntoView({ block: "center" });
    box.setAttribute("role", "status");
    if (!takes.hasAttribute("href")) takes.setAttribute("tabindex", "-1");
    takes.focus({ preventScroll: true });
  };
  // A long reason is scrolled by the keyboard too.
  const atReason = () => {
    const reason = document.querySelector(".st-key-cts_rejection:not([tabindex])");
    for (const [name, value] of [["tabindex", "0"], ["role", "region"], ["aria-label", "Reason for Rejection"]]) reason?.setAttribute(name, value);
  };
  // The drawer of a phone holds the groups of the menu inside a list, which may hold items only: they are called groups, and it is no list.
  const atMenu = () => {
    for (const group of document.querySelectorAll("[data-testid=stSidebarNavItems] > div:not([role])")) {
      group.setAttribute("role", "group");
      group.setAttribute("aria-label", group.querySelector("[data-testid=stNavSectionHeader] p")?.textContent ?? "");
    }
    const list = document.querySelector("[data-testid=stSidebarNavItems]:has(> [role=group])");
    for (const part of list ? [list, ...list.querySelectorAll("li")] : []) if (!part.hasAttribute("role")) part.setAttribute("role", "none");
  };
  const look = () => {
    atRows();
    atReason();
    atMenu();
    // What a dialog refuses is read out.
    document.querySelector(".st-key-cts_dialog_refused:not([role])")?.setAttribute("role", "alert");
    if (document.querySelector("[role=dialog]")) return;
    const notice = document.querySelector(".st-key-cts_done, .st-key-cts_refused");
    const words = notice ? notice.className + notice.textContent : "";
    if (words !== told) {
      told = words;
      if (notice) { asked = 0; toTop(notice, notice); }
    }
    const problem = asked && Date.now() - asked < 8000 && document.querySelector(".st-key-cts_problems a");
    if (problem) { asked = 0; toTop(problem.closest(".st-key-cts_problems"), problem); }
  };
  // Rows: each card is a group by its heading; what was added or removed is where the keyboard goes on.
  let rows = "";
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element && event.target.closest("[class*=st-key-row_add_], [class*=st-key-row_remove_], [class*=st-key-row_undo_]");
    rows = button ? /st-key-row_(add|remove|undo)_/.exec(button.className)?.[1] ?? "" : "";
    if (rows === "add") rows = "add " + document.querySelectorAll("[class*=st-key-row_head_]").length;
  }, true);
  const atRows = () => {
    for (const head of document.querySelectorAll("[class*=st-key-row_head_]")) {
      const card = head.closest("[class*=st-key-row_]:not([class*=st-key-row_head_])");
      const name = head.querySelector("h3")?.textContent ?? "";
      if (card && card.getAttribute("aria-label") !== name) { card.setAttribute("role", "group"); card.setAttribute("aria-label", name); }
    }
    const cards = [...document.querySelectorAll("[class*=st-key-row_head_]")];
    if (rows.startsWith("add ") && cards.length > Number(rows.slice(4))) {
      const fresh = cards.filter((head) => !seen.has(head)).at(-1)?.closest("[role=group]");
      rows = "";
      fresh?.querySelector("[class*=st-key-row_cells_] :is(textarea, input, button)")?.focus();
    } else if (rows === "remove") {
      const undo = document.querySelector("[class*=st-key-row_undo_] button");
      if (undo && document.activeElement === document.body) { rows = ""; undo.focus(); }
    }
    seen = new Set(cards);
  };
  let seen = new Set();

  atEachChange(look);
})();
