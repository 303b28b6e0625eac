// Cutting a recording: what is left out is shaded on the picture of the sound; the picture can be dragged, the sliders work by keyboard.
"use strict";
(() => {
	for (const form of document.querySelectorAll("[data-cutter]")) {
		const $ = name => form.querySelector("[data-" + name + "]");
		const wave = form.querySelector(".wave"), path = wave.querySelector("path"), play = form.querySelector("audio"), from = $("from"), to = $("to");
		const number = new Intl.NumberFormat(document.documentElement.lang === "en" ? "en-GB" : "vi-VN", { minimumFractionDigits: 1, maximumFractionDigits: 1 });
		const draw = peaks => path.setAttribute("d", peaks.map((p, i) => "M" + Math.round((i + .5) * 1000 / peaks.length) + " " + (50 - p) + "v" + 2 * p).join(""));
		if (!form.dataset.drawn && window.AudioContext) // the server could not read it; this browser may
			fetch(form.dataset.sound).then(r => r.arrayBuffer()).then(raw => new AudioContext().decodeAudioData(raw)).then(sound => {
				const all = sound.getChannelData(0), n = 250, step = Math.max(1, Math.floor(all.length / n)), peaks = [];
				for (let i = 0; i + step <= all.length && peaks.length < n; i += step) { let most = 0; for (let k = i; k < i + step; k += 8) most = Math.max(most, Math.abs(all[k])); peaks.push(Math.max(1, Math.round(most * 48))); }
				draw(peaks);
			}).catch(() => {});
		if (!from) continue;
		const length = Number(to.max) || 1;
		const show = () => {
			const a = from.value / length * 1000, b = to.value / length * 1000;
			$("before").setAttribute("width", Math.max(0, a));
			$("after").setAttribute("x", b);
			$("after").setAttribute("width", Math.max(0, 1000 - b));
			document.getElementById("o-from").textContent = number.format(from.value);
			document.getElementById("o-to").textContent = number.format(to.value);
		};
		from.addEventListener("input", () => { if (Number(from.value) >= Number(to.value)) from.value = Math.max(0, to.value - .1); show(); });
		to.addEventListener("input", () => { if (Number(to.value) <= Number(from.value)) to.value = Math.min(length, Number(from.value) + .1); show(); });
		let held = null;
		const at = e => { const box = wave.getBoundingClientRect(); return Math.min(1, Math.max(0, (e.clientX - box.left) / box.width)) * length; };
		const move = e => { held.value = at(e); held.dispatchEvent(new Event("input")); };
		wave.addEventListener("pointerdown", e => { const t = at(e); held = Math.abs(t - from.value) <= Math.abs(t - to.value) ? from : to; wave.setPointerCapture(e.pointerId); move(e); e.preventDefault(); });
		wave.addEventListener("pointermove", e => held && move(e));
		for (const end of ["pointerup", "pointercancel"]) wave.addEventListener(end, () => { if (held) held.focus(); held = null; });
		let until = 0;
		$("hear").addEventListener("click", () => { until = Number(to.value); play.currentTime = Number(from.value); play.play(); });
		play.addEventListener("timeupdate", () => { if (until && play.currentTime >= until) { play.pause(); until = 0; } });
		show();
	}
})();
