package vn

import (
	"strings"
	"sync"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// How much one SMS holds, alone and as a part of a longer text, whose parts carry six bytes that tell the telephone how to join them.
const (
	septetsAlone = 160
	septetsPart  = 153
	unitsAlone   = 70
	unitsPart    = 67
)

// SMS is a text as it goes out by SMS, and what it costs in messages.
type SMS struct {
	Text  string   // composed accents: a letter with its accent apart would count twice
	Wide  bool     // written in UCS-2, because it must be or was asked to be; otherwise in GSM 03.38
	Units int      // septets, or UTF-16 units when Wide
	Parts []string // never empty; no letter is cut in two
}

// SplitSMS makes an SMS of a text in the narrowest alphabet it fits.
func SplitSMS(s string) SMS {
	m := SMS{Text: norm.NFC.String(s)}
	units := 0
	for _, r := range m.Text {
		n := septetsOf(r)
		if n == 0 {
			return SplitWideSMS(s)
		}
		units += n
	}
	m.Units = units
	m.Parts = split(m.Text, units, septetsAlone, septetsPart, septetsOf)
	return m
}

// SplitWideSMS makes an SMS of a text in UCS-2 even where GSM 03.38 would hold it, for gateways whose narrow alphabet is less than that.
func SplitWideSMS(s string) SMS {
	m := SMS{Text: norm.NFC.String(strings.ToValidUTF8(s, "\uFFFD")), Wide: true}
	for _, r := range m.Text {
		m.Units += utf16.RuneLen(r)
	}
	m.Parts = split(m.Text, m.Units, unitsAlone, unitsPart, utf16.RuneLen)
	return m
}

func split(text string, units, alone, part int, sizeOf func(rune) int) []string {
	if units <= alone {
		return []string{text}
	}
	var parts []string
	from, held := 0, 0
	for i, r := range text {
		n := sizeOf(r)
		if held+n > part {
			parts = append(parts, text[from:i])
			from, held = i, 0
		}
		held += n
	}
	return append(parts, text[from:])
}

// Septets counts the septets of a text as it stands, and says whether GSM 03.38 has all of it.
func Septets(s string) (int, bool) {
	n := 0
	for _, r := range s {
		k := septetsOf(r)
		if k == 0 {
			return 0, false
		}
		n += k
	}
	return n, true
}

// EncodeGSM writes a text in GSM 03.38, one byte for a septet; it says whether the alphabet has all of it.
func EncodeGSM(s string) ([]byte, bool) {
	b := make([]byte, 0, len(s))
	for _, r := range s {
		c, ok := gsmCodes[r]
		if !ok {
			return nil, false
		}
		if c&gsmExtended != 0 {
			b = append(b, gsmEscape)
		}
		b = append(b, byte(c))
	}
	return b, true
}

// DecodeGSM reads a text in GSM 03.38, one byte for a septet. What the alphabet does not know becomes the replacement character, and a
// letter of an unknown extension the plain letter, as telephones show it.
func DecodeGSM(b []byte) string {
	var out strings.Builder
	for i := 0; i < len(b); i++ {
		c := b[i]
		if c == gsmEscape && i+1 < len(b) {
			i++
			if r, ok := gsmExtension[b[i]]; ok {
				out.WriteRune(r)
				continue
			}
			c = b[i]
		}
		switch {
		case c == gsmEscape:
			out.WriteByte(' ')
		case int(c) < len(gsmAlphabet):
			out.WriteRune(gsmAlphabet[c])
		default:
			out.WriteRune(utf8.RuneError)
		}
	}
	return out.String()
}

const (
	gsmEscape   = 0x1B
	gsmExtended = 0x100 // in gsmCodes: the letter follows an escape
)

// gsmAlphabet is the table of GSM 03.38 by code; the escape stands as itself.
var gsmAlphabet = []rune("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà")

var gsmExtension = map[byte]rune{0x0A: '\f', 0x14: '^', 0x28: '{', 0x29: '}', 0x2F: '\\', 0x3C: '[', 0x3D: '~', 0x3E: ']', 0x40: '|', 0x65: '€'}

var gsmCodes = func() map[rune]uint16 {
	m := map[rune]uint16{}
	for c, r := range gsmAlphabet {
		if c != gsmEscape {
			m[r] = uint16(c)
		}
	}
	for c, r := range gsmExtension {
		m[r] = gsmExtended | uint16(c)
	}
	return m
}()

// septetsOf is 0 for what GSM 03.38 has not.
func septetsOf(r rune) int {
	if r < utf8.RuneSelf && (r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == ' ') { // nearly all of a text
		return 1
	}
	switch c, ok := gsmCodes[r]; {
	case !ok:
		return 0
	case c&gsmExtended != 0:
		return 2
	}
	return 1
}

// plainLetters are the letters that become one letter of ASCII whatever stands beside them, by their code; 0: look closer. Broadcasts write
// names this way a million times.
var plainLetters = sync.OnceValue(func() *[0x1F00]byte {
	var out [0x1F00]byte
	for r := range rune(len(out)) {
		if p := unaccent(string(r)); r != '\r' && len(p) == 1 {
			out[r] = p[0]
		}
	}
	return &out
})

func unaccentFast(s string) (string, bool) {
	plain := plainLetters()
	b := make([]byte, 0, len(s))
	for _, r := range s {
		if int(r) >= len(plain) || plain[r] == 0 {
			return "", false
		}
		b = append(b, plain[r])
	}
	return string(b), true
}

// typographic are the signs that word processors put for plain ones, and those that have a plain spelling. Đ and đ come apart by no rule of
// Unicode.
var typographic = strings.NewReplacer(
	"đ", "d", "Đ", "D", "ð", "d", "Ð", "D", "Ɖ", "D", "ı", "i", "₫", "d",
	"“", `"`, "”", `"`, "„", `"`, "‟", `"`, "«", `"`, "»", `"`, "″", `"`,
	"‘", "'", "’", "'", "‚", "'", "‛", "'", "′", "'", "`", "'", "´", "'",
	"‐", "-", "‑", "-", "‒", "-", "–", "-", "—", "-", "―", "-", "−", "-", "•", "-", "·", "-", "●", "-", "▪", "-",
	"…", "...", "×", "x", "÷", ":", "≤", "<=", "≥", ">=", "→", "->", "½", "1/2", "¼", "1/4", "¾", "3/4", "²", "2", "³", "3", "º", "o", "°", "o", "©", "(c)", "®", "(r)", "™", "(tm)",
	"\t", " ", "\u00a0", " ", "\u2002", " ", "\u2003", " ", "\u2004", " ", "\u2005", " ", "\u2006", " ", "\u2007", " ", "\u2008", " ", "\u2009", " ", "\u200a", " ", "\u202f", " ", "\u205f", " ", "\u3000", " ",
	"\u00ad", "", "\u200b", "", "\u200c", "", "\u200e", "", "\u200f", "", "\u202a", "", "\u202b", "", "\u202c", "", "\u202d", "", "\u202e", "", "\u2060", "", "\ufeff", "",
	"\r\n", "\n", "\u2028", "\n", "\u2029", "\n",
)

// Unaccent writes a text as people write an SMS without accents: plain letters, plain quotation marks and dashes. Letters of other scripts
// and pictures stay as they are.
func Unaccent(s string) string {
	if plain, ok := unaccentFast(s); ok {
		return plain
	}
	return unaccent(s)
}

func unaccent(s string) string {
	s = norm.NFD.String(typographic.Replace(norm.NFC.String(strings.ToValidUTF8(s, ""))))
	var b strings.Builder
	b.Grow(len(s))
	latin := false // accents belong to the letter before; those of other scripts are letters themselves
	for _, r := range s {
		if isMark(r) && latin {
			continue
		}
		if !isMark(r) {
			latin = r < utf8.RuneSelf
		}
		b.WriteRune(r)
	}
	return norm.NFC.String(b.String())
}
