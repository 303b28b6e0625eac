// The calculator answers while one is still choosing. Without this file the button does the same.
"use strict";
(() => {
	let wait = 0, asked = 0, touched = null;
	const parts = ["calc-answer", "calc-further", "calc-details", "calc-listen", "calc-after", "calc-do"];
	async function ask(form) {
		const mine = ++asked, focus = document.activeElement, at = focus?.id || "";
		const url = form.action + "?" + new URLSearchParams(new FormData(form));
		let page;
		try {
			const answer = await fetch(url, { credentials: "same-origin" });
			page = new DOMParser().parseFromString(await answer.text(), "text/html");
		} catch { return; } // no network: what stands stays, the button is still there
		if (mine !== asked) return;
		for (const id of parts) {
			const old = document.getElementById(id), fresh = page.getElementById(id);
			if (old && fresh) {
				const open = [...old.querySelectorAll("details")].map(d => d.open);
				fresh.querySelectorAll("details").forEach((d, i) => { if (i < open.length) d.open = open[i] || d.matches(".calc-more") && d.open; });
				old.replaceWith(fresh);
			}
		}
		const fresh = page.getElementById("calc-form"), old = document.getElementById("calc-form");
		if (fresh && old) {
			fresh.dataset.live = "";
			old.replaceWith(fresh);
			const again = at && document.getElementById(at) || focus?.name && [...fresh.elements].find(e => e.name === focus.name && (e.type !== "radio" || e.value === focus.value) && e.dataset.add === focus.dataset.add);
			again?.focus({ preventScroll: true });
		}
		watch();
		history.replaceState(history.state, "", url);
	}
	// The line at the bottom of a phone goes when the figure it tells is seen; without this file it lies behind the answer then.
	let eye = null;
	function watch() {
		eye?.disconnect();
		const line = document.querySelector(".calc-peek"), told = document.querySelector(".huge, .short-card b, .hi tfoot td");
		if (!line || !told || !window.IntersectionObserver) return;
		eye = new IntersectionObserver(seen => line.classList.toggle("seen", seen.at(-1).isIntersecting), { rootMargin: "0px 0px -58px 0px", threshold: 1 });
		line.classList.add("live");
		eye.observe(told);
	}
	const later = (form, ms) => { touched = form; clearTimeout(wait); wait = setTimeout(() => ask(form), ms); };
	document.addEventListener("change", e => { const f = e.target.form; if (f?.matches?.("[data-calc]")) later(f, 0); });
	// What is printed or saved is what stands in the form, however quickly somebody presses.
	const now = () => new URLSearchParams(new FormData(document.getElementById("calc-form"))).toString();
	document.addEventListener("click", e => {
		const a = e.target.closest?.("#calc-do a[data-asked]");
		if (a && touched) a.href = "/calculator/slip?" + now();
	}, true);
	document.addEventListener("submit", e => {
		const f = e.target;
		if (touched && f.closest("#calc-do")) f.elements.asked.value = now();
		if (!f.matches("[data-calc]")) return;
		e.preventDefault();
		const b = e.submitter;
		if (b?.name === "to") b.closest(".stepper").querySelector("input").value = b.value;
		later(f, 0);
	});
	const live = () => document.querySelectorAll("form[data-calc]").forEach(f => { f.dataset.live = ""; });
	document.addEventListener("DOMContentLoaded", () => { live(); watch(); });
	document.addEventListener("htmx:afterSettle", live);
	live();
})();
