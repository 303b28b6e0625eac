package speech

import (
	"regexp"
	"strconv"
	"strings"
)

var (
	figure    = regexp.MustCompile(`^(?:\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d{1,3}(?:,\d{3}){2,}|\d+(?:[.,]\d+)?)`)
	spaced    = regexp.MustCompile(`^([1-9]\d{0,2}(?: \d{3})+)(?: ?(?:đồng|đ|VNĐ|VND|vnđ|₫|USD))`)
	pieces    = regexp.MustCompile(`^\d+(?:\.\d+)+`)
	half      = regexp.MustCompile(`^(\d{1,3})(tr|m)(\d{1,2})`)
	hotline   = regexp.MustCompile(`^(1[89]00)[ .-]?(\d{2}[ .-]?\d{2}(?:[ .-]?\d{2})?)`)
	telephone = regexp.MustCompile(`^(?:\+84|0)[ .-]?\d{1,3}(?:[ .-]?\d{2,4}){2,3}`)
	idNumber  = regexp.MustCompile(`^\d{3}(?: \d{3}){3}`)
	emergency = regexp.MustCompile(`^(?:11[1-5]|1022)`)
	fraction  = regexp.MustCompile(`^(\d{1,4})/(\d{1,4})`)
	onward    = regexp.MustCompile(`^( *)- *(\d+)`)
	thousands = regexp.MustCompile(`^\d{1,3}(?:\.\d{3})+(?:,\d+)?$`)
	times     = regexp.MustCompile(`^ ?[xX×] ?\d`)
)

// whole says that a match is not cut out of something longer.
func whole(match, s string) bool { return match != "" && endsWord(s[len(match):]) }

// goesOn says that figures go on behind a match, as in 1.234.56.
func goesOn(s string) bool {
	return s != "" && (isDigit(s[0]) || len(s) > 1 && (s[0] == '.' || s[0] == ',') && isDigit(s[1]))
}

// numeral says whatever starts with a digit: the first rule that knows it.
func (sc *scan) numeral() {
	if sc.document() || sc.date() || sc.clock() || sc.telephone() || sc.coded() || sc.parts() {
		return
	}
	sc.quantity()
}

// telephone says a telephone number digit by digit, in the groups in which it is written or else the usual ones.
func (sc *scan) telephone() bool {
	rest := sc.rest()
	m := hotline.FindString(rest)
	if !whole(m, rest) {
		m = telephone.FindString(rest)
	}
	digits := oneRun(m)
	if n := len(digits); !whole(m, rest) || n < 8 || n > 11 || goesOn(rest[len(m):]) {
		return false
	}
	sc.i += len(m)
	if m[0] == '+' {
		sc.say("cộng")
	}
	if groups := strings.FieldsFunc(m, func(r rune) bool { return r == ' ' || r == '.' || r == '-' || r == '+' }); len(groups) > 1 {
		for i, g := range groups {
			if i > 0 {
				sc.mark(",")
			}
			sc.say(oneByOne(g))
		}
		return true
	}
	first := 4
	if m[0] == '+' {
		first = 2
	}
	sc.say(inGroups(digits, first, 3))
	return true
}

func oneRun(s string) string {
	return strings.Map(func(r rune) rune {
		if '0' <= r && r <= '9' {
			return r
		}
		return -1
	}, s)
}

// coded says figures that are a name: numbers of identity cards and books, emergency numbers, anything that starts with a nought.
func (sc *scan) coded() bool {
	rest := sc.rest()
	m := idNumber.FindString(rest)
	if !whole(m, rest) {
		if m = emergency.FindString(rest); whole(m, rest) && sc.after(" gọi số đài ") && !goesOn(rest[len(m):]) {
			sc.i += len(m)
			sc.say(oneByOne(m))
			return true
		}
		m = rest[:len(rest)-len(strings.TrimLeft(rest, "0123456789"))]
	}
	digits := oneRun(m)
	after := rest[len(m):]
	if goesOn(after) || digits == "" {
		return false
	}
	naught := digits[0] == '0' && len(digits) > 1 && (len(digits) > 2 || sc.after(codeWords) || digits == "00")
	if _, said := unitAt(after); said != "" && !naught {
		return false
	}
	if strings.HasPrefix(strings.TrimLeft(after, " "), "đồng") && !naught {
		return false
	}
	if len(digits) < 9 && !naught && !(len(digits) >= 6 && sc.after(codeWords)) {
		return false
	}
	sc.i += len(m)
	if len(digits) < 6 {
		sc.say(oneByOne(digits))
	} else {
		sc.say(inGroups(digits, 3, 3))
	}
	return true
}

// parts says 1/3 as a part of something and 24/24 as so many of so many.
func (sc *scan) parts() bool {
	rest := sc.rest()
	m := fraction.FindStringSubmatch(rest)
	if m == nil || !whole(m[0], rest) && unitStart(rest[len(m[0]):]) == 0 || goesOn(rest[len(m[0]):]) || strings.HasPrefix(rest[len(m[0]):], "/") || len(m[2]) == 4 && yearAfter.MatchString("/"+m[2]) {
		return false
	}
	sc.i += len(m[0])
	over, under := atoi(m[1]), atoi(m[2])
	said := "trên"
	if over < under && over < 10 && under <= 10 {
		said = "phần"
	}
	sc.say(sc.r.style.figures(m[1]) + " " + said + " " + sc.r.style.figures(m[2]))
	sc.units()
	return true
}

