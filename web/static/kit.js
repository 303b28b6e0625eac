// Share kits: words into the clipboard, or into the telephone's own way of sharing.
"use strict";
document.addEventListener("click", async e => {
	const copy = e.target.closest("[data-copy]"), share = e.target.closest("[data-share]");
	if (share) { navigator.share({ text: document.getElementById(share.dataset.share).value }).catch(() => {}); return; }
	if (!copy) return;
	const words = document.getElementById(copy.dataset.copy), said = copy.parentElement.querySelector("[role=status]");
	words.select();
	try { await navigator.clipboard.writeText(words.value); said.textContent = copy.dataset.copied; } catch { said.textContent = document.execCommand("copy") ? copy.dataset.copied : copy.dataset.select; }
});
if (navigator.share) for (const button of document.querySelectorAll("[data-share]")) button.hidden = false;
