// Loa, office web. Everything here improves pages and forms that already work without it.
"use strict";
(() => {
	const $ = (selector, root = document) => root.querySelector(selector);
	const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
	const on = (type, handler, options) => document.addEventListener(type, handler, options);
	const vi = document.documentElement.lang !== "en";
	const number = new Intl.NumberFormat(vi ? "vi-VN" : "en-GB", { maximumFractionDigits: 1 });
	const texts = JSON.parse($("#texts")?.textContent || "{}");
	const say = (key, values = {}) => (texts[key] || "").replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
	const make = (tag, attrs = {}, ...children) => {
		const el = document.createElement(tag);
		for (const [name, value] of Object.entries(attrs)) value === true ? el.setAttribute(name, "") : value != null && value !== false && el.setAttribute(name, value);
		el.append(...children.filter(child => child != null));
		return el;
	};
	const icon = name => {
		const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
		svg.setAttribute("class", "icon");
		svg.setAttribute("aria-hidden", "true");
		const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
		use.setAttribute("href", "/static/icons.svg#" + name);
		svg.append(use);
		return svg;
	};
	const typing = el => !!el?.closest?.("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");
	const submit = (form, button) => form.requestSubmit ? form.requestSubmit(button) : form.submit();

	// ---------- messages: a bar at the bottom, with undo where there is one; it stays until it is closed ----------
	function toast({ kind = "", text, undo }) {
		const box = $("#toasts");
		if (!box || !text) return;
		const close = make("button", { class: "btn square small quiet", type: "button", "data-dismiss": true, "aria-label": say("close") }, icon("x"));
		const back = undo && make("form", { method: "post", action: undo }, make("button", { class: "btn small quiet" }, icon("undo-2"), say("undo")));
		const bar = make("div", { class: "toast " + kind }, icon(kind === "error" ? "circle-alert" : "circle-check"), make("span", { class: "text" }, text), back || null, close);
		box.replaceChildren(bar);
	}
	on("click", e => e.target.closest("[data-dismiss]")?.closest(".flash, .toast, .draft, .tour")?.remove());

	// ---------- a link to what is folded away unfolds it ----------
	const unfold = hash => { for (let d = hash.length > 1 && document.getElementById(decodeURIComponent(hash.slice(1)))?.closest("details"); d; d = d.parentElement.closest("details")) d.open = true; };
	on("click", e => { const a = e.target.closest('a[href^="#"]'); if (a) unfold(a.hash); });
	addEventListener("hashchange", () => unfold(location.hash));
	unfold(location.hash);

	// ---------- menus, pop-over, dialogs ----------
	on("click", e => $$("details.menu[open], details.filter[open]").forEach(menu => menu.contains(e.target) || (menu.open = false)));
	on("keydown", e => {
		if (e.key !== "Escape") return;
		const menu = document.activeElement.closest?.("details.menu[open], details.filter[open]");
		if (menu) { menu.open = false; $("summary", menu).focus(); }
		else if (pop.opener) pop.close(true);
	});

	// A link with data-pop opens what htmx brings into #pop beside itself; without scripts it is an ordinary link.
	const pop = {
		opener: null,
		place() {
			const box = $("#pop");
			if (!this.opener || box.hidden || matchMedia("(max-width: 720px)").matches) { box.removeAttribute("style"); return; }
			const at = this.opener.getBoundingClientRect(), left = scrollX, top = scrollY, gap = 8;
			const right = at.right + gap + box.offsetWidth < innerWidth;
			const x = right ? at.right + gap : Math.max(gap, Math.min(at.left, innerWidth - box.offsetWidth - gap));
			const below = at.bottom + gap;
			let y = right ? at.top - 24 : below;
			if (y + box.offsetHeight > innerHeight - gap) y = right ? Math.max(gap, innerHeight - gap - box.offsetHeight) : Math.max(gap, at.top - gap - box.offsetHeight);
			box.style.left = x + left + "px";
			box.style.top = y + top + "px";
		},
		open() {
			const box = $("#pop"), title = $("h2, h3", box);
			if (title) box.setAttribute("aria-label", title.textContent);
			box.hidden = false;
			this.opener?.classList.add("on");
			this.opener?.setAttribute("aria-expanded", "true");
			this.place();
			box.focus({ preventScroll: true });
		},
		close(back) {
			const box = $("#pop");
			if (!this.opener) return;
			this.opener.classList.remove("on");
			this.opener.setAttribute("aria-expanded", "false");
			if (back) this.opener.focus();
			this.opener = null;
			box.hidden = true;
			box.replaceChildren();
		},
	};
	on("click", e => {
		const link = e.target.closest("[data-pop]");
		if (link) { if (pop.opener && pop.opener !== link) pop.close(); pop.opener = link; return; }
		if (e.target.closest("[data-pop-close]")) { e.preventDefault(); pop.close(true); return; }
		if (pop.opener && !$("#pop").contains(e.target)) pop.close();
	}, true);
	addEventListener("resize", () => pop.opener && pop.place());
	on("click", e => {
		if (e.target.closest("[data-help]")) help();
		const shows = e.target.closest("[data-dialog]");
		if (shows) { e.preventDefault(); $(shows.dataset.dialog)?.showModal(); }
		if (e.target.closest("[data-print]")) { e.preventDefault(); print(); }
		if (e.target.nodeName === "DIALOG") e.target.close();
	});

	// ---------- keyboard ----------
	const letters = { today: "t", people: "p", segments: "n", areas: "a", partners: "d", matrix: "m", calendar: "l", targets: "k", sessions: "s", stories: "o", questions: "q", inbox: "i", answers: "w", enrolment: "e", register: "r", coverage: "c", reports: "b", learning: "h", admin: "x", audit: "u", account: "y" };
	const places = () => $$("a[data-key]").filter(a => letters[a.dataset.key]);
	function help() {
		const list = $("[data-go-list]"), dialog = $("#help");
		if (!dialog || dialog.open) return;
		list?.replaceChildren(...places().map(a => make("li", {}, make("span", {}, ($("span", a) || a).textContent.trim()), make("span", {}, make("kbd", {}, "g"), " ", make("kbd", {}, letters[a.dataset.key])))));
		const here = $("[data-here-list]"), keys = $$("[data-shortcut]").filter((el, i, all) => all.findIndex(o => o.dataset.shortcut === el.dataset.shortcut) === i);
		here?.replaceChildren(...keys.map(el => make("li", {}, make("span", {}, el.dataset.shortcutLabel || el.textContent.trim()), make("kbd", {}, el.dataset.shortcut))));
		$$("[data-here]").forEach(el => (el.hidden = !keys.length));
		dialog.showModal();
	}
	// A page's own keys: what is pressed or filled in by hand is pressed or filled in by its letter.
	function shortcut(e) {
		const el = $$(`[data-shortcut="${CSS.escape(e.key)}"]`).at(-1);
		if (!el) return false;
		e.preventDefault();
		el.matches("input, textarea, select") ? el.focus() : el.click();
		return true;
	}
	let waiting = 0;
	on("keydown", e => {
		if ((e.ctrlKey || e.metaKey) && e.key.toLowerCase() === "s") {
			const form = document.activeElement.form || document.activeElement.closest?.("form") || $("form[data-draft], form[data-guard]");
			if (form && (form.method || "").toLowerCase() === "post") { e.preventDefault(); submit(form); }
			return;
		}
		if (e.ctrlKey || e.metaKey || e.altKey || typing(e.target) || $("dialog[open]")) return;
		if (waiting && Date.now() - waiting < 1200) {
			waiting = 0;
			const link = places().find(a => letters[a.dataset.key] === e.key.toLowerCase());
			if (link) { e.preventDefault(); link.click(); }
			return;
		}
		if (shortcut(e)) return;
		if (e.key === "/") { e.preventDefault(); const box = $("#search"); box?.focus(); box?.select(); }
		else if (e.key === "?") { e.preventDefault(); help(); }
		else if (e.key === "g") waiting = Date.now();
		else if (e.key === "j" || e.key === "k") step(e, e.key === "j" ? 1 : -1);
	});

	// Rows of a table marked data-rows: j and k walk over the first link of each, a click anywhere in the row follows it.
	function step(e, by) {
		const rows = $$("table[data-rows] tbody tr").filter(row => $("a[href]", row));
		if (!rows.length) return;
		const now = rows.indexOf(document.activeElement.closest?.("tr"));
		const next = rows[Math.max(0, Math.min(rows.length - 1, now < 0 ? (by > 0 ? 0 : rows.length - 1) : now + by))];
		e.preventDefault();
		$("a[href]", next).focus();
		next.scrollIntoView({ block: "nearest" });
	}
	on("click", e => {
		const row = e.target.closest("table[data-rows] tbody tr");
		if (!row || e.defaultPrevented || e.target.closest("a, button, input, label, select, textarea, summary") || String(getSelection())) return;
		const link = $("a[href]", row);
		if (link) e.ctrlKey || e.metaKey ? open(link.href) : link.click();
	});
	on("keydown", e => {
		const grid = e.target.closest?.(".matrix");
		const moves = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[e.key];
		const cell = e.target.closest?.("td");
		if (!grid || !moves || !cell) return;
		let row = cell.parentElement, index = cell.cellIndex, target;
		do {
			if (moves[0]) row = moves[0] > 0 ? row.nextElementSibling : row.previousElementSibling;
			index += moves[1];
			const there = row?.cells[index];
			if (!there || there.nodeName !== "TD") return;
			target = $("a, button", there);
		} while (!target);
		e.preventDefault();
		target.focus();
	});

	// ---------- a button that writes words into a field: an approved answer into the reply, a turn into the question ----------
	on("click", e => {
		const from = e.target.closest("[data-fill]"), field = from && $(from.dataset.fill);
		if (!field) return;
		if (field.form?.id !== from.closest("form")?.id || from.dataset.fillAnswer) e.preventDefault();
		const fold = field.closest("details");
		if (fold) fold.open = true;
		field.value = from.dataset.fillWith;
		for (const [name, value] of [["answer", from.dataset.fillAnswer], ["version", from.dataset.fillVersion], ["turn", from.dataset.fillTurn]]) if (value && field.form.elements[name]) field.form.elements[name].value = value;
		field.dispatchEvent(new Event("input", { bubbles: true }));
		field.focus();
		field.scrollIntoView({ block: "center" });
	});

	// ---------- type-ahead ----------
	const typeahead = {
		box: input => input.closest("[data-typeahead]"),
		list: box => $("[role=listbox]", box),
		close(box) {
			const input = $("[role=combobox]", box);
			this.list(box).hidden = true;
			input.setAttribute("aria-expanded", "false");
			input.removeAttribute("aria-activedescendant");
		},
		async ask(box) {
			const input = $("[role=combobox]", box), list = this.list(box), q = input.value.trim();
			box.asked?.abort();
			if (!q && !box.hasAttribute("data-eager")) { this.close(box); return; }
			const asked = box.asked = new AbortController();
			const url = new URL(box.dataset.typeahead, location.href);
			url.searchParams.set("q", q);
			try {
				const answer = await fetch(url, { signal: asked.signal, headers: { "HX-Request": "true" }, credentials: "same-origin" });
				if (!answer.ok) throw new Error(answer.status);
				const html = await answer.text();
				list.replaceChildren(...new DOMParser().parseFromString(html, "text/html").body.childNodes);
			} catch (err) {
				if (err.name !== "AbortError") this.close(box);
				return;
			}
			$$("[role=option]", list).forEach((option, i) => { option.id = list.id + "-" + i; option.setAttribute("aria-selected", "false"); });
			list.hidden = false;
			input.setAttribute("aria-expanded", "true");
			if (!box.hasAttribute("data-free")) this.mark(box, 0); // in a free box Enter goes on with what was typed
		},
		mark(box, index) {
			const options = $$("[role=option]:not([aria-disabled])", this.list(box)), input = $("[role=combobox]", box);
			if (!options.length) { input.removeAttribute("aria-activedescendant"); return; }
			const i = (Math.max(index, -1) + options.length) % options.length;
			options.forEach((option, n) => option.setAttribute("aria-selected", String(n === i)));
			options[i].scrollIntoView({ block: "nearest" });
			input.setAttribute("aria-activedescendant", options[i].id);
		},
		choose(box, option) {
			const input = $("[role=combobox]", box), hidden = $("input[type=hidden]", box);
			if (option.dataset.href) { location.href = option.dataset.href; return; }
			input.value = option.dataset.label;
			hidden.value = option.dataset.id;
			box.classList.add("chosen");
			this.close(box);
			hidden.dispatchEvent(new Event("change", { bubbles: true }));
			if (box.hasAttribute("data-submit")) submit(input.form);
		},
	};
	on("input", e => {
		const box = e.target.matches("[role=combobox]") && typeahead.box(e.target);
		if (!box) return;
		const hidden = $("input[type=hidden]", box);
		if (hidden?.value) { hidden.value = ""; hidden.dispatchEvent(new Event("change", { bubbles: true })); }
		box.classList.remove("chosen");
		clearTimeout(box.timer);
		box.timer = setTimeout(() => typeahead.ask(box), 90);
	});
	on("keydown", e => {
		const box = e.target.matches?.("[role=combobox]") && typeahead.box(e.target);
		if (!box) return;
		const list = typeahead.list(box), options = $$("[role=option]", list), now = options.findIndex(o => o.getAttribute("aria-selected") === "true");
		if (e.key === "ArrowDown" || e.key === "ArrowUp") {
			e.preventDefault();
			list.hidden ? typeahead.ask(box) : typeahead.mark(box, now + (e.key === "ArrowDown" ? 1 : -1));
		} else if (e.key === "Enter" && !list.hidden && now >= 0) { e.preventDefault(); typeahead.choose(box, options[now]); }
		else if (e.key === "Escape" && !list.hidden) { e.stopPropagation(); typeahead.close(box); }
		else if (e.key === "Escape" && box.hasAttribute("data-free")) box.querySelector("input").blur();
	});
	on("mousedown", e => {
		const option = e.target.closest("[data-typeahead] [role=option]");
		if (option) { e.preventDefault(); typeahead.choose(option.closest("[data-typeahead]"), option); }
	});
	on("focusout", e => { const box = e.target.matches("[role=combobox]") && typeahead.box(e.target); if (box) setTimeout(() => typeahead.close(box), 120); });

	// ---------- grid that takes a paste from a spreadsheet ----------
	const cellsOf = table => $$("tbody tr", table).map(row => $$("input:not([type=hidden]):not([readonly])", row)).filter(row => row.length);
	const whole = text => { const digits = String(text).replace(/[\s.,\u00a0]/g, ""); return /^-?\d+$/.test(digits) ? Number(digits) : 0; };
	on("paste", e => {
		const table = e.target.closest?.("table[data-paste-grid]");
		const text = e.clipboardData?.getData("text/plain") || "";
		if (!table || !/[\t\n]/.test(text.trim())) return;
		e.preventDefault();
		const cells = cellsOf(table), top = cells.findIndex(row => row.includes(e.target)), left = cells[top].indexOf(e.target);
		let pasted = 0;
		text.replace(/\r/g, "").replace(/\n$/, "").split("\n").forEach((line, r) => line.split("\t").forEach((value, c) => {
			const cell = cells[top + r]?.[left + c];
			if (!cell) return;
			cell.value = value.trim();
			cell.dispatchEvent(new Event("input", { bubbles: true }));
			pasted++;
		}));
		toast({ text: say("pasted", { n: pasted }) });
	});
	on("keydown", e => {
		const table = e.target.closest?.("table[data-paste-grid]");
		const move = { Enter: [1, 0], ArrowDown: [1, 0], ArrowUp: [-1, 0] }[e.key];
		if (!table || !move) return;
		const cells = cellsOf(table), row = cells.findIndex(line => line.includes(e.target));
		const next = cells[row + (e.shiftKey ? -1 : 1) * move[0]]?.[cells[row].indexOf(e.target)];
		e.preventDefault();
		next?.focus();
		next?.select();
	});
	on("input", e => {
		const table = e.target.closest?.("table[data-paste-grid]");
		if (!table) return;
		e.target.closest("td").classList.toggle("changed", e.target.value !== e.target.defaultValue);
		sums(table);
	});
	// data-sum="row" adds the fields of its row, data-sum="col" those above it in its column, data-sum="all" all of them.
	function sums(table) {
		const fields = $$("tbody input:not([type=hidden])", table);
		if (!fields.length) return; // who may only read sees the sums the page came with
		$$("[data-sum]", table).forEach(out => {
			const cell = out.closest("td, th"), kind = out.dataset.sum;
			const part = fields.filter(f => kind === "all" || (kind === "row" ? f.closest("tr") === cell.parentElement : f.closest("td").cellIndex === cell.cellIndex));
			out.textContent = part.some(f => f.value.trim()) ? number.format(part.reduce((total, f) => total + whole(f.value), 0)) : ""; // nothing typed is no number, not 0
		});
	}

	// ---------- one-tap counters: the number moves at once, htmx posts it, and an answer that fails takes it back ----------
	const tapCount = (tap, by) => [$("output", tap), $("[data-tap-total]", tap.closest("[data-taps]") || document)].forEach(out => out && (out.textContent = number.format(whole(out.textContent) + by)));
	on("click", e => {
		const tap = e.target.closest("[data-tap]");
		if (!tap) return;
		tapCount(tap, Number(tap.dataset.tap) || 1);
		navigator.vibrate?.(12);
	});

	// ---------- drafts of long forms, kept in this browser until they are saved ----------
	const draftKey = form => "loa.draft." + form.dataset.draft;
	const draftable = form => [...form.elements].filter(f => f.name && !["hidden", "file", "password", "submit", "button"].includes(f.type) && !f.closest("[data-no-draft]"));
	const read = form => draftable(form).map(f => [f.name, f.type === "checkbox" || f.type === "radio" ? f.value : null, f.type === "checkbox" || f.type === "radio" ? f.checked : f.value]);
	const clock = ms => {
		const at = new Date(ms), place = vi ? "vi-VN" : "en-GB", time = at.toLocaleTimeString(place, { hour: "2-digit", minute: "2-digit" });
		return at.toDateString() === new Date().toDateString() ? time : time + ", " + at.toLocaleDateString(place);
	};
	const safely = act => { try { return act(); } catch { return null; } }; // storage may be full or switched off
	function draftStart(form) {
		if (form.draftReady) return;
		form.draftReady = true;
		const kept = safely(() => JSON.parse(localStorage.getItem(draftKey(form))));
		if (kept && JSON.stringify(kept.fields) !== JSON.stringify(read(form))) {
			const use = make("button", { type: "button", class: "linkbtn" }, say("draftRestore"));
			const drop = make("button", { type: "button", class: "linkbtn" }, say("draftDrop"));
			const bar = make("div", { class: "draft", role: "status" }, icon("file-text"), make("span", {}, say("draftFound", { time: clock(kept.at) })), use, drop);
			use.onclick = () => {
				const fields = draftable(form);
				kept.fields.forEach(([name, value, state], i) => {
					const field = fields[i]?.name === name ? fields[i] : fields.find(f => f.name === name && (value === null || f.value === value));
					if (field) typeof state === "boolean" ? field.checked = state : field.value = state;
				});
				form.dispatchEvent(new Event("input", { bubbles: true }));
				bar.remove();
			};
			drop.onclick = () => { safely(() => localStorage.removeItem(draftKey(form))); bar.remove(); };
			form.before(bar);
		}
	}
	on("input", e => {
		const form = e.target.form || e.target.closest?.("form");
		if (!form) return;
		form.dirty = true;
		if (!form.dataset.draft) return;
		clearTimeout(form.draftTimer);
		form.draftTimer = setTimeout(() => {
			const at = Date.now(), done = safely(() => { localStorage.setItem(draftKey(form), JSON.stringify({ at, fields: read(form) })); return true; });
			const note = $("[data-draft-note]", form);
			if (note && done) note.textContent = say("draftSaved", { time: clock(at) });
		}, 600);
	});
	on("submit", e => {
		const form = e.target;
		form.dirty = false;
		if (new URL(form.action, location.href).pathname === "/logout") safely(() => Object.keys(localStorage).filter(key => key.startsWith("loa.draft.")).forEach(key => localStorage.removeItem(key))); // a draft may name people
		if (form.dataset.draft) { clearTimeout(form.draftTimer); safely(() => sessionStorage.setItem("loa.sent", draftKey(form))); }
	});
	// A draft goes only when the next page is not the same form again, so a refused form keeps its draft.
	function draftSweep() {
		const sent = safely(() => sessionStorage.getItem("loa.sent"));
		if (!sent) return;
		safely(() => sessionStorage.removeItem("loa.sent"));
		if (!$$("form[data-draft]").some(form => draftKey(form) === sent)) safely(() => localStorage.removeItem(sent));
	}
	addEventListener("beforeunload", e => { if ($$("form[data-guard], form[data-draft]").some(form => form.dirty)) e.preventDefault(); });

	// ---------- lists: choose rows, send filters, drop files ----------
	function chosen(scope) {
		const boxes = $$("input[type=checkbox][data-check]", scope), n = boxes.filter(box => box.checked).length;
		boxes.forEach(box => box.closest("tr")?.setAttribute("aria-selected", String(box.checked)));
		$$("[data-bulk]", scope).forEach(bar => { bar.hidden = n === 0; const count = $("[data-bulk-count]", bar); if (count) count.textContent = say("chosen", { n: number.format(n) }); });
		const all = $("[data-check-all]", scope);
		if (all) { all.checked = n > 0 && n === boxes.length; all.indeterminate = n > 0 && n < boxes.length; }
	}
	on("change", e => {
		const scope = e.target.closest("form, main");
		if (e.target.matches("[data-check-all]")) { $$("input[type=checkbox][data-check]", scope).forEach(box => (box.checked = e.target.checked)); chosen(scope); }
		else if (e.target.matches("[data-check]")) chosen(scope);
		if (e.target.matches("[data-submit]") && e.target.form) submit(e.target.form);
	});
	on("change", e => { const name = e.target.type === "file" && $(".file-name", e.target.closest(".drop") || e.target.form); if (name) name.textContent = [...e.target.files].map(f => f.name).join(", "); });
	// The last day a payment covers follows from its method and first day; who types another may.
	on("change", e => {
		const form = e.target.closest?.("form[data-period]"), by = form?.elements;
		const from = by && (by.from_on || by.from), until = by?.until;
		if (!form || e.target !== by.method && e.target !== from || !from.value) return;
		const months = Number(form.dataset.period.split(" ").find(pair => pair.startsWith(by.method.value + ":"))?.split(":")[1]);
		if (!months) return;
		const [y, m, d] = from.value.split("-").map(Number), first = new Date(Date.UTC(y, m - 1 + months, 1)), last = new Date(Date.UTC(y, m + months, 0)).getUTCDate();
		first.setUTCDate(Math.min(d, last) - 1);
		until.value = first.toISOString().slice(0, 10);
	});
	// A file dropped anywhere on the box is the file chosen; a browser left alone would leave the page and show the file.
	for (const type of ["dragover", "dragleave", "drop"]) on(type, e => {
		const box = e.target.closest?.(".drop"), field = box && $("input[type=file]", box);
		if (!field) return;
		box.classList.toggle("over", type === "dragover");
		if (type === "dragleave") return;
		e.preventDefault();
		if (type !== "drop" || !e.dataTransfer.files.length) return;
		const files = new DataTransfer();
		[...e.dataTransfer.files].slice(0, field.multiple ? undefined : 1).forEach(file => files.items.add(file));
		field.files = files.files;
		field.dispatchEvent(new Event("change", { bubbles: true }));
	});
	on("input", e => { const out = e.target.dataset?.count && $(e.target.dataset.count); if (out) out.textContent = number.format(e.target.value.length); });

	// ---------- htmx: a quiet line at the top while it works, plain words when it fails ----------
	let slow;
	on("htmx:beforeRequest", e => { if (e.target.matches?.("textarea[hx-post]") && e.target.form?.sent) e.preventDefault(); }); // what is on its way is no draft any more
	on("submit", e => { if (!e.defaultPrevented) e.target.sent = true; });
	addEventListener("pageshow", () => $$("form").forEach(form => (form.sent = false))); // one that comes back with the Back button
	on("htmx:beforeRequest", () => { clearTimeout(slow); slow = setTimeout(() => document.body.classList.add("busy-page"), 250); });
	on("htmx:afterRequest", e => {
		clearTimeout(slow);
		document.body.classList.remove("busy-page");
		const tap = e.detail.elt?.closest?.("[data-tap]");
		if (tap && !e.detail.successful) tapCount(tap, -(Number(tap.dataset.tap) || 1));
	});
	on("htmx:sendError", () => toast({ kind: "error", text: say("offline") }));
	on("htmx:responseError", () => toast({ kind: "error", text: say("failed") }));
	on("htmx:beforeSwap", e => { if (e.detail.xhr.status === 422) { e.detail.shouldSwap = true; e.detail.isError = false; } }); // a refused form comes back with its sentences
	on("htmx:afterSwap", e => { if (e.detail.target.id === "pop" && pop.opener) pop.open(); start(e.detail.target); });
	on("flash", e => toast(e.detail)); // from an HX-Trigger header: {"flash": {"kind": "", "text": "…", "undo": "/…"}}

	// ---------- charts: their code comes only with the first page that shows one ----------
	let charting;
	function charts(root) {
		const boxes = $$("[data-chart]", root).concat(root.matches?.("[data-chart]") ? [root] : []);
		if (!boxes.length) return;
		charting ||= new Promise((done, fail) => document.head.append(Object.assign(make("script", { src: "/static/chart.js" }), { onload: done, onerror: fail })));
		charting.then(() => boxes.forEach(window.drawChart), () => {}); // without it the table beside the chart says the same
	}

	// ---------- a row that opens the rows under it: the server sends them when they are asked for ----------
	on("click", e => {
		const button = e.target.closest("[data-unfold]");
		if (!button) return;
		const open = button.getAttribute("aria-expanded") !== "true";
		button.setAttribute("aria-expanded", String(open));
		if (open) button.dispatchEvent(new Event("unfold"));
		else $(button.getAttribute("hx-target")).replaceChildren();
	});

	// ---------- a browser draws its day fields in its own language: where that is not day first, the page's way stands below ----------
	const dayFirst = /^30\D/.test(new Intl.DateTimeFormat().format(new Date(2025, 10, 30)));
	const sayDay = field => {
		const said = field.parentElement.querySelector(".day-said") || field.parentElement.appendChild(make("span", { class: "hint day-said", "aria-hidden": "true" }));
		said.textContent = field.value.split("-").reverse().join("/");
	};
	if (!dayFirst) on("input", e => e.target.matches?.(".field > input[type=date]") && sayDay(e.target));

	// ---------- start, for the page and for every part that htmx brings ----------
	function start(root) {
		charts(root);
		$$("form[data-draft]", root).forEach(draftStart);
		$$("table[data-paste-grid]", root).forEach(sums);
		$$("[data-bulk]", root).forEach(bar => chosen(bar.closest("form, main") || document));
		$$("[autofocus]", root).slice(0, 1).forEach(el => el.focus());
		$$("[data-scroll-x]", root).forEach(el => { el.scrollLeft = el.scrollWidth; });
		$$("[data-scroll-end]", root).forEach(el => { el.scrollTop = el.scrollHeight; });
		$$(".scroll", root).forEach(el => { if (el.scrollWidth > el.clientWidth + 2 && !el.hasAttribute("tabindex")) el.tabIndex = 0; });
		if (!dayFirst) $$(".field > input[type=date]", root).forEach(sayDay);
		if ($("[data-print-now]", root)) setTimeout(print, 300); // a list opened to be printed
		const tour = $("[data-tour-target]", root), target = tour && $(tour.dataset.tourTarget);
		if (target) { target.classList.add("tour-target"); const top = target.getBoundingClientRect().top; if (top < 0 || top > innerHeight * .6) target.scrollIntoView({ block: "start" }); }
	}
	draftSweep();
	start(document);
})();
