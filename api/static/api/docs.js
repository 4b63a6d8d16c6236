// Swagger UI has a dark dress, but does not ask which one the reader wants.
"use strict";
const wish = window.matchMedia("(prefers-color-scheme: dark)");
const dress = () => document.documentElement.classList.toggle("dark-mode", wish.matches);
wish.addEventListener("change", dress);
dress();
