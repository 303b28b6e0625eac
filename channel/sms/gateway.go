// Package sms speaks to the gateways that send SMS under a registered sender name, one file for each. It must never know who a message is
// for, whether it may go out, or how many go out in a second.
package sms

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"loa/channel"
	"loa/vn"
)

// The settings that every gateway has.
var (
	fieldSender      = channel.Field{Key: "sender", Required: true}
	fieldAccents     = channel.Field{Key: "accents", Default: "no", Options: []string{"no", "yes"}}
	fieldMaxParts    = channel.Field{Key: "max_parts", Default: "3"}
	fieldTemplates   = channel.Field{Key: "templates", Long: true} // one a line; {…} stands for any text, {…,20} for one of at most 20 letters
	fieldAdvertising = channel.Field{Key: "advertising", Default: "no", Options: []string{"no", "yes"}}
	fieldCodes       = channel.Field{Key: "codes", Unsure: true}
	fieldLine        = channel.Field{Key: "line", Default: "internet", Options: []string{"internet", "private"}}
)

// advertising is the purpose that goes out by a contract of its own.
const advertising = "advertising"

// ownCodes are those that gateways do not say: what we see ourselves.
var ownCodes = []string{"address", "advertising", "alphabet", "empty", "label", "template", "template_length", "too_long"}

// gateway is what all have in common.
type gateway struct {
	http        *http.Client
	now         func() time.Time
	url         string
	sender      string
	accents     bool
	advertising bool
	maxParts    int
	templates   []template
	codes       channel.Codes
	fills       bool // the driver looks for the template itself, to fill it
	s           channel.Settings
}

func open(fields []channel.Field, s channel.Settings, t channel.Tools, codes channel.Codes) (gateway, error) {
	full := channel.Settings{}
	for _, f := range fields {
		full[f.Key] = strings.TrimSpace(s.Or(f.Key, f.Default))
		if f.Required && full[f.Key] == "" {
			return gateway{}, badSetting(f.Key, errors.New("is missing"))
		}
		if f.Key == "templates" {
			full[f.Key] = s[f.Key]
		}
	}
	g := gateway{http: t.HTTP, now: t.Now, s: full, sender: full["sender"], accents: full["accents"] == "yes", advertising: full["advertising"] == "yes"}
	if err := checkSender(g.sender); err != nil {
		return g, badSetting("sender", err)
	}
	var err error
	if g.maxParts, err = strconv.Atoi(full["max_parts"]); err != nil || g.maxParts < 1 || g.maxParts > 255 {
		return g, badSetting("max_parts", errors.New("is no number from 1 to 255"))
	}
	if g.url, err = addressOf(full["url"], full["line"] == "private"); err != nil {
		return g, badSetting("url", err)
	}
	if g.templates, err = readTemplates(full["templates"], g.spell); err != nil {
		return g, badSetting("templates", err)
	}
	told, err := channel.ReadCodes(full["codes"])
	if err != nil {
		return g, badSetting("codes", err)
	}
	g.codes = codes.With(told)
	return g, nil
}

// badSetting is the failure of an account whose settings cannot work.
func badSetting(key string, err error) error {
	return &channel.Error{Kind: channel.Misconfigured, About: channel.Account, Code: "setting." + key, Err: fmt.Errorf("%s: %w", key, err)}
}

// checkSender holds the one rule of sender names that is confirmed, their length, and lets only pass what can stand in one.
func checkSender(s string) error {
	if len(s) == 0 || len(s) > 11 {
		return errors.New("has no 1 to 11 letters")
	}
	for _, r := range s {
		if !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune(" .-_&", r)) {
			return fmt.Errorf("may not hold %q", r)
		}
	}
	return nil
}

