package speech

import (
	"regexp"
	"strconv"
	"strings"
)

// documentNumber is a number such as 159/2025/NĐ-CP or 595/QĐ-BHXH.
var documentNumber = regexp.MustCompile(`^(\d{1,5})([A-Zđ]?)(?:/((?:19|20)\d{2}))?/((?:[A-ZĐƯ][A-Za-zĐđƯ&]{0,9}\d{0,2})(?:[-.](?:[A-ZĐƯ][A-Za-zĐđƯ&]{0,9}\d{0,2}))*)`)

// partyNumber is a number as the Party writes it: 38-CT/TW.
var partyNumber = regexp.MustCompile(`^(\d{1,5})-([A-ZĐ]{2,3})/([A-ZĐƯ]{2,6})`)

// document says the number of a document: what it is, its number, its year and whose it is.
func (sc *scan) document() bool {
	rest := sc.rest()
	m := documentNumber.FindStringSubmatch(rest)
	if p := partyNumber.FindStringSubmatch(rest); p != nil {
		m = []string{p[0], p[1], "", "", p[2] + "-" + p[3]}
	}
	if m == nil || !whole(m[0], rest) || capitals(m[4]) < 2 {
		return false
	}
	sc.i += len(m[0])
	issuers := strings.FieldsFunc(m[4], func(r rune) bool { return r == '-' || r == '.' })
	kind := kinds[issuers[0]]
	if kind != "" {
		issuers = issuers[1:]
	}
	late := false
	if kind != "" && !sc.saidJust(kind) && !sc.saidJust(kind+" số") {
		if late = sc.said(1) == "số"; !late {
			sc.say(kind)
		}
	}
	sc.say(sc.r.style.figures(m[1]) + " " + spellOut(m[2]))
	if m[3] != "" {
		sc.say("năm " + sc.r.style.figures(m[3]))
	}
	if late {
		sc.mark(",")
		sc.say(kind)
	}
	if strings.HasPrefix(sc.rest(), " của ") { // it is said there
		return true
	}
	for i, by := range issuers {
		if i == 0 {
			sc.say("của")
		} else {
			sc.mark(",")
		}
		sc.issuer(by)
	}
	return true
}

// issuer says who gave a document; the National Assembly comes with the number of its term.
func (sc *scan) issuer(by string) {
	name := strings.TrimRight(by, "0123456789")
	for i, part := range strings.Split(name, "&") {
		if i > 0 {
			sc.say("và")
		}
		if part != "" {
			sc.short(part)
		}
	}
	if term := by[len(name):]; term != "" {
		n, _ := strconv.Atoi(term)
		if name == "QH" || name == "UBTVQH" {
			sc.say("khóa")
		}
		sc.say(sc.r.style.Number(int64(n)))
	}
}
