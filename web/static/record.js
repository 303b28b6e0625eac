// Recording in the browser: the sound becomes the file of the form, so that it is sent and checked like one that was chosen.
"use strict";
(() => {
	const kinds = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"];
	for (const box of document.querySelectorAll("[data-recorder]")) {
		const $ = name => box.querySelector("[data-rec-" + name + "]");
		const file = box.querySelector("input[type=file]"), seconds = $("seconds"), play = $("play"), note = $("note"), time = $("time");
		const longest = Number(box.dataset.longest) || 300;
		const clock = n => Math.floor(n / 60) + ":" + String(Math.floor(n % 60)).padStart(2, "0");
		const hear = blob => {
			if (play.src) URL.revokeObjectURL(play.src);
			play.src = URL.createObjectURL(blob);
			play.hidden = false;
		};
		file.addEventListener("change", () => {
			if (file.recorded) { file.recorded = false; return; }
			seconds.value = "";
			if (!file.files.length || !/^audio|^video/.test(file.files[0].type)) return;
			hear(file.files[0]);
			play.onloadedmetadata = () => { if (isFinite(play.duration)) seconds.value = Math.ceil(play.duration); };
		});
		if (!navigator.mediaDevices?.getUserMedia || !window.MediaRecorder) { note.textContent = box.dataset.cannot; continue; }
		$("live").hidden = false;
		let recorder, stream, begun, timer;
		const end = () => { clearInterval(timer); recorder?.state === "recording" && recorder.stop(); };
		$("start").addEventListener("click", async () => {
			note.textContent = "";
			try {
				stream = await navigator.mediaDevices.getUserMedia({ audio: true });
			} catch {
				note.textContent = box.dataset.denied;
				return;
			}
			const kind = kinds.find(k => MediaRecorder.isTypeSupported(k)), parts = [];
			recorder = new MediaRecorder(stream, { ...(kind && { mimeType: kind }), audioBitsPerSecond: 48000 });
			recorder.ondataavailable = e => parts.push(e.data);
			recorder.onstop = () => {
				stream.getTracks().forEach(t => t.stop());
				const type = recorder.mimeType.split(";")[0], blob = new Blob(parts, { type });
				const files = new DataTransfer();
				files.items.add(new File([blob], "ghi-am." + type.split("/")[1], { type }));
				file.recorded = true;
				file.files = files.files;
				file.dispatchEvent(new Event("change", { bubbles: true }));
				file.recorded = false;
				seconds.value = Math.max(1, Math.round((Date.now() - begun) / 1000));
				hear(blob);
				$("start").hidden = false;
				$("stop").hidden = true;
				$("start").focus();
				note.textContent = box.dataset.kept;
			};
			recorder.start();
			begun = Date.now();
			time.textContent = "0:00";
			timer = setInterval(() => {
				const n = (Date.now() - begun) / 1000;
				time.textContent = clock(n);
				if (n >= longest) end();
			}, 250);
			$("start").hidden = true;
			$("stop").hidden = false;
			$("stop").focus();
		});
		$("stop").addEventListener("click", end);
	}
})();
