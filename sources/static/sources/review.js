/* Keys for the queue of findings and for the page on which one is reviewed.

   What a key does stands in the page: an element with data-key is clicked if it is a link or a
   button, and gets the focus if it is a field; it may have several keys. Nothing happens while
   somebody types. What is to be mended has the focus at first, or what is next to be pressed. */

"use strict";

(() => {
  const STORED = "finding-keys";
  const keys = document.getElementById("finding-keys");
  const isOn = document.getElementById("finding-keys-on");
  if (!keys || !isOn) return;
  keys.hidden = false;
  try {
    isOn.checked = localStorage.getItem(STORED) !== "off";
  } catch { /* No storage: the keys are on. */ }
  isOn.addEventListener("change", () => {
    try {
      localStorage.setItem(STORED, isOn.checked ? "on" : "off");
    } catch { /* It holds for this page only. */ }
  });

  const isTyping = (element) =>
    element.isContentEditable ||
    element.matches("textarea, select, input:not([type=checkbox], [type=button], [type=submit])");

  const reach = (element) => {
    const folded = element.closest("details:not([open])");
    if (folded) folded.open = true;
    element.scrollIntoView({ block: "center" });
    element.focus();
  };

  const wrong = document.querySelector(".errornote") && document.querySelector("[aria-invalid=true]");
  // Going to the part of the page that its address names takes the focus away: afterwards.
  window.addEventListener("pageshow", () => requestAnimationFrame(() => {
    if (wrong) reach(wrong);
    else document.querySelector("[data-first]")?.focus({ preventScroll: true });
  }));

  // Whoever goes to a form by its name in the bar wants to fill it in.
  document.querySelector(".finding-bar")?.addEventListener("click", (event) => {
    const form = event.target.closest("a") && document.querySelector(event.target.closest("a").hash);
    const field = form && form.querySelector("select, input:not([type=hidden]), textarea");
    if (!field) return;
    event.preventDefault();
    reach(field);
  });

  const showKeys = () => {
    keys.open = !keys.open;
    if (keys.open) reach(keys.querySelector("summary"));
  };

  const rows = () => [...document.querySelectorAll("#result_list tbody th a")];
  const step = (by) => {
    const links = rows();
    const at = links.indexOf(document.activeElement);
    const next = at < 0 ? links[0] : links[Math.min(Math.max(at + by, 0), links.length - 1)];
    if (next) reach(next);
  };

  let isSent = false;
  const press = (element) => {
    if (!element.matches("a, button")) return reach(element);
    // A decision is sent once, however often its key is pressed until the next page is there.
    if (element.matches("button") && isSent) return undefined;
    isSent = element.matches("button");
    return element.click();
  };
  window.addEventListener("pageshow", () => { isSent = false; });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (isTyping(event.target)) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    if (event.repeat || !isOn.checked) return;
    const own = document.querySelector(`[data-key~="${CSS.escape(event.key)}"]`);
    if (event.key === "?") showKeys();
    else if (own) press(own);
    else if (event.key === "j" && rows().length) step(1);
    else if (event.key === "k" && rows().length) step(-1);
    else if (event.key === "o" && rows().includes(document.activeElement)) document.activeElement.click();
    else return;
    event.preventDefault();
  });
})();
