/* Says to screen readers what Django's admin leaves without a name, its autocompletes, and lets those
   that are narrowed by another field of their form ask for what fits what is chosen there. */

"use strict";

(() => {
  const nameOf = (select) => {
    const label = document.querySelector(`label[for="${select.id}"]`);
    return label ? label.textContent.trim().replace(/:$/, "") : "";
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

  // In a row of a part of the form the other field is of the same row.
  const chosenFor = (select) => {
    const name = select.name.replace(/[^-]+$/, select.dataset.narrowedBy);
    const other = select.form.elements.namedItem(name);
    return other ? other.value : "";
  };

  const narrowAll = ($) => {
    let asking = null;
    $(document).on("select2:opening", "select", (event) => { asking = event.target; });
    $.ajaxPrefilter((settings, asked) => {
      if (!asking || !asking.dataset.narrowedBy || !asked.data) return;
      if (asked.data.field_name !== asking.dataset.fieldName) return;
      settings.data += `&narrowed_by=${encodeURIComponent(chosenFor(asking))}`;
    });
  };

  const tellAll = (within) => within.querySelectorAll("select.admin-autocomplete").forEach(tell);
  // Django makes its autocompletes when the page is ready, by handlers that were added before this
  // one, and those of a new row when it is added. Pages without forms have no jQuery.
  if (window.django && django.jQuery) {
    django.jQuery(() => tellAll(document));
    narrowAll(django.jQuery);
  }
  document.addEventListener("formset:added", (event) => setTimeout(() => tellAll(event.target)));
})();
