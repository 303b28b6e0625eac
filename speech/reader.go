package speech

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// ErrAbbreviation says that an operator's abbreviation cannot be told from an ordinary word.
var ErrAbbreviation = errors.New("not an abbreviation")

// Reader writes a text out as it is read aloud: letters, spaces and the punctuation that makes a voice pause.
type Reader struct {
	style Style
	short map[string]string
}

// NewReader makes a reader; own abbreviations come before those it knows. A key is letters, with two capitals or without a vowel.
func NewReader(style Style, own map[string]string) (*Reader, error) {
	r := &Reader{style: style.filled(), short: abbreviations}
	for _, word := range []string{r.style.Thousand, r.style.Odd} {
		if r.Aloud(word) != word {
			return nil, fmt.Errorf("%w: %q is no word to say", ErrAbbreviation, word)
		}
	}
	if len(own) == 0 {
		return r, nil
	}
	all := make(map[string]string, len(abbreviations)+len(own))
	for k, v := range abbreviations {
		all[k] = v
	}
	for k, v := range own {
		k = clean(k)
		said := r.Aloud(v)
		if k == "" || strings.IndexFunc(k, func(c rune) bool { return !isLetter(c) }) >= 0 || capitals(k) < 2 && hasVowel(k) || said == "" {
			return nil, fmt.Errorf("%w: %q", ErrAbbreviation, k)
		}
		all[k] = said
	}
	r.short = all
	return r, nil
}

// Aloud writes a text out. What comes out comes out the same when it goes in again.
func (r *Reader) Aloud(text string) string {
	sc := &scan{r: r}
	for line := range strings.Lines(text) {
		if line = clean(line); line != "" {
			sc.lineEnd()
			sc.read(line)
		}
	}
	return sc.text()
}

// clean brings a line to one form of every letter, dash and quote, without marks and characters nobody sees.
func clean(line string) string {
	line = strings.Map(func(r rune) rune {
		switch {
		case r == 'Ɖ' || r == 'Ð':
			return 'Đ'
		case r == 'ð':
			return 'đ'
		case r == '’' || r == '‘' || r == 'ʼ' || r == '′' || r == '´':
			return '\''
		case r == '⁄':
			return '/'
		case unicode.Is(unicode.Pd, r) || r == '−':
			return '-'
		case r == utf8.RuneError || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.M, r):
			return -1
		case unicode.IsSpace(r) || unicode.IsControl(r):
			return ' '
		}
		return r
	}, norm.NFKC.String(line))
	return strings.Trim(line, " ")
}

// scan reads one line after the other. Rules look back only at what was said, never at what was written, so that reading the result
// again finds nothing new.
type scan struct {
	r   *Reader
	s   string
	i   int
	out []string // words, and marks
}

const marks = ",:;.?!" // the weaker before the stronger

func isMark(w string) bool { return len(w) == 1 && strings.Contains(marks, w) }

func (sc *scan) read(line string) {
	sc.s, sc.i = line, 0
	for sc.i < len(sc.s) {
		c, size := utf8.DecodeRuneInString(sc.s[sc.i:])
		switch {
		case c == ' ':
			sc.i++
		case isDigit(sc.s[sc.i]):
			if !sc.address() {
				sc.numeral()
			}
		case isLetter(c):
			if !sc.address() {
				sc.word()
			}
		default:
			sc.sign(c, size)
		}
	}
}

// say adds words; a comma within them is a pause.
func (sc *scan) say(words string) {
	for _, w := range strings.Fields(words) {
		mark := w[len(w)-1:]
		if !isMark(mark) {
			sc.out = append(sc.out, w)
			continue
		}
		if w = w[:len(w)-1]; w != "" {
			sc.out = append(sc.out, w)
		}
		sc.mark(mark)
	}
}

// mark adds a pause; of two in a row the stronger stays, and none comes first.
func (sc *scan) mark(m string) {
	switch last := len(sc.out) - 1; {
	case last < 0:
	case !isMark(sc.out[last]):
		sc.out = append(sc.out, m)
	case strings.Index(marks, m) > strings.Index(marks, sc.out[last]):
		sc.out[last] = m
	}
}

// lineEnd makes a pause of the end of a line that has none.
func (sc *scan) lineEnd() {
	if n := len(sc.out); n > 0 && !isMark(sc.out[n-1]) {
		sc.mark(".")
	}
}

// said is the word n before the next, 1 being the last, in small letters; nothing when a pause stands there.
func (sc *scan) said(n int) string {
	if n > len(sc.out) || isMark(sc.out[len(sc.out)-n]) {
		return ""
	}
	return lower(sc.out[len(sc.out)-n])
}

// after says whether the last word is in a list of words.
func (sc *scan) after(list string) bool {
	w := sc.said(1)
	return w != "" && strings.Contains(list, " "+w+" ")
}

// saidJust says whether these words were the last ones, whatever pause came since.
func (sc *scan) saidJust(words string) bool {
	have := sc.out
	if len(have) > 0 && isMark(have[len(have)-1]) {
		have = have[:len(have)-1]
	}
	want := strings.Fields(words)
	if len(have) < len(want) {
		return false
	}
	return strings.EqualFold(strings.Join(have[len(have)-len(want):], " "), strings.Join(want, " "))
}

func (sc *scan) rest() string { return sc.s[sc.i:] }

func (sc *scan) text() string {
	if n := len(sc.out); n > 0 && strings.Contains(",:;", sc.out[n-1]) { // nothing follows it
		sc.out = sc.out[:n-1]
	}
	var b strings.Builder
	for i, w := range sc.out {
		if i > 0 && !isMark(w) {
			b.WriteByte(' ')
		}
		b.WriteString(w)
	}
	return b.String()
}
