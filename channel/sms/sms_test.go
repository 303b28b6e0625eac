package sms

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"loa/channel"
	"loa/channel/channeltest"
)

var (
	_ interface {
		channel.Verifier
		channel.Inquirer
		channel.Checker
		channel.Receiver
	} = &esms{}
	_ interface {
		channel.Verifier
		channel.Checker
	} = &speed{}
	_ channel.Verifier = &vnpt{}
	_ interface {
		channel.Verifier
		channel.Checker
	} = &viettel{}
)

func TestESMS(t *testing.T)     { channeltest.RunFiles(t, ESMS, "testdata/esms_*.json") }
func TestSpeedSMS(t *testing.T) { channeltest.RunFiles(t, SpeedSMS, "testdata/speedsms_*.json") }
func TestVNPT(t *testing.T)     { channeltest.RunFiles(t, VNPT, "testdata/vnpt_*.json") }
func TestViettel(t *testing.T)  { channeltest.RunFiles(t, Viettel, "testdata/viettel_*.json") }

// TestESMSCodes holds every code of its list to one of the six.
func TestESMSCodes(t *testing.T) {
	const help, later, address, content = "misconfigured account", "throttled account", "rejected address", "rejected content"
	for code, want := range map[string]string{"99": address, "101": help, "102": help, "103": help, "104": help, "105": content, "107": content, "108": address, "118": help, "120": content, "140": help, "143": help,
		"146": content, "160": later, "177": address, "201": content, "204": content, "789": content, "790": content, "791": content, "799": content} {
		var e *channel.Error
		if !errors.As(esmsCodes.Fail(code, ""), &e) || string(e.Kind)+" "+string(e.About) != want {
			t.Errorf("%s is %v, want %s", code, e, want)
		}
	}
	for _, taken := range []string{"100", "124"} {
		if v, ok := esmsCodes[taken]; ok {
			t.Errorf("%s is no failure but %v", taken, v)
		}
	}
}

// TestDrivers: each has a name of its own, carries telephone numbers, and only eSMS is known to drop what it had before.
func TestDrivers(t *testing.T) {
	kinds := map[string]bool{}
	for _, d := range []channel.Driver{ESMS, SpeedSMS, VNPT, Viettel} {
		if kinds[d.Kind] || !strings.HasPrefix(d.Kind, "sms_") || len(d.Networks) != 1 || d.Networks[0] != "tel" || d.Rate.Messages == 0 {
			t.Errorf("%+v", d)
		}
		kinds[d.Kind] = true
		if (d.Repeatable > 0) != (d.Kind == "sms_esms") || d.Repeatable > 24*time.Hour {
			t.Errorf("%s drops repeated messages for %s", d.Kind, d.Repeatable)
		}
		keys := map[string]bool{}
		for _, f := range d.Fields {
			if keys[f.Key] {
				t.Errorf("%s has two settings %s", d.Kind, f.Key)
			}
			keys[f.Key] = true
			if secret := strings.Contains(f.Key, "password") || strings.Contains(f.Key, "token") || f.Key == "api_key" || f.Key == "secret_key"; f.Secret != secret {
				t.Errorf("%s: %s is secret: %v", d.Kind, f.Key, f.Secret)
			}
		}
		if _, err := d.Open(channel.Settings{}, channel.Tools{}); err == nil {
			t.Errorf("%s opens without settings", d.Kind)
		}
	}
}

func TestWord(t *testing.T) {
	for raw, want := range map[string]string{`"00"`: "00", `90071992547409931`: "90071992547409931", `true`: "true", `null`: "", `"a\"b"`: `a"b`, `2.50`: "2.50"} {
		var w word
		if err := json.Unmarshal([]byte(raw), &w); err != nil || string(w) != want {
			t.Errorf("%s is %q (%v), want %q", raw, w, err, want)
		}
	}
	for _, raw := range []string{`{}`, `[1]`} {
		var w word
		if json.Unmarshal([]byte(raw), &w) == nil {
			t.Errorf("%s is %q", raw, w)
		}
	}
	for s, want := range map[word]int64{"850.0000": 850, "0.0000": 0, "12": 12, "7.5": 8, "7.49": 7, " 3 ": 3, "-4.9": -4} {
		if n, ok := s.dong(); !ok || n != want {
			t.Errorf("%s is %d đồng (%v), want %d", s, n, ok, want)
		}
	}
	for _, s := range []word{"", "x", "1,5", "1.x", "1e9", "99999999999999999999"} {
		if n, ok := s.dong(); ok {
			t.Errorf("%s is %d đồng", s, n)
		}
	}
}

