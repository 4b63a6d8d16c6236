/* Keeps what was sent to the admin until it is known to have arrived. Whoever was signed out
   meanwhile finds it after signing in, and can send it again. It stays in this tab of this browser. */

"use strict";

(() => {
  const STORED = "kept";
  const note = document.getElementById("kept");
  const form = document.getElementById("kept-form");
  const name = document.querySelector("#user-tools strong");
  const who = name ? name.textContent : "";

  const kept = () => {
    try {
      return JSON.parse(sessionStorage.getItem(STORED));
    } catch {
      return null;
    }
  };
  const keep = (sent) => {
    try {
      if (sent) sessionStorage.setItem(STORED, JSON.stringify(sent));
      else sessionStorage.removeItem(STORED);
    } catch { /* No storage, or no room: nothing is kept. */ }
  };

  const offer = (sent) => {
    document.getElementById("kept-title").textContent = sent.title;
    form.setAttribute("action", sent.address);
    for (const [field, value] of sent.fields) {
      const input = document.createElement("input");
      Object.assign(input, { type: "hidden", name: field, value });
      form.append(input);
    }
    note.hidden = false;
    document.getElementById("kept-forget").addEventListener("click", () => {
      keep(null);
      note.hidden = true;
    });
  };

  const sent = kept();
  if (document.getElementById("login-form")) {
    if (sent) keep({ ...sent, isLost: true });
    return;
  }
  if (!note) return;
  if (sent && sent.isLost && sent.who === who) offer(sent);
  else keep(null);

  document.addEventListener("submit", (event) => {
    const from = event.target;
    const button = event.submitter;
    // What asks for a secret, or ends the session itself, is not to be repeated.
    if (event.defaultPrevented || from.method !== "post" || from.id === "logout-form") return;
    if (from.querySelector("[type=password]")) return;
    if (from !== form && !note.hidden) return;
    // A field named "action" would hide the form's own.
    const action = (button && button.getAttribute("formaction")) || from.getAttribute("action");
    const address = new URL(action || "", location.href);
    if (address.origin !== location.origin) return;
    const fields = [...new FormData(from, button)].filter(
      ([field, value]) => typeof value === "string" && field !== "csrfmiddlewaretoken"
    );
    const page = document.title.split(" | ")[0];
    const title = from === form ? document.getElementById("kept-title").textContent : page;
    keep({ who, title, address: address.pathname + address.search + address.hash, fields });
  });
})();
