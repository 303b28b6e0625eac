// Shows what comes in while nobody types, and lets the clock go on between two looks.
"use strict";
(() => {
	const body = document.body;
	const lines = () => document.getElementById("lines");
	const down = () => { const l = lines(); if (l && l.classList.contains("fake-lines")) l.scrollTop = l.scrollHeight; };
	down();
	const look = async () => {
		try {
			const seen = await (await fetch("/seen")).text();
			if (seen !== body.dataset.seen) {
				const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
				body.dataset.seen = page.body.dataset.seen;
				for (const id of ["people", "lines"]) {
					const now = document.getElementById(id), next = page.getElementById(id);
					if (now && next && !now.contains(document.activeElement)) now.replaceWith(next);
				}
				down();
			}
		} catch { /* the fake is being started anew */ }
		setTimeout(look, 1500);
	};
	setTimeout(look, 1500);
	const clock = document.getElementById("clock");
	if (clock && clock.dataset.rate !== "0") {
		const [h, d] = clock.textContent.split(" "), [day, month, year] = d.split("/");
		const start = new Date(`${year}-${month}-${day}T${h}Z`).getTime(), since = performance.now();
		setInterval(() => {
			const t = new Date(start + (performance.now() - since) * Number(clock.dataset.rate)).toISOString();
			clock.textContent = `${t.slice(11, 19)} ${t.slice(8, 10)}/${t.slice(5, 7)}/${t.slice(0, 4)}`;
		}, 1000);
	}
})();