func TestAllowed(t *testing.T) {
	from, err := readAllowed("203.0.113.7, 198.51.100.0/24\n2001:db8::/32")
	if err != nil {
		t.Fatal(err)
	}
	for caller, want := range map[string]bool{"203.0.113.7:1": true, "203.0.113.8:1": false, "198.51.100.200:4711": true, "[2001:db8::5]:80": true, "[::ffff:203.0.113.7]:80": true, "203.0.113.7": true, "": false, "host:80": false} {
		if got := from.holds(caller); got != want {
			t.Errorf("%s is let in: %v", caller, got)
		}
	}
}

func TestReset(t *testing.T) {
	g := &speed{gateway{now: func() time.Time { return time.Unix(1795485600, 0) }}}
	for header, want := range map[string]time.Duration{"17": 17 * time.Second, "1795485645": 45 * time.Second, "1795485000": time.Second, "9999999999": time.Hour, "": time.Minute, "-1": time.Minute, "x": time.Minute} {
		if got := g.reset(&http.Response{Header: http.Header{"X-Rate-Limit-Reset": {header}}}); got != want {
			t.Errorf("%q is %s, want %s", header, got, want)
		}
	}
}

// FuzzTemplate: whatever the setting, matching a text ends, and what fills a template makes the text again.
func FuzzTemplate(f *testing.F) {
	f.Add("{P1,20} la ma {P2}", "1234 la ma xac minh")
	f.Add("7001|BHXH xa {xa}.", "BHXH xa Dai Loc.")
	f.Add("{}{}{,3}", "abc")
	f.Fuzz(func(t *testing.T, setting, text string) {
		if len(setting) > 2000 || len(text) > 2000 {
			return
		}
		all, err := readTemplates(setting, func(s string) string { return s })
		if err != nil {
			return
		}
		found, values, err := match(all, text)
		if err != nil || found == nil {
			return
		}
		if len(values) != len(found.holes) {
			t.Fatalf("%d values for %d places", len(values), len(found.holes))
		}
		for _, v := range values {
			if v == "" || !strings.Contains(text, v) {
				t.Fatalf("%q fills a place of %q", v, text)
			}
		}
	})
}

// FuzzESMSCallback: no call makes it panic, and an event is always about something.
func FuzzESMSCallback(f *testing.F) {
	f.Add("SMSID=1&SendStatus=5&SendSuccess=1&TotalPrice=850.0000&phonenumber=0901888484")
	f.Add("SMSID=%zz&SendStatus=4")
	a, err := ESMS.Open(channel.Settings{"api_key": "k", "secret_key": "s", "sender": "Loa"}, channel.Tools{Now: func() time.Time { return time.Unix(0, 0) }})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, query string) {
		r := httptest.NewRequest(http.MethodGet, "/hook", nil)
		r.URL.RawQuery = query
		answer, err := a.(channel.Receiver).Receive(r)
		if err != nil && !errors.Is(err, channel.ErrGarbled) {
			t.Fatal(err)
		}
		for _, e := range answer.Events {
			if e.Ref == "" || e.Key == "" || e.Cost < 0 || e.From != "" && !isNumber(e.From) {
				t.Fatalf("%+v", e)
			}
		}
	})
}

// FuzzAnswers: no answer of a gateway makes the readers panic.
func FuzzAnswers(f *testing.F) {
	f.Add([]byte(`{"RPLY":{"ERROR":"0"}}`))
	f.Add([]byte(`<RPLY><ERROR>0</ERROR></RPLY>`))
	f.Add([]byte(`Check Content: MAXLENGTH_LIMIT_1_BYTE`))
	g := &viettel{gateway{codes: viettelCodes}}
	f.Fuzz(func(t *testing.T, raw []byte) {
		if reply, ok := readVNPT(raw); ok && reply.Error == "" {
			t.Fatal("an answer without a code is read")
		}
		var e *channel.Error
		if err := g.refusal(string(raw)); !errors.As(err, &e) || e.Code == "" {
			t.Fatalf("%q is refused with %v", raw, err)
		}
		var a esmsAnswer
		_ = json.Unmarshal(raw, &a)
		_ = a.code()
		_ = numberOf(string(raw))
	})
}
