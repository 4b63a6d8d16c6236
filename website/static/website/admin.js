/* Says to screen readers what Django's admin leaves without a name: autocompletes, and fields in tables. */

"use strict";

(() => {
  const columnOf = (field) => {
    const cell = field.closest("td");
    const column = cell && cell.closest("table").querySelectorAll("thead th")[cell.cellIndex];
    return column ? column.textContent.trim() : "";
  };

  const nameOf = (select) => {
    const label = document.querySelector(`label[for="${select.id}"]`);
    return label ? label.textContent.replace(/:\s*$/, "") : columnOf(select);
  };

  const nameCells = (within) => {
    for (const field of within.querySelectorAll(".tabular td :is(input, select, textarea)")) {
      if (field.type === "hidden" || field.hasAttribute("aria-label")) continue;
      if (!field.labels || !field.labels.length) field.setAttribute("aria-label", columnOf(field));
    }
  };

  const tell = (select) => {
    const box = select.nextElementSibling;
    if (!box || !box.classList.contains("select2")) return;
    const name = nameOf(select);
    const chosen = box.querySelector(".select2-selection__rendered");
    const say = () => {
      const search = box.querySelector("input");
      if (search) search.setAttribute("aria-label", name);
      if (select.multiple) {
        chosen.setAttribute("role", "group");
        for (const item of chosen.querySelectorAll("li")) item.setAttribute("role", "none");
      } else {
        box.querySelector('[role="combobox"]').setAttribute("aria-label", name);
      }
      chosen.setAttribute("aria-label", name);
    };
    new MutationObserver(say).observe(chosen, { childList: true });
    say();
  };

  const tellAll = (within) => {
    nameCells(within);
    within.querySelectorAll("select.admin-autocomplete").forEach(tell);
  };
  // Django makes its autocompletes when the page is ready, by handlers that were added before this
  // one, and those of a new row when it is added. Pages without forms have no jQuery.
  if (window.django && django.jQuery) django.jQuery(() => tellAll(document));
  document.addEventListener("formset:added", (event) => setTimeout(() => tellAll(event.target)));
})();
