package sheet

import (
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

// utf16Reader turns UTF-16 into UTF-8 and refuses halves of pairs, which no program writes.
type utf16Reader struct {
	in    io.Reader
	big   bool
	raw   []byte
	kept  int
	text  []byte // all that was decoded last
	out   []byte // what of it is not handed over yet
	high  rune
	start bool
	err   error
}

func newUTF16Reader(in io.Reader, c charset) *utf16Reader {
	return &utf16Reader{in: in, big: c == utf16Big || c == utf16BigMarked, raw: make([]byte, 32<<10), start: true}
}

// Read gives the next stretch of UTF-8.
func (u *utf16Reader) Read(b []byte) (int, error) {
	for len(u.out) == 0 && u.err == nil {
		u.fill()
	}
	if len(u.out) == 0 {
		return 0, u.err
	}
	n := copy(b, u.out)
	u.out = u.out[n:]
	return n, nil
}

func (u *utf16Reader) fill() {
	n, err := u.in.Read(u.raw[u.kept:])
	u.err = err
	raw := u.raw[:u.kept+n]
	u.text = u.text[:0]
	defer func() { u.out = u.text }()
	for ; len(raw) >= 2; raw = raw[2:] {
		r := rune(raw[0]) | rune(raw[1])<<8
		if u.big {
			r = rune(raw[0])<<8 | rune(raw[1])
		}
		if u.start {
			u.start = false
			if r == 0xFEFF {
				continue
			}
		}
		switch {
		case u.high != 0:
			r = utf16.DecodeRune(u.high, r)
			u.high = 0
			if r == utf8.RuneError {
				u.err = &Error{Code: BadEncoding}
				return
			}
		case r >= 0xD800 && r < 0xDC00:
			u.high = r
			continue
		case r >= 0xDC00 && r < 0xE000:
			u.err = &Error{Code: BadEncoding}
			return
		}
		u.text = utf8.AppendRune(u.text, r)
	}
	u.kept = copy(u.raw, raw)
	if u.err == io.EOF && (u.kept > 0 || u.high != 0) {
		u.err = &Error{Code: BadEncoding}
	}
}
