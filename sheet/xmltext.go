package sheet

import (
	"bytes"
	"strconv"
	"unicode/utf8"
)

// attr gives the value of one attribute by its local name, still escaped.
func attr(attrs []byte, name string) []byte {
	for {
		key, value, rest, ok := nextAttr(attrs)
		if !ok {
			return nil
		}
		if string(localName(key)) == name {
			return value
		}
		attrs = rest
	}
}

// nextAttr takes one name="value" off the front.
func nextAttr(b []byte) (key, value, rest []byte, ok bool) {
	i := 0
	for i < len(b) && b[i] <= ' ' {
		i++
	}
	start := i
	for i < len(b) && b[i] != '=' && b[i] > ' ' {
		i++
	}
	key = b[start:i]
	for i < len(b) && (b[i] <= ' ' || b[i] == '=') {
		i++
	}
	if i >= len(b) || len(key) == 0 || b[i] != '"' && b[i] != '\'' {
		return nil, nil, nil, false
	}
	stop := bytes.IndexByte(b[i+1:], b[i])
	if stop < 0 {
		return nil, nil, nil, false
	}
	return key, b[i+1 : i+1+stop], b[i+stop+2:], true
}

// localName drops a namespace prefix: some programs write <x:row>.
func localName(name []byte) []byte {
	return name[bytes.IndexByte(name, ':')+1:]
}

// appendText adds the letters of an XML text with its entities and line ends resolved.
func appendText(dst, raw []byte, cdata bool) ([]byte, error) {
	if !cdata && bytes.IndexByte(raw, '&') >= 0 {
		return appendEntities(dst, raw)
	}
	if bytes.IndexByte(raw, '\r') >= 0 {
		return appendLines(dst, raw), nil
	}
	return append(dst, raw...), nil
}

// appendLines turns CR LF and a lone CR into LF, as XML demands.
func appendLines(dst, raw []byte) []byte {
	for i, c := range raw {
		switch {
		case c != '\r':
			dst = append(dst, c)
		case i+1 == len(raw) || raw[i+1] != '\n':
			dst = append(dst, '\n')
		}
	}
	return dst
}

func appendEntities(dst, raw []byte) ([]byte, error) {
	for {
		i := bytes.IndexByte(raw, '&')
		if i < 0 {
			return appendLines(dst, raw), nil
		}
		dst = appendLines(dst, raw[:i])
		stop := bytes.IndexByte(raw[i:min(len(raw), i+12)], ';')
		if stop < 0 {
			return dst, damaged(errXML)
		}
		r, ok := entity(string(raw[i+1 : i+stop]))
		if !ok {
			return dst, damaged(errXML)
		}
		dst = utf8.AppendRune(dst, r)
		raw = raw[i+stop+1:]
	}
}

func entity(name string) (rune, bool) {
	switch name {
	case "amp":
		return '&', true
	case "lt":
		return '<', true
	case "gt":
		return '>', true
	case "quot":
		return '"', true
	case "apos":
		return '\'', true
	}
	if len(name) < 2 || name[0] != '#' {
		return 0, false
	}
	digits, base := name[1:], 10
	if digits[0] == 'x' {
		digits, base = digits[1:], 16
	}
	n, err := strconv.ParseUint(digits, base, 32)
	return rune(n), err == nil && utf8.ValidRune(rune(n))
}
