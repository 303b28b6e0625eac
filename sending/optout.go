package sending

import (
	"strings"

	"loa/vn"
)

// refusals are the words by which people refuse, folded. Those of one word count alone or before the sender's name; the longer ones
// wherever a short text begins with them.
var refusals = []string{"huy", "tu choi", "dung", "dung gui", "dung nhan tin", "stop", "unsubscribe", "tc", "tctin", "khong nhan tin", "khong nhan", "khong muon nhan", "ngung gui", "xin dung gui", "dung nhan", "huy dang ky", "dung lam phien", "dung goi"}

// refusalAtMost is how many words a refusal has at most: "hủy thẻ cũ thì làm thế nào" asks a question.
const refusalAtMost = 4

// OptOut says whether a text refuses, with or without accents: the word alone, or with a few around it. Longer texts are read by a person.
func OptOut(text string) bool {
	words := strings.Fields(vn.Fold(text))
	if len(words) == 0 || len(words) > refusalAtMost || strings.Contains(text, "?") {
		return false
	}
	said := strings.Join(words, " ")
	for _, r := range refusals {
		if said == r {
			return true
		}
		if rest, ok := strings.CutPrefix(said, r+" "); ok && (strings.Contains(r, " ") || harmless(rest)) {
			return true
		}
	}
	return false
}

// harmless are words that may stand after a refusal of one word without making it mean something else.
func harmless(rest string) bool {
	for _, word := range strings.Fields(rest) {
		switch word {
		case "tin", "nhe", "nha", "di", "ngay", "het", "a", "em", "ban", "qc", "bhxh", "bhyt", "dk", "all", "tat", "ca", "nhan", "gui":
		default:
			return false
		}
	}
	return true
}
