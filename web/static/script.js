// Writing a script: placeholders shown on paper of their own behind the words, and put in by a button where one writes.
"use strict";
(() => {
	const form = document.getElementById("script");
	if (!form) return;
	let last = null;
	const shown = area => area.offsetParent !== null;
	const ink = area => {
		const paper = area.parentElement.querySelector(".ink");
		const parts = area.value.split(/(\{[^{}]*\})/);
		paper.replaceChildren(...parts.map(part => {
			if (!/^\{.*\}$/.test(part)) return document.createTextNode(part);
			const mark = document.createElement("mark");
			mark.textContent = part;
			if (!form.querySelector('[data-insert="' + CSS.escape(part.slice(1, -1)) + '"]')) mark.className = "lost";
			return mark;
		}), document.createTextNode("\n"));
		paper.scrollTop = area.scrollTop;
	};
	const written = () => {
		for (const count of form.querySelectorAll("[data-written]")) {
			const n = [...form.querySelectorAll(".tongue-" + count.dataset.written + " textarea")].filter(a => a.value.trim()).length;
			count.textContent = n || "";
		}
	};
	for (const area of form.querySelectorAll("[data-ink]")) {
		area.parentElement.classList.add("on");
		area.addEventListener("scroll", () => { area.parentElement.querySelector(".ink").scrollTop = area.scrollTop; });
		area.addEventListener("focus", () => { last = area; });
		ink(area);
	}
	form.addEventListener("input", e => {
		if (e.target.matches?.("[data-ink]")) ink(e.target);
		else if (e.target === form) form.querySelectorAll("[data-ink]").forEach(ink); // a draft was brought back
		written();
	});
	form.addEventListener("click", e => {
		const button = e.target.closest("[data-insert]");
		if (!button) return;
		const now = document.activeElement;
		const area = now?.matches("[data-ink]") ? now : last && shown(last) ? last : [...form.querySelectorAll("[data-ink]")].find(shown);
		if (!area) return;
		area.focus();
		area.setRangeText("{" + button.dataset.insert + "}", area.selectionStart, area.selectionEnd, "end");
		area.dispatchEvent(new Event("input", { bubbles: true }));
	});
	written();
})();
