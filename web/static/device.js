// An officer's own devices: asks this browser whether it may be told things, and tells Loa where to reach it.
"use strict";
(async () => {
	const box = document.querySelector("[data-devices]"), said = box?.querySelector("[data-device-say]");
	if (!said) return;
	const say = key => { said.textContent = said.dataset[key]; said.hidden = false; };
	const form = box.querySelector("[data-device-form]"), ask = box.querySelector("[data-device-ask]");
	if (!isSecureContext) return say("insecure");
	if (!("serviceWorker" in navigator && "PushManager" in window && "Notification" in window)) return say(/iPhone|iPad/.test(navigator.userAgent) ? "apple" : "unable");
	const key = Uint8Array.from(atob(form.dataset.key.replace(/-/g, "+").replace(/_/g, "/")), c => c.charCodeAt(0));
	const same = held => !held || String(new Uint8Array(held)) === String(key);
	const markOf = async sub => [...new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(sub.endpoint)))].map(b => b.toString(16).padStart(2, "0")).join("");
	const held = async () => (await navigator.serviceWorker.getRegistration("/"))?.pushManager.getSubscription();

	// Which of the devices is this one?
	let line = null;
	try {
		const sub = await held(), mark = sub && await markOf(sub);
		line = mark && box.querySelector(`[data-mark="${mark}"]`);
		if (line) line.querySelector("[data-device-this]").hidden = false;
	} catch { /* then it can be connected anew */ }
	const gone = line?.hasAttribute("data-gone");
	if (line && !gone && Notification.permission === "granted") return taken();
	if (Notification.permission === "denied") return say("denied");
	if (gone) ask.querySelector("span").textContent = ask.dataset.again;
	form.hidden = false;

	ask.addEventListener("click", async () => {
		ask.disabled = true;
		said.hidden = true;
		try {
			const answer = await Notification.requestPermission();
			if (answer !== "granted") { say(answer === "denied" ? "denied" : "dismissed"); return; }
			const worker = await navigator.serviceWorker.register("/sw.js", { scope: "/" });
			await navigator.serviceWorker.ready;
			let sub = await worker.pushManager.getSubscription();
			if (sub && (gone || !same(sub.options?.applicationServerKey))) { await sub.unsubscribe(); sub = null; }
			sub ||= await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
			const { endpoint, keys } = sub.toJSON();
			Object.entries({ endpoint, key: keys.p256dh, auth: keys.auth }).forEach(([name, value]) => (form.elements[name].value = value));
			form.submit();
		} catch (e) {
			say("failed");
		} finally {
			ask.disabled = false;
		}
	});
	taken();

	// This device taken away here is taken away in the browser, too.
	function taken() {
		const remove = line?.querySelector("[data-device-remove]");
		remove?.addEventListener("submit", async e => {
			e.preventDefault();
			try { await (await held())?.unsubscribe(); } catch { /* Loa calls it no more either way */ }
			remove.submit();
		});
	}
})();
