package speech

import (
	"regexp"
	"strings"
	"unicode"
)

var (
	webAddress = regexp.MustCompile(`^(?:https?://|HTTPS?://)?((?:[A-Za-z0-9][A-Za-z0-9-]*\.)+)([A-Za-z]{2,12})(?::\d{2,5})?(/[^\s?#]*)?(?:[?#]\S*)?`)
	mailName   = regexp.MustCompile(`^([A-Za-z0-9._+-]+)@((?:[A-Za-z0-9][A-Za-z0-9-]*\.)+[A-Za-z]{2,12})`)
)

// longest is how much of a line is looked at for one address.
const longest = 256

// topNames are the ends of the addresses that people here are told; anything else with a point in it is a slip of the keyboard, unless
// it says http.
const topNames = " vn com net org gov edu info io me tv app link example asia biz page "

// labels are parts of addresses that people know by another sound.
var labels = map[string]string{
	"www": "vê kép vê kép vê kép", "gov": "gốp", "com": "com", "vn": "vê nờ", "org": "o rờ gờ", "net": "nét", "edu": "e đu", "dichvucong": "dịch vụ công", "baohiemxahoi": "bảo hiểm xã hội", "bhxh": "bảo hiểm xã hội",
	"gmail": "gờ meo", "mail": "meo", "facebook": "phây búc", "fb": "phây búc", "zalo": "gia lô", "youtube": "diu túp", "chinhphu": "chính phủ", "vssid": "vê ét ét i đê", "vneid": "vê nờ e i đê", "info": "in phô", "email": "i meo",
}

// address says web and e-mail addresses.
func (sc *scan) address() bool {
	rest, _, _ := strings.Cut(sc.rest()[:min(len(sc.rest()), longest)], " ")
	if !strings.Contains(rest, ".") {
		return false
	}
	if m := mailName.FindStringSubmatch(rest); m != nil && endsWord(rest[len(m[0]):]) {
		sc.i += len(m[0])
		sc.spoken(m[1], false)
		sc.say("a còng")
		sc.spoken(m[2], false)
		return true
	}
	m := webAddress.FindStringSubmatch(rest)
	if m == nil || !endsWord(rest[len(m[0]):]) {
		return false
	}
	linked := strings.HasPrefix(strings.ToLower(m[0]), "http")
	top := strings.ToLower(m[2])
	if !linked && (!strings.Contains(topNames, " "+top+" ") || m[2] != top && m[2] != strings.ToUpper(m[2])) {
		return false
	}
	path := strings.TrimRight(m[3], "/.,;:!)]}'\"")
	if m[3] == "" || strings.Contains(m[0], "?") || strings.Contains(m[0], "#") {
		sc.i += len(strings.TrimRight(m[0], ".,;:!?)]}'\""))
	} else {
		sc.i += len(m[0]) - len(m[3]) + len(path)
		if strings.HasPrefix(sc.rest(), "/") {
			sc.i++
		}
	}
	sc.spoken(m[1]+m[2], false)
	if path != "" {
		sc.spoken(path, true)
	}
	return true
}

// spoken says an address part by part; small and capital letters matter in a path, and there alone.
func (sc *scan) spoken(address string, cased bool) {
	part := strings.Builder{}
	flush := func() {
		if part.Len() > 0 {
			sc.label(part.String(), cased)
			part.Reset()
		}
	}
	for _, r := range address {
		if name := map[rune]string{'.': "chấm", '-': "gạch ngang", '_': "gạch dưới", '/': "gạch chéo", '+': "cộng", '@': "a còng", '=': "bằng", '~': "dấu ngã"}[r]; name != "" {
			flush()
			sc.say(name)
			continue
		}
		if isLetter(r) || r < 0x80 && isDigit(byte(r)) {
			part.WriteRune(r)
			continue
		}
		flush()
	}
	flush()
}

// label says one part of an address: as a word when it is one, else sign by sign.
func (sc *scan) label(s string, cased bool) {
	if !cased {
		s = lower(s)
	}
	if said := labels[s]; said != "" {
		sc.say(said)
		return
	}
	name := strings.TrimRight(s, "0123456789")
	if word := strings.IndexFunc(name, func(r rune) bool { return !isLetter(r) }) < 0 && capitals(name) == 0 && hasVowel(name) && len(name) > 2; word {
		sc.short(name)
		sc.say(oneByOne(s[len(name):]))
		return
	}
	for _, r := range s {
		if r < 0x80 && isDigit(byte(r)) {
			sc.say(ones[r-'0'])
			continue
		}
		sc.say(letterName(r))
		if unicode.IsUpper(r) {
			sc.say("hoa")
		}
	}
}
