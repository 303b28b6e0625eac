package vn

import (
	"strconv"
	"strings"
)

// renumbered lists the eleven-digit mobile prefixes that became ten-digit ones
// in 2018, so that old address books still reach people. 0199 is left out on
// purpose: made-up people carry it, and it must never turn into a live number.
var renumbered = map[string]string{
	"120": "70", "121": "79", "122": "77", "126": "76", "128": "78",
	"123": "83", "124": "84", "125": "85", "127": "81", "129": "82",
	"162": "32", "163": "33", "164": "34", "165": "35", "166": "36",
	"167": "37", "168": "38", "169": "39", "186": "56", "188": "58",
}

// Phone brings a Vietnamese telephone number of a person to the form +84…, and
// says whether it is one.
//
// It reads numbers with spaces, dots, dashes or brackets, with 0, 84, +84 or
// 0084 in front, and those whose leading 0 a spreadsheet has eaten. A cell with
// two numbers, a short code or a foreign number is refused.
func Phone(s string) (string, bool) {
	digits, plus, ok := phoneDigits(s)
	if !ok {
		return "", false
	}
	national, ok := "", false
	switch {
	case plus:
		national, ok = abroad(digits)
	case strings.HasPrefix(digits, "00"):
		national, ok = abroad(digits[2:])
	case strings.HasPrefix(digits, "0"):
		national, ok = subscriber(digits[1:])
	default:
		if national, ok = subscriber(digits); !ok {
			national, ok = abroad(digits)
		}
	}
	if !ok {
		return "", false
	}
	return "+84" + national, true
}

// PhoneDisplay writes a normalised number the way people read it out, such as
// 0912 345 678; anything else comes back unchanged.
func PhoneDisplay(e164 string) string {
	n, ok := strings.CutPrefix(e164, "+84")
	if !ok {
		return e164
	}
	if !allDigits(n) || len(n) != 9 && len(n) != 10 {
		return e164
	}
	if len(n) == 10 && (n[:2] == "24" || n[:2] == "28") { // Hà Nội, Hồ Chí Minh City
		return "0" + n[:2] + " " + n[2:6] + " " + n[6:]
	}
	return "0" + n[:3] + " " + n[3:6] + " " + n[6:]
}

// abroad reads a number that starts with the country code; some people keep
// the 0 of the national form after it.
func abroad(digits string) (string, bool) {
	n, ok := strings.CutPrefix(digits, "84")
	if !ok {
		return "", false
	}
	return subscriber(strings.TrimPrefix(n, "0"))
}

// subscriber checks a number without country code and leading 0.
func subscriber(n string) (string, bool) {
	switch len(n) {
	case 9:
		switch {
		case n[0] == '9',
			n[0] == '8' && n[1] >= '1',
			n[0] == '7' && (n[1] == '0' || n[1] >= '6'),
			(n[0] == '3' || n[0] == '5') && n[1] >= '2':
			return n, true
		}
	case 10:
		if n[0] == '2' && n[1] != '0' || n[:3] == "199" {
			return n, true
		}
		if now, ok := renumbered[n[:3]]; ok {
			return now + n[3:], true
		}
	}
	return "", false
}

func phoneDigits(s string) (digits string, plus, ok bool) {
	s = strings.TrimLeft(strings.TrimSpace(s), "'’")
	if d, ok := spreadsheetNumber(s); ok {
		return d, false, true
	}
	b := make([]byte, 0, 16)
	for _, r := range s {
		switch {
		case '0' <= r && r <= '9':
			if len(b) == 16 {
				return "", false, false
			}
			b = append(b, byte(r))
		case r == '+':
			if plus || len(b) > 0 {
				return "", false, false
			}
			plus = true
		case strings.ContainsRune(" .-()\t\u00a0\u2009\u202f\u2010\u2011\u2013\u200b\u202a\u202c\ufeff", r):
		default:
			return "", false, false
		}
	}
	return string(b), plus, len(b) > 0
}

// spreadsheetNumber reads a number that a spreadsheet wrote as a decimal or in
// scientific notation, when no digit of it was lost.
func spreadsheetNumber(s string) (string, bool) {
	if whole, ok := strings.CutSuffix(s, ".0"); ok && len(whole) >= 9 && allDigits(whole) {
		return whole, true
	}
	mantissa, exponent, ok := strings.Cut(strings.ToUpper(s), "E+")
	if !ok {
		return "", false
	}
	whole, fraction, _ := strings.Cut(strings.Replace(mantissa, ",", ".", 1), ".")
	e, err := strconv.Atoi(exponent)
	if err != nil || len(whole) != 1 || len(fraction) != e || !allDigits(whole+fraction) {
		return "", false
	}
	return whole + fraction, true
}

func allDigits(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}
