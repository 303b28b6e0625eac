// The live counter of characters; it counts as vn.Characters does. The page works without it.
'use strict';
const characters = (text) => {
	const tidy = text.normalize('NFC').replace(/\p{Cf}/gu, '').replace(/\s+/g, ' ').trim().normalize('NFC');
	let n = 0, flag = false;
	for (const c of tidy) {
		const p = c.codePointAt(0);
		if (p >= 0x1F1E6 && p <= 0x1F1FF) { flag = !flag; if (flag) n++; continue; }
		if (!/\p{M}/u.test(c) && !(p >= 0x1F3FB && p <= 0x1F3FF)) n++;
		flag = false;
	}
	return n;
};
for (const area of document.querySelectorAll('textarea[data-count]')) {
	const out = document.getElementById(area.dataset.count);
	const show = () => {
		const n = characters(area.value);
		out.querySelector('b').textContent = n;
		out.classList.toggle('over', n > 500);
	};
	area.addEventListener('input', show);
	show();
}