func atoi(digits string) int {
	n, _ := strconv.Atoi(digits)
	return n
}

// quantity says a number with what it counts, and "đến" when another follows behind a dash.
func (sc *scan) quantity() {
	rest := sc.rest()
	if m := half.FindStringSubmatch(rest); m != nil && whole(m[0], rest) && (m[2] == "tr" || len(m[3]) == 2) { // 1tr5, 1m65
		sc.i += len(m[0])
		said := map[string]string{"tr": "triệu", "m": "mét"}[m[2]]
		sc.say(sc.r.style.figures(m[1]) + " " + said + " " + sc.r.style.figures(m[3]))
		return
	}
	m := figure.FindString(rest)
	if s := spaced.FindStringSubmatch(rest); s != nil {
		m = s[1]
	}
	if goesOn(rest[len(m):]) {
		if m = pieces.FindString(rest); m == "" || goesOn(rest[len(m):]) {
			m = rest[:len(rest)-len(strings.TrimLeft(rest, "0123456789"))]
		}
	}
	sc.i += len(m)
	sc.amount(m)
	if times.MatchString(sc.rest()) {
		sc.i += strings.IndexAny(sc.rest(), "xX×")
		sc.i += len(times.FindString(sc.rest())) - len(strings.TrimLeft(times.FindString(sc.rest()), " xX×"))
		sc.say("nhân")
		return
	}
	sc.units()
	sc.upTo(m)
}

// amount says one number as it is written.
func (sc *scan) amount(m string) {
	st := sc.r.style
	m = strings.ReplaceAll(m, " ", "")
	grouped := strings.Count(m, ",") > 1 || thousands.MatchString(m)
	switch {
	case strings.Count(m, ",") > 1:
		sc.say(st.figures(oneRun(m)))
	case grouped:
		whole, part, _ := strings.Cut(m, ",")
		sc.say(st.figures(oneRun(whole)))
		if part != "" {
			sc.say("phẩy " + st.decimals(part))
		}
	case strings.Count(m, ".") > 1:
		for i, p := range strings.Split(m, ".") {
			if i > 0 {
				sc.say("chấm")
			}
			sc.say(st.figures(p))
		}
	case strings.Contains(m, ","):
		whole, part, _ := strings.Cut(m, ",")
		sc.say(st.figures(whole) + " phẩy " + st.decimals(part))
	case strings.Contains(m, "."):
		whole, part, _ := strings.Cut(m, ".")
		point := "chấm"
		if _, said := unitAt(sc.rest()); said != "" {
			point = "phẩy"
		}
		sc.say(st.figures(whole) + " " + point + " " + st.decimals(part))
	default:
		sc.counted(m)
	}
}

// counted says a plain whole number; as a month, a weekday or a day of a month it has its own words.
func (sc *scan) counted(digits string) {
	n := atoi(digits)
	next := strings.TrimLeft(sc.rest(), " ")
	switch said := sc.said(1); {
	case len(digits) > 9 || n > 31:
		sc.say(sc.r.style.figures(digits))
	case said == "ngày" && n >= 1 && n <= 10 && strings.HasPrefix(next, "tháng"):
		sc.say("mùng " + sc.r.style.figures(digits))
	default:
		sc.ordinal(n)
	}
}

// upTo says "đến" for a dash between two numbers: one without spaces, or with spaces when the second is the greater.
func (sc *scan) upTo(first string) {
	m := onward.FindStringSubmatch(sc.rest())
	if m == nil {
		return
	}
	after := sc.rest()[len(m[0]):]
	rising := atoi(oneRun(first)) < atoi(m[2]) || strings.ContainsAny(first, ".,") || strings.HasPrefix(after, ".") || strings.HasPrefix(after, ",")
	if !rising || strings.HasPrefix(after, "-") {
		if m[1] == "" && !rising {
			sc.i++ // 3-1: no more than two numbers
		}
		return
	}
	sc.to(m)
}

// to passes over the dash found by onward and says what it means.
func (sc *scan) to(m []string) {
	sc.i += len(m[0]) - len(m[2])
	sc.say("đến")
}

// units says the unit behind a number, if there is one, and "một" for the slash behind it.
func (sc *scan) units() {
	for range 2 { // 5 tr đ
		n, said := unitAt(sc.rest())
		if said == "" {
			return
		}
		sc.i += n
		if said == "nghìn" {
			sc.say(sc.r.style.Thousand)
		} else {
			sc.say(said)
		}
		if said != "triệu" && said != "nghìn" {
			return
		}
	}
}

// unit says a unit that stands without a number.
func (sc *scan) unit(sign string) {
	sc.i += len(sign)
	for _, u := range units {
		if u.sign == sign {
			sc.say(u.said)
			return
		}
	}
}

// unitAt is the unit at the start of s and how far it reaches.
func unitAt(s string) (int, string) {
	skip := len(s) - len(strings.TrimLeft(s, " "))
	for _, u := range units {
		if end := skip + len(u.sign); strings.HasPrefix(s[skip:], u.sign) && (endsWord(s[end:]) || !isWordEnd(u.sign)) {
			return end, u.said
		}
	}
	return 0, ""
}

// isWordEnd says that a sign ends in a letter or digit, so that more of them would make it another word.
func isWordEnd(sign string) bool {
	return !endsWord(sign[len(strings.TrimRight(sign, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZđĐ0123456789")):])
}

func unitStart(s string) int {
	n, _ := unitAt(s)
	return n
}
