package sheet

import (
	"errors"
	"iter"
	"unicode/utf8"
)

// texts is the table of shared texts. A thousand texts lie in one string with their ends beside it,
// so a million of them cost their letters and four bytes each.
type texts struct {
	groups []textGroup
	count  int
	bytes  int64

	open []byte // letters of the group being filled
	ends []uint32
}

type textGroup struct {
	letters string
	ends    []uint32
}

const groupSize = 1024

// at gives one text; the string shares its group's memory.
func (t *texts) at(i int) (string, bool) {
	if i < 0 || i >= t.count {
		return "", false
	}
	g := &t.groups[i/groupSize]
	i %= groupSize
	from := uint32(0)
	if i > 0 {
		from = g.ends[i-1]
	}
	return g.letters[from:g.ends[i]], true
}

// all goes through the texts in their order.
func (t *texts) all() iter.Seq[string] {
	return func(yield func(string) bool) {
		for i := range t.count {
			if text, _ := t.at(i); !yield(text) {
				return
			}
		}
	}
}

// add takes the next text.
func (t *texts) add(text []byte) {
	t.open = append(t.open, text...)
	t.ends = append(t.ends, uint32(len(t.open)))
	t.count++
	t.bytes += int64(len(text)) + 4
	if len(t.ends) == groupSize {
		t.close()
	}
}

// close settles the group being filled.
func (t *texts) close() {
	if len(t.ends) == 0 {
		return
	}
	ends := make([]uint32, len(t.ends))
	copy(ends, t.ends)
	t.groups = append(t.groups, textGroup{string(t.open), ends})
	t.open, t.ends = t.open[:0], t.ends[:0]
}

// readTexts reads the part with shared texts, within the memory allowed for them.
func readTexts(a *archive, part string) (*texts, error) {
	in, err := a.open(part)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	s, err := newScanner(in)
	if err != nil {
		return nil, err
	}
	t := &texts{}
	var text []byte
	for {
		token, err := s.next()
		switch {
		case err != nil:
			return nil, err
		case token == tokenEnd:
			t.close()
			return t, nil
		case token != tokenOpen || string(s.name) != "si":
			continue
		}
		if text, err = s.richText(text[:0], a.limits.CellChars); err != nil {
			return nil, err
		}
		t.add(text)
		if t.bytes > a.limits.TextBytes {
			return nil, &Error{Code: TooLarge, Max: a.limits.TextBytes}
		}
	}
}

// richText reads the letters inside <si> or <is>: all runs joined, without the reading aids of East
// Asian text.
func (s *scanner) richText(dst []byte, limit int) ([]byte, error) {
	if s.empty {
		return dst, nil
	}
	start := len(dst)
	for inside := s.depth; s.depth >= inside; {
		token, err := s.next()
		switch {
		case err != nil:
			return dst, err
		case token == tokenEnd:
			return dst, damaged(errors.New("a text that does not end"))
		case token != tokenOpen:
			continue
		}
		switch string(s.name) {
		case "t":
			if dst, err = s.letters(dst, start, limit); err != nil {
				return dst, err
			}
		case "rPh", "rPr", "phoneticPr":
			if err := s.skip(); err != nil {
				return dst, err
			}
		}
	}
	letters := unescape(dst[start:])
	if !utf8.Valid(letters) {
		return dst, &Error{Code: BadEncoding}
	}
	if tooLong(letters, limit) {
		return dst, &Error{Code: CellTooLong, Max: int64(limit)}
	}
	return dst[:start+len(letters)], nil
}

// letters reads the plain text of the element that was just opened; the cell began at start.
func (s *scanner) letters(dst []byte, start, limit int) ([]byte, error) {
	if s.empty {
		return dst, nil
	}
	for inside := s.depth; s.depth >= inside; {
		token, err := s.next()
		switch {
		case err != nil:
			return dst, err
		case token == tokenEnd:
			return dst, damaged(errors.New("a text that does not end"))
		case token == tokenText:
			if dst, err = appendText(dst, s.text, s.cdata); err != nil {
				return dst, err
			}
			// A letter written as an escape takes seven bytes until it is resolved.
			if len(dst)-start > escapeSize*limit {
				return dst, &Error{Code: CellTooLong, Max: int64(limit)}
			}
		}
	}
	return dst, nil
}
