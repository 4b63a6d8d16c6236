/* While a new record is typed, says what is on record already and is perhaps the same. */

"use strict";

(() => {
  const PAUSE = 300;

  const watch = (fields) => {
    const box = document.createElement("div");
    box.className = "similar";
    box.setAttribute("role", "status");
    (fields[0].closest(".form-row") || fields[0]).after(box);
    let asked = null;
    let timer = null;

    const show = (answer) => {
      box.replaceChildren();
      if (!answer.similar.length) return;
      const title = document.createElement("p");
      title.textContent = answer.title;
      const list = document.createElement("ul");
      for (const row of answer.similar) {
        const link = document.createElement("a");
        link.href = row.url;
        link.target = "_blank";
        link.rel = "noopener";
        link.textContent = row.text;
        const item = document.createElement("li");
        item.append(link, row.why ? ` (${row.why})` : "");
        list.append(item);
      }
      box.append(title, list);
    };

    const ask = async () => {
      if (asked) asked.abort();
      asked = new AbortController();
      const query = new URLSearchParams(fields.map((field) => [field.name, field.value]));
      try {
        const url = `${fields[0].dataset.similar}?${query}`;
        const response = await fetch(url, { signal: asked.signal });
        if (response.ok) show(await response.json());
      } catch (error) {
        // What is typed goes on without an answer; the form asks once more when it is saved.
        if (error.name !== "AbortError") box.replaceChildren();
      }
    };

    const later = () => {
      clearTimeout(timer);
      timer = setTimeout(ask, PAUSE);
    };
    for (const field of fields) {
      field.addEventListener("input", later);
      field.addEventListener("change", later);
      // Autocompletes tell jQuery alone.
      if (window.django && django.jQuery) django.jQuery(field).on("change", later);
    }
  };

  document.addEventListener("DOMContentLoaded", () => {
    const fields = [...document.querySelectorAll("[data-similar]")];
    if (fields.length) watch(fields);
  });
})();
