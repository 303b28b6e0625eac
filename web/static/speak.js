// Loa reads aloud: recorded voices, and for Vietnamese without one the voice of the device. Works on office pages and public ones.
"use strict";
(() => {
	const speech = window.speechSynthesis;
	let now = null; // the button that sounds
	let sound = null;
	function stop() {
		sound?.pause();
		sound = null;
		speech?.cancel();
		if (now) { now.setAttribute("aria-pressed", "false"); now = null; }
	}
	// Some browsers bring their voices a moment after they are asked for them.
	const voices = () => new Promise(done => {
		const have = speech.getVoices();
		if (have.length) return done(have);
		const late = setTimeout(() => done(speech.getVoices()), 1000);
		speech.addEventListener("voiceschanged", () => { clearTimeout(late); done(speech.getVoices()); }, { once: true });
	});
	// speak says a text in a language ("vi" or "en"). It answers false when the device has no voice of that language, and true once
	// it has been said; a Vietnamese text is never read by a foreign voice, which nobody understands.
	async function speak(text, lang = "vi") {
		if (!speech || !window.SpeechSynthesisUtterance) return false;
		const fit = (await voices()).filter(v => v.lang.toLowerCase().split(/[-_]/)[0] === lang);
		if (!fit.length) return false;
		const voice = fit.find(v => v.localService) || fit[0];
		speech.cancel();
		const parts = text.match(/[^.!?…;\n]+[.!?…;\n]*/g) || []; // long texts break off in some browsers
		for (const part of parts.filter(p => p.trim())) {
			const ended = await new Promise(done => {
				const u = new SpeechSynthesisUtterance(part.trim());
				u.voice = voice;
				u.lang = voice.lang;
				u.rate = .9;
				u.onend = () => done(true);
				u.onerror = () => done(false);
				speech.speak(u);
			});
			if (!ended) break; // stopped
		}
		return true;
	}
	document.addEventListener("click", async e => {
		const button = e.target.closest?.("[data-say], [data-play]");
		if (!button) return;
		e.preventDefault();
		const same = button === now, note = button.closest("[data-listen]")?.querySelector("[role=status]");
		stop();
		if (note) note.textContent = "";
		if (same) return;
		now = button;
		button.setAttribute("aria-pressed", "true");
		const over = ok => {
			if (!ok && note) note.textContent = button.closest("[data-listen]").dataset.none;
			if (now === button) stop();
		};
		if (button.dataset.say) return over(await speak(button.dataset.say, button.dataset.lang || "vi"));
		sound = new Audio(button.href || button.dataset.play);
		sound.onended = () => over(true);
		sound.onerror = () => { if (now === button) { if (note) note.textContent = button.closest("[data-listen]").dataset.broken || ""; stop(); } };
		sound.play().catch(() => {});
	});
	addEventListener("pagehide", stop);
	window.loa = Object.assign(window.loa || {}, { speak, hush: stop });
})();
