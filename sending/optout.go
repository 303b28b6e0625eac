package sending

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"loa/vn"
)

// Refusal is what a text says about getting more messages.
type Refusal struct {
	Refuses    bool
	Everywhere bool // over every channel, not only the one it came by
}

// refusals are the words by which people refuse, as they are written with accents; "DUNG" and "HUY" are among those that networks tell
// people to send.
var refusals = phrases("hủy", "huỷ", "từ chối", "dừng", "stop", "unsubscribe", "tc", "tctin", "tcqc", "tuchoi", "huydk", "hủy đăng ký", "huỷ đăng ký", "từ chối nhận", "không nhận", "không muốn nhận", "không nhận tin", "đừng gửi", "dừng gửi",
	"ngừng gửi", "ngưng gửi", "thôi gửi", "dừng nhận", "ngừng nhận", "ngưng nhận", "đừng nhắn", "dừng nhắn", "ngừng nhắn", "thôi nhắn", "đừng gọi", "dừng gọi", "ngừng gọi", "đừng làm phiền", "dừng làm phiền", "không gửi", "không nhắn")

// before and after are the words that may stand around a refusal and change nothing of it. Any other word makes it a text for a person to
// read: "từ chối thanh toán" and "không nhận được thẻ" are no refusals of messages.
var (
	before = phrases("tôi", "toi", "em", "mình", "cháu", "con", "chị", "anh", "bác", "cô", "chú", "ông", "bà", "xin", "xin hãy", "thôi", "làm ơn", "vui lòng", "đề nghị", "yêu cầu", "dạ", "hãy", "muốn", "nhờ", "giúp")
	after  = phrases("tin", "tin nhắn", "nhắn tin", "nhắn", "gửi", "gửi tin", "nhận", "gọi", "gọi điện", "nhé", "nha", "nhá", "đi", "ngay", "hết", "ạ", "ah", "a", "em", "bạn", "qc", "quảng cáo", "thông báo", "bhxh", "bhyt", "dk", "all", "tất cả", "mọi", "các", "kênh", "nữa", "cho",
		"tôi", "mình", "từ", "của", "cơ quan", "số này", "với", "giúp", "luôn", "thôi", "zalo", "sms", "email", "mail", "cảm ơn", "cám ơn", "vào", "đến", "tới", "làm phiền", "này", "và")
	everywhere = phrases("tất cả", "all", "mọi kênh", "mọi")
)

// refusalAtMost is how many words a refusal has at most; longer texts are read by a person.
const refusalAtMost = 14

// phrase is a run of words, with accents and without.
type phrase struct{ said, plain []string }

func phrases(list ...string) (out []phrase) {
	for _, s := range list {
		out = append(out, phrase{strings.Fields(s), strings.Fields(vn.Fold(s))})
	}
	return out
}

// OptOut says whether a text refuses. Written with accents it is read with them: "Đúng", "Dùng" and "Dũng" are not "Dừng", though all of
// them are "dung" without. names are the sender's, which people put behind the word ("TC BHXH"). The text of a letter is read up to what it
// quotes.
func OptOut(text string, names ...string) (out Refusal) {
	text = ownWords(text)
	if strings.Contains(text, "?") {
		return out
	}
	words := strings.FieldsFunc(norm.NFC.String(strings.ToLower(text)), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	if len(words) == 0 || len(words) > refusalAtMost {
		return out
	}
	accented := false
	for _, w := range words {
		accented = accented || vn.Fold(w) != w
	}
	var called []phrase
	for _, name := range names {
		if p := phrases(strings.ToLower(name)); len(p[0].plain) > 0 {
			called = append(called, p...)
		}
	}
	rest := words
	for n := longest(rest, before, accented); n > 0 && longest(rest, refusals, accented) == 0; n = longest(rest, before, accented) {
		rest = rest[n:]
	}
	n := longest(rest, refusals, accented)
	if n == 0 {
		return out
	}
	for rest = rest[n:]; len(rest) > 0; rest = rest[n:] {
		if longest(rest, everywhere, accented) > 0 {
			out.Everywhere = true
		}
		if n = max(longest(rest, refusals, accented), longest(rest, after, accented), longest(rest, called, false)); n == 0 {
			return Refusal{}
		}
	}
	out.Refuses = true
	return out
}

// longest is how many of the first words are one of the phrases; none: zero.
func longest(words []string, of []phrase, accented bool) (n int) {
	for _, p := range of {
		want := p.plain
		if accented {
			want = p.said
		}
		if len(want) <= n || len(want) > len(words) {
			continue
		}
		fits := true
		for i, w := range want {
			fits = fits && (words[i] == w || !accented && vn.Fold(words[i]) == w)
		}
		if fits {
			n = len(want)
		}
	}
	return n
}

// ownWords are the words of a letter above what it quotes.
func ownWords(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, ">") || strings.HasPrefix(line, "-----") || strings.HasPrefix(line, "_____") || strings.HasSuffix(line, "wrote:") || strings.HasSuffix(line, "viết:") || strings.HasSuffix(line, "gửi:") && strings.ContainsAny(line, "0123456789") {
			return strings.Join(lines[:i], "\n")
		}
	}
	return text
}
