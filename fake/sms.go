package fake

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"loa/vn"
)

// The SMS gateways, as the ledger and the faults name them.
const (
	esmsName     = "esms"
	speedSMSName = "speedsms"
	vnptName     = "vnpt"
	viettelName  = "viettel"
)

// mobile is a mobile telephone of today, or a number of 0199…: they are nobody's, and so the telephones of villagers made up.
var mobile = regexp.MustCompile(`^(84|0)([35789][0-9]{8}|199[0-9]{7})$`)

// mobileOf brings 09… and 84… to 84…, and says whether it is one of the two.
func mobileOf(s string) (string, bool) {
	if !mobile.MatchString(s) {
		return s, false
	}
	return "84" + strings.TrimPrefix(strings.TrimPrefix(s, "84"), "0"), true
}

// partsOf counts the messages that a text is sent as.
func partsOf(text string, wide bool) int {
	if wide {
		return len(vn.SplitWideSMS(text).Parts)
	}
	return len(vn.SplitSMS(text).Parts)
}

// takeSMS notes a message to several telephones, one line of the ledger each.
func (c *call) takeSMS(kind, id string, phones []string, text string, parts int, price int64) {
	for i, p := range phones {
		if i == 0 {
			c.take(kind, id, p, text)
			c.entry.Parts, c.entry.Cost = parts, price*int64(parts)
			continue
		}
		c.also = append(c.also, Entry{ID: id, To: p, Parts: parts, Cost: price * int64(parts)})
	}
}

var hole = regexp.MustCompile(`\{[^{}]*\}`)

// fitsOne says whether a text is one of the registered ones, in which {…} stands for any words; none registered takes all.
func fitsOne(text string, registered []string) bool {
	if len(registered) == 0 {
		return true
	}
	return slices.ContainsFunc(registered, func(t string) bool {
		var fixed []string
		for _, s := range hole.Split(t, -1) {
			fixed = append(fixed, regexp.QuoteMeta(s))
		}
		return regexp.MustCompile(`(?s)^` + strings.Join(fixed, ".+?") + `$`).MatchString(text)
	})
}

// reaches says whether a telephone is on.
func (w *World) reaches(phone string) bool {
	v := w.villagers[phone]
	return v == nil || !v.Unreachable
}

// recent remembers what came within a while.
type recent map[string]time.Time

// again says whether key came within the last while.
func (r recent) again(key string, now time.Time, within time.Duration) bool {
	if last, ok := r[key]; ok && now.Sub(last) < within {
		return true
	}
	return false
}

// postBoth handles a POST with and without the slash at its end.
func postBoth(m *http.ServeMux, path string, h http.Handler) {
	m.Handle("POST "+path, h)
	m.Handle("POST "+path+"/{$}", h)
}
