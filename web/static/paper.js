// The button above sheets of paper. Without it the browser's own menu prints the same.
"use strict";
document.addEventListener("click", e => { if (e.target.closest("[data-print]")) print(); });
