package vn

import (
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Letter shapes that make a different letter of the Vietnamese alphabet, in
// the order in which the alphabet lists them after the plain letter.
const (
	plain      = iota
	breve      // ă
	circumflex // â ê ô
	horn       // ơ ư
	stroke     // đ
)

// Tones in dictionary order: level, huyền, hỏi, ngã, sắc, nặng.
const (
	level = iota
	huyen
	hoi
	nga
	sac
	nang
)

// letter is what remains of a rune once its accents are taken apart; a base of
// zero says that the rune is not an accented Latin letter.
type letter struct {
	base  byte // lower-case ASCII
	shape byte
	tone  byte
}

const (
	latinEnd = 0x0250 // end of Latin Extended-B, which holds Đ, Ơ and Ư
	vietFrom = 0x1E00 // Latin Extended Additional holds the toned letters
	vietEnd  = 0x1F00
	markFrom = 0x0300 // combining marks, as decomposed text carries them
	markEnd  = 0x0370
)

// letters answers for every rune of the Latin blocks, so that the usual name
// never reaches the Unicode tables.
var letters = func() (t struct {
	low  [latinEnd]letter
	high [vietEnd - vietFrom]letter
}) {
	for r := rune(0); r < latinEnd; r++ {
		t.low[r] = takeApart(r)
	}
	for r := rune(vietFrom); r < vietEnd; r++ {
		t.high[r-vietFrom] = takeApart(r)
	}
	return t
}()

func takeApart(r rune) letter {
	switch r {
	case 'đ', 'Đ', 'ð', 'Ð', 'Ɖ': // eth and African D are common slips for Đ
		return letter{base: 'd', shape: stroke}
	case 'ı':
		return letter{base: 'i'}
	}
	var l letter
	for i, d := range norm.NFD.String(string(r)) {
		if i == 0 {
			d = unicode.ToLower(d)
			if d > unicode.MaxASCII || !('a' <= d && d <= 'z' || '0' <= d && d <= '9') {
				return letter{}
			}
			l.base = byte(d)
			continue
		}
		l.add(d)
	}
	return l
}

// add puts a combining mark on the letter; a mark that Vietnamese does not
// know leaves it as it is.
func (l *letter) add(mark rune) {
	switch mark {
	case 0x0300:
		l.tone = huyen
	case 0x0301:
		l.tone = sac
	case 0x0303:
		l.tone = nga
	case 0x0309:
		l.tone = hoi
	case 0x0323:
		l.tone = nang
	case 0x0302:
		l.shape = circumflex
	case 0x0306:
		l.shape = breve
	case 0x031B:
		l.shape = horn
	}
}

func letterOf(r rune) letter {
	switch {
	case r < 0:
		return letter{}
	case r < latinEnd:
		return letters.low[r]
	case vietFrom <= r && r < vietEnd:
		return letters.high[r-vietFrom]
	}
	return letter{}
}

func isMark(r rune) bool { return markFrom <= r && r < markEnd }
