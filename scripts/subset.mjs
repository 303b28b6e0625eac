// Cuts the fonts of the public pages down to what Vietnamese and English need: npm install subset-font@2.9.0, then node scripts/subset.mjs
import fs from 'fs';
import subsetFont from 'subset-font';

let text = '\u00a0«»·×–—‘’“”…−\u202f₫đĐ';
for (let i = 0x20; i < 0x7f; i++) text += String.fromCharCode(i);
for (const letter of 'aăâeêioôơuưyAĂÂEÊIOÔƠUƯY') for (const mark of ['', '\u0300', '\u0301', '\u0303', '\u0309', '\u0323']) text += (letter + mark).normalize('NFC');
for (const weight of [500, 700]) for (const part of ['latin', 'vietnamese']) {
	const name = `be-vietnam-pro-${part}-${weight}.woff2`;
	fs.writeFileSync('web/static/public/' + name, await subsetFont(fs.readFileSync('web/static/vendor/fonts/' + name), text, { targetFormat: 'woff2' }));
}
