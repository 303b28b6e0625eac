package smpp

import (
	"math/big"
	"strings"

	"loa/channel"
)

// receipt is a delivery report: which message, and what became of it.
type receipt struct {
	id    string
	state string // a word such as DELIVRD
	code  string // of the network, in the centre's own numbers
}

// states are the values of the optional parameter, in the words of the text.
var states = map[byte]string{1: "ENROUTE", 2: "DELIVRD", 3: "EXPIRED", 4: "DELETED", 5: "UNDELIV", 6: "ACCEPTD", 7: "UNKNOWN", 8: "REJECTD"}

// readReceipt reads a delivery report from its optional parameters, and from its text where these are missing; false for a message that is
// none.
func readReceipt(s short) (receipt, bool) {
	id, tagged := s.option(tagReceiptedID)
	if s.esm&esmKind != esmReceipt && !tagged {
		return receipt{}, false
	}
	text := string(s.message)
	if payload, ok := s.option(tagMessagePayload); ok && len(text) == 0 {
		text = string(payload)
	}
	r := receipt{id: field(text, "id:"), state: strings.ToUpper(field(text, "stat:")), code: field(text, "err:")}
	if tagged && len(readID(id)) > 0 {
		r.id = readID(id)
	}
	if state, ok := s.option(tagMessageState); ok && len(state) == 1 && states[state[0]] != "" {
		r.state = states[state[0]]
	}
	return r, r.id != "" && len(r.id) <= 65
}

// field finds a value in the text of a report. The message's own beginning stands at the end of it and is not looked at.
func field(text, key string) string {
	low := strings.ToLower(text)
	if end := strings.Index(low, "text:"); end >= 0 {
		text, low = text[:end], low[:end]
	}
	for from := 0; ; {
		at := strings.Index(low[from:], key)
		if at < 0 {
			return ""
		}
		if at += from; at == 0 || low[at-1] == ' ' {
			value, _, _ := strings.Cut(text[at+len(key):], " ")
			return value
		}
		from = at + 1
	}
}

// kind says what a state means. A state nobody knows says only that the centre has the message.
func (r receipt) kind() channel.EventKind {
	switch r.state {
	case "DELIVRD":
		return channel.EventDelivered
	case "EXPIRED", "DELETED", "UNDELIV", "REJECTD":
		return channel.EventFailed
	}
	return channel.EventTaken
}

// reason is the code of a failure.
func (r receipt) reason() string {
	if r.code == "" || strings.Trim(r.code, "0") == "" {
		return r.state
	}
	return r.state + ":" + r.code
}

// spellings are the ways in which a centre may write one number: hexadecimal in its answer, decimal in its report, or the other way round,
// with zeros in front or without. The first is the ID as it came.
func spellings(id string) []string {
	all := []string{id}
	add := func(s string) {
		for _, known := range all {
			if known == s {
				return
			}
		}
		all = append(all, s)
	}
	bare := canonical(id)
	add(bare)
	if len(bare) > 20 {
		return all
	}
	if n, ok := new(big.Int).SetString(bare, 10); ok && n.Sign() >= 0 && isDigits(bare) {
		add(padded(bare, 10))
		hex := n.Text(16)
		add(hex)
		add(strings.ToUpper(hex))
		for _, width := range []int{8, 10, 16} {
			add(padded(hex, width))
			add(strings.ToUpper(padded(hex, width)))
		}
	}
	if n, ok := new(big.Int).SetString(bare, 16); ok && n.Sign() >= 0 {
		add(strings.ToUpper(bare))
		add(n.Text(10))
		add(padded(n.Text(10), 10))
	}
	return all
}

func padded(s string, width int) string {
	if len(s) >= width {
		return s
	}
	return strings.Repeat("0", width-len(s)) + s
}

func isDigits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// canonical is an ID without what centres vary: case and zeros in front.
func canonical(id string) string {
	low := strings.ToLower(strings.TrimSpace(id))
	if bare := strings.TrimLeft(low, "0"); bare != "" {
		return bare
	}
	return low
}
