/* Says to screen readers what Select2 leaves out where several rows can be chosen. */

"use strict";

// After the same event at which Django makes its autocompletes.
django.jQuery(() => {
  for (const select of document.querySelectorAll(".log select[multiple]")) {
    const list = select.parentElement.querySelector(".select2-selection__rendered");
    const label = document.querySelector(`label[for="${select.id}"]`);
    if (!list || !label) continue;
    const name = () => {
      list.setAttribute("role", "group");
      list.setAttribute("aria-label", label.textContent);
      for (const item of list.querySelectorAll("li")) item.setAttribute("role", "none");
      const search = list.querySelector("input") || list.parentElement.querySelector("input");
      if (search) search.setAttribute("aria-label", label.textContent);
    };
    new MutationObserver(name).observe(list, { childList: true });
    name();
  }
});