// addressOf lets passwords go over plain HTTP only where the office says that the line is private.
func addressOf(s string, private bool) (string, error) {
	u, err := url.Parse(s)
	switch {
	case err != nil || u.Host == "" || u.User != nil:
		return "", errors.New("is no address of a gateway")
	case u.Scheme == "https", u.Scheme == "http" && private:
		return strings.TrimRight(s, "/"), nil
	}
	return "", errors.New("is not secret on the way, and the line is not private")
}

// spell writes a text as this account sends it.
func (g gateway) spell(text string) string {
	if g.accents {
		return text
	}
	return vn.Unaccent(text)
}

// Verify says whether the message fits the sender, the length and the registered templates.
func (g gateway) Verify(_ context.Context, m channel.Message) error {
	_, err := g.prepare(m)
	return err
}

// prepare makes the SMS of a message. "No accents" at these gateways means ASCII, so the rest of GSM 03.38 goes out in UCS-2.
func (g gateway) prepare(m channel.Message) (vn.SMS, error) {
	if !isNumber(m.To) {
		return vn.SMS{}, channel.Fail(channel.Rejected, channel.Address, "address", "")
	}
	text := g.spell(m.Text)
	sms := vn.SplitSMS(text)
	if !sms.Wide && !isASCII(sms.Text) {
		sms = vn.SplitWideSMS(text)
	}
	code := ""
	switch {
	case strings.TrimSpace(sms.Text) == "" && !(g.fills && m.Template != ""):
		code = "empty"
	case sms.Wide && !g.accents:
		code = "alphabet"
	case len(sms.Parts) > g.maxParts:
		code = "too_long"
	case m.Purpose == advertising && !g.advertising:
		code = "advertising"
	case m.Purpose == advertising && !isLabelled(sms.Text):
		code = "label"
	}
	if code != "" {
		return sms, channel.Fail(channel.Rejected, channel.Content, code, "")
	}
	if m.Purpose == advertising || g.fills {
		return sms, nil
	}
	_, _, err := match(g.templates, sms.Text)
	return sms, err
}

// isLabelled looks for the label of an advertisement, which the gate writes; one more label is that of the only message that may ask for consent.
func isLabelled(text string) bool {
	for _, label := range []string{"[QC]", "[AD]", "[DKQC]"} {
		if strings.HasPrefix(text, label) {
			return true
		}
	}
	return false
}

func isNumber(s string) bool {
	if len(s) < 11 || len(s) > 12 || !strings.HasPrefix(s, "84") {
		return false
	}
	return strings.Trim(s, "0123456789") == ""
}

func isASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// word is a value that gateways write as a text, a number or a truth, today one and tomorrow another. A number is kept as its digits.
type word string

// UnmarshalJSON takes what stands there.
func (w *word) UnmarshalJSON(raw []byte) error {
	if bytes.Equal(raw, []byte("null")) {
		return nil
	}
	var s string
	if len(raw) > 0 && raw[0] == '"' {
		if err := json.Unmarshal(raw, &s); err != nil {
			return err
		}
		*w = word(s)
		return nil
	}
	if len(raw) > 0 && (raw[0] == '{' || raw[0] == '[') {
		return errors.New("neither a text nor a number")
	}
	*w = word(raw)
	return nil
}

// dong reads an amount of money such as "850.0000"; false where it is none.
func (w word) dong() (int64, bool) {
	whole, part, _ := strings.Cut(strings.TrimSpace(string(w)), ".")
	n, err := strconv.ParseInt(whole, 10, 64)
	if err != nil || strings.Trim(part, "0123456789") != "" {
		return 0, false
	}
	if part != "" && part[0] >= '5' && !strings.HasPrefix(whole, "-") {
		n++
	}
	return n, true
}

// isTrue reads a truth.
func (w word) isTrue() bool { return strings.EqualFold(string(w), "true") || w == "1" }

// count reads a small number; what is none counts as nothing.
func (w word) count() int {
	n, err := strconv.Atoi(strings.TrimSpace(string(w)))
	if err != nil || n < 0 {
		return 0
	}
	return n
}
