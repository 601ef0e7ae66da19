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
    form.submit();
  }, true);
})();
