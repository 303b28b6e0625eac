package sheet

import (
	"bytes"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// escapeSize is the length of _xHHHH_, by which workbooks write characters that XML cannot carry.
const escapeSize = 7

// isEscape reports whether the text starts with _xHHHH_ and which unit of UTF-16 that is.
func isEscape[T string | []byte](s T) (unit uint16, ok bool) {
	if len(s) < escapeSize || s[0] != '_' || s[1] != 'x' || s[6] != '_' {
		return 0, false
	}
	n, err := strconv.ParseUint(string(s[2:6]), 16, 16)
	return uint16(n), err == nil
}

// unescape resolves _xHHHH_ in place.
func unescape(b []byte) []byte {
	first := bytes.Index(b, []byte("_x"))
	if first < 0 {
		return b
	}
	out := b[:first]
	for i := first; i < len(b); {
		unit, ok := isEscape(b[i:])
		if !ok {
			out = append(out, b[i])
			i++
			continue
		}
		i += escapeSize
		r := rune(unit)
		if utf16.IsSurrogate(r) {
			second, ok := isEscape(b[i:])
			r = utf16.DecodeRune(r, rune(second))
			if ok && r != utf8.RuneError {
				i += escapeSize
			}
		}
		out = utf8.AppendRune(out, r)
	}
	return out
}

// appendEscaped writes a text so that XML and every spreadsheet program give it back unchanged.
func appendEscaped(dst []byte, s string) []byte {
	for i, r := range s {
		switch {
		case r == '&':
			dst = append(dst, "&amp;"...)
		case r == '<':
			dst = append(dst, "&lt;"...)
		case r == '>':
			dst = append(dst, "&gt;"...)
		case r == '"':
			dst = append(dst, "&quot;"...)
		case r == '_':
			if _, ok := isEscape(s[i:]); ok {
				dst = append(dst, "_x005F"...)
			}
			dst = append(dst, '_')
		case r == '\t' || r == '\n':
			dst = append(dst, byte(r))
		case r < ' ' || r == 0xFFFE || r == 0xFFFF:
			const hex = "0123456789ABCDEF"
			dst = append(dst, '_', 'x', hex[r>>12&15], hex[r>>8&15], hex[r>>4&15], hex[r&15], '_')
		default:
			dst = utf8.AppendRune(dst, r)
		}
	}
	return dst
}
