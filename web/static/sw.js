// Loa's service worker: shows what an officer is told, opens its page, and says where the browser is reached when that changed. It keeps
// nothing and answers no request.
"use strict";
self.addEventListener("push", e => {
	let told = {};
	try { told = e.data.json(); } catch { /* a browser must show something all the same */ }
	e.waitUntil(self.registration.showNotification(told.title || "Loa", { body: told.text || "", lang: told.lang || "", tag: told.tag || "loa", data: { url: told.url || "/" } }));
});
self.addEventListener("notificationclick", e => {
	e.notification.close();
	const url = new URL(e.notification.data?.url || "/", self.location.origin);
	if (url.origin !== self.location.origin) return;
	e.waitUntil((async () => { // a page somebody writes on is left alone: another is opened
		const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
		const there = pages.find(page => page.url === url.href);
		return there ? there.focus() : self.clients.openWindow(url.href);
	})());
});
self.addEventListener("pushsubscriptionchange", e => {
	const old = e.oldSubscription;
	if (!old) return; // Loa could not tell whose this is: its officer connects it on the account page
	e.waitUntil((async () => {
		const sub = e.newSubscription || await self.registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: old.options?.applicationServerKey });
		const { endpoint, keys } = sub.toJSON();
		await fetch("/account/devices/renew", { method: "POST", redirect: "manual", body: new URLSearchParams({ old: old.endpoint, endpoint, key: keys.p256dh, auth: keys.auth }) }); // with the officer's sign-in, or in vain
	})());
});
