package speech

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

var (
	initials  = regexp.MustCompile(`^(?:[A-ZĐ]\.){2,}[A-ZĐ]?`)
	unitWord  = regexp.MustCompile(`^(?:[kc]?m[23])`)
	phoneArea = regexp.MustCompile(`^\((0\d{1,3})\)[ .-]?(\d{3,4})[ .-]?(\d{3,4})`)
	yearAfter = regexp.MustCompile(`^/((?:19|20)\d{2})`)
)

// letters is the run of letters at the start of s; an apostrophe between two of them belongs to a name such as K'Ho.
func letters(s string) string {
	end := 0
	for i, r := range s {
		if isLetter(r) {
			end = i + utf8.RuneLen(r)
			continue
		}
		if r != '\'' || i == 0 || end != i {
			break
		}
	}
	return s[:end]
}

// endsWord says that no letter or digit stands at the start of s.
func endsWord(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return s == "" || !isLetter(r) && !(r < 0x80 && isDigit(byte(r)))
}

func (sc *scan) word() {
	rest := sc.rest()
	for _, p := range phrases {
		if strings.HasPrefix(rest, p.short) && endsWord(rest[len(p.short):]) {
			sc.i += len(p.short)
			sc.say(p.long)
			return
		}
	}
	if m := unitWord.FindString(rest); m != "" && endsWord(rest[len(m):]) {
		sc.unit(m)
		return
	}
	if m := initials.FindString(rest); m != "" && endsWord(rest[len(m):]) {
		sc.i += len(m)
		sc.short(strings.ReplaceAll(m, ".", ""))
		return
	}
	w := letters(rest)
	sc.i += len(w)
	if sc.dottedShort(w) {
		return
	}
	if strings.Contains(w, "'") {
		w = joined(w)
	}
	if !sc.romanNumber(w) {
		sc.short(w)
	}
}

// joined is a name with an apostrophe as one word: only its first letter is a capital.
func joined(w string) string {
	w = strings.ReplaceAll(w, "'", "")
	_, n := utf8.DecodeRuneInString(w)
	return w[:n] + lower(w[n:])
}

// dottedShort says P., TP. and the like with the name or number they stand before.
func (sc *scan) dottedShort(w string) bool {
	long, ok := dotted[w]
	rest := sc.rest()
	if !ok || !strings.HasPrefix(rest, ".") {
		return false
	}
	next := strings.TrimLeft(rest[1:], " ")
	r, _ := utf8.DecodeRuneInString(next)
	if next == "" || !isLetter(r) && !isDigit(next[0]) || isLetter(r) && lower(string(r)) == string(r) {
		return false
	}
	sc.i++
	sc.say(long)
	return true
}

// romanNumber says a Roman number where one is expected, and elsewhere only one that is no Vietnamese word.
func (sc *scan) romanNumber(w string) bool {
	n, ok := roman(w)
	if !ok {
		return false
	}
	switch {
	case sc.after(numbered):
	case len(w) < 2 || strings.Trim(w, "IVX") != "" || isSyllable(w):
		return false
	}
	sc.ordinal(n)
	return true
}

// ordinal says a number behind "thứ" by its place: thứ nhất, thứ tư.
func (sc *scan) ordinal(n int) {
	switch said := sc.said(1); {
	case said == "thứ" && n == 1:
		sc.say("nhất")
	case n == 4 && (said == "thứ" || said == "tháng"):
		sc.say("tư")
	default:
		sc.say(sc.r.style.Number(int64(n)))
	}
}

// short says a word, written out when it is a short form.
func (sc *scan) short(w string) {
	long, ok := sc.r.lookup(w)
	if !ok {
		if long = sayWord(w); long != w { // YouTube comes out as one word that may be known
			if known, ok := sc.r.lookup(long); ok {
				long = known
			}
		}
	}
	switch {
	case w == "TT" && sc.numberAhead():
		sc.say("thông tư")
	case w == "đ" && sc.after(" nghìn ngàn triệu tỷ tỉ trăm "):
		sc.say("đồng")
	case ok && sc.bracketed() && sc.saidJust(long): // "bảo hiểm y tế (BHYT)" is said once
		sc.out = sc.out[:len(sc.out)-1]
		sc.i++
	default:
		sc.say(long)
	}
}

// lookup finds a short form; in small letters only where it could be no word.
func (r *Reader) lookup(w string) (string, bool) {
	long, ok := r.short[w]
	if !ok && (!hasVowel(w) || capitals(w) == 0 && !isSyllable(w)) {
		long, ok = r.short[strings.Map(upper, w)]
	}
	return long, ok
}

func upper(r rune) rune {
	if r == 'đ' {
		return 'Đ'
	}
	if 'a' <= r && r <= 'z' {
		return r - 'a' + 'A'
	}
	return r
}

func (sc *scan) numberAhead() bool {
	rest := strings.TrimLeft(sc.rest(), " ")
	return rest != "" && isDigit(rest[0])
}

// bracketed says whether the word just read stood alone in brackets.
func (sc *scan) bracketed() bool {
	rest := sc.rest()
	open := strings.LastIndexByte(sc.s[:sc.i], '(')
	return open >= 0 && strings.HasPrefix(rest, ")") && len(sc.out) > 0 && isMark(sc.out[len(sc.out)-1]) && !strings.Contains(sc.s[open:sc.i], " ")
}

// sign says or passes over whatever is no letter, digit or space.
func (sc *scan) sign(c rune, size int) {
	rest := sc.rest()
	if c == '(' {
		if m := phoneArea.FindStringSubmatch(rest); m != nil && endsWord(rest[len(m[0]):]) {
			sc.i += len(m[0])
			sc.say(oneByOne(m[1]) + ", " + oneByOne(m[2]) + ", " + oneByOne(m[3]))
			return
		}
	}
	if c == '+' && sc.telephone() {
		return
	}
	before, _ := utf8.DecodeLastRuneInString(sc.s[:sc.i])
	start := sc.i == 0 || before == ' ' || before == '('
	sc.i += size
	switch {
	case strings.ContainsRune(marks, c):
		sc.mark(string(c))
	case c == '(' || c == ')' || c == '[' || c == ']' || c == '{' || c == '}' || c == '|' || c == '→' || c == '•' && !start:
		sc.mark(",")
	case c == '-' && sc.numberAhead() && sc.after(" đồng triệu nghìn ngàn tỷ tỉ giờ phút "):
		sc.say("đến")
	case c == '-' && start && sc.rest() != "" && isDigit(sc.rest()[0]):
		sc.say("âm")
	case (c == '$' || c == '€') && sc.rest() != "" && isDigit(sc.rest()[0]):
		sc.quantity()
		sc.say(signs[c])
	case c == '-' && sc.i > 1 && start:
		sc.mark(",")
	case c == '/':
		sc.slash()
	default:
		sc.say(signs[c])
	}
}

// slash says what a slash between two words means: for each, of the year, or.
func (sc *scan) slash() {
	next := letters(sc.rest())
	digits := strings.TrimLeft(sc.rest(), "0123456789")
	switch said := sc.said(1); {
	case said == "" || sc.rest() == "":
	case yearAfter.MatchString(sc.s[sc.i-1:]) && len(sc.rest())-len(digits) == 4 && endsWord(digits):
		sc.say("năm")
	case next == "":
	case strings.Contains(perWords, " "+lower(next)+" "), unitWord.MatchString(sc.rest()):
		sc.say("một")
	case said == "và" || said == "hoặc" || lower(next) == "hoặc" || lower(next) == "và":
	default:
		sc.say("hoặc")
	}
}
