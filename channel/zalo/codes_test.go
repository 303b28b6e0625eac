package zalo

import (
	"errors"
	"strconv"
	"strings"
	"testing"
	"time"

	"loa/channel"
)

// TestEveryCode goes through the table of channels.md 1.7 as it is written there.
func TestEveryCode(t *testing.T) {
	now := time.Date(2026, 11, 24, 3, 0, 0, 0, time.UTC)
	o, err := Open(channel.Settings{"app_id": "1", "app_secret": "s"}, channel.Tools{Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	type want struct {
		kind  channel.Kind
		about channel.About
	}
	table := []struct {
		oa, zns string
		want
	}{
		{"-216 -220", "-124", want{channel.Misconfigured, channel.Account}}, // after a fresh token was refused too
		{"-204 -205 -209 -212 -219 -221 -223 -224 -235 -240 -242 -320 -321 -14002 -14003 -14020", "-101 -102 -103 -104 -105 -106 -117 -120 -1241 -125 -135 -1351 -136 -137 -138 -115 -126", want{channel.Misconfigured, channel.Account}},
		{"-32 -211 -200", "-32 -100 -144 -1441 -147 -1471 -1472", want{channel.Throttled, channel.Account}},
		{"-214 -234", "-133", want{channel.Throttled, channel.Content}},
		{"-201 -213 -217 -218 -227 -230 -231 -232 -237 -244 -403", "-108 -110 -114 -118 -119 -140", want{channel.Rejected, channel.Address}},
		{"", "-139 -141", want{channel.OptedOut, channel.Address}},
		{"-210 -233 -238 -248 -249 -100", "-109 -111 -112 -1121 -1122 -1124 -113 -1131 -116 -121 -122 -130 -131 -132 -145 -146 -161 -162 -127", want{channel.Rejected, channel.Content}},
		{"-1 -13999 -15000 7", "-1 -999 -201 7", want{channel.Rejected, channel.Address}}, // nobody knows them
	}
	at := time.Date(2026, 11, 24, 23, 0, 0, 0, time.UTC) // 06:00 of tomorrow in Vietnam
	waits := map[string]time.Time{"-211": at, "-234": at, "-133": at, "-144": at, "-1441": at, "-147": at, "-1471": at, "-1472": at}
	for _, row := range table {
		for h, list := range map[host]string{onOA: row.oa, onZNS: row.zns} {
			for _, code := range strings.Fields(list) {
				n, _ := strconv.Atoi(code)
				var e *channel.Error
				if !errors.As(o.failure(call{host: h}, n, "words"), &e) || e.Kind != row.kind || e.About != row.about || e.Code != code || e.Text != "words" {
					t.Errorf("%s on %s is %s about %s, want %s about %s", code, names[h], e.Kind, e.About, row.kind, row.about)
				}
				if !e.At.Equal(waits[code]) {
					t.Errorf("%s on %s waits until %s, want %s", code, names[h], e.At, waits[code])
				}
				if e.About == channel.Address && e.Kind == channel.Rejected {
					if errors.As(o.failure(call{host: h, toNobody: true}, n, ""), &e); e.About != channel.Content {
						t.Errorf("%s on %s is about %s where nobody is addressed", code, names[h], e.About)
					}
				}
			}
		}
	}
}

func TestHours(t *testing.T) {
	for now, want := range map[string]string{ // as Vietnam's clocks show it
		"2026-11-24T05:59": "2026-11-24T06:00", "2026-11-24T06:00": "2026-11-25T06:00", "2026-11-24T22:00": "2026-11-25T06:00", "2026-12-31T23:59": "2027-01-01T06:00", "2026-11-30T00:00": "2026-11-30T06:00",
	} {
		at, err := time.ParseInLocation("2006-01-02T15:04", now, zone)
		if err != nil {
			t.Fatal(err)
		}
		if got := opening(at.UTC()).Format("2006-01-02T15:04"); got != want {
			t.Errorf("after %s it opens at %s, want %s", now, got, want)
		}
		if got := nextDay(at.UTC()); got.In(zone).Day() == at.Day() || got.Sub(at) > 30*time.Hour {
			t.Errorf("the day after %s begins at %s", now, got)
		}
	}
}

func TestVectors(t *testing.T) {
	for name, c := range map[string][2]string{
		"challenge": {Challenge("7f7de30229a6edab8bc968ac7b7bcafa117691c20a5"), "8rnrcimo5xrzgzv-gdGTpWkzsdt6tXAE60jJwt1sHfc"},
		"proof":     {channel.Proof("fb_app_secret_demo", "EAABtoken"), "8c8174d91196d1b71ce0e5ee74d6c1180d3bf5eea5c3ce96da7e0bf843380e27"},
		"hashphone": {HashPhone("84987654321"), "116ce31ae9170769b075a11dedca1198f41d30318334919fb90917e9c617b438"},
	} {
		if c[0] != c[1] {
			t.Errorf("%s is %s, want %s", name, c[0], c[1])
		}
	}
	if a, b := Verifier(), Verifier(); len(a) != 43 || a == b || strings.Trim(a, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
		t.Errorf("the verifiers are %q and %q", a, b)
	}
}

func TestWord(t *testing.T) {
	for raw, want := range map[string]string{`"a"`: "a", `9007199254740993123`: "9007199254740993123", `true`: "true", `null`: "", `{"a":1}`: "", `[1]`: "", `""`: "", `-1`: "-1", `1.5`: "1.5"} {
		var w word = "before"
		if err := w.UnmarshalJSON([]byte(raw)); err != nil || string(w) != want {
			t.Errorf("%s is %q (%v), want %q", raw, w, err, want)
		}
	}
	for w, want := range map[word]int64{"12": 12, "800.0": 800, "-3": -3, " 7 ": 7} {
		if n, ok := w.whole(); !ok || n != want {
			t.Errorf("%q is %d, want %d", w, n, want)
		}
	}
	for _, w := range []word{"", "x", "1e3", "99999999999999999999"} {
		if n, ok := w.whole(); ok {
			t.Errorf("%q is %d", w, n)
		}
	}
	for w, want := range map[word]string{"1717061839659": "2024-05-30T09:37:19.659Z", "1717061839": "2024-05-30T09:37:19Z", "": "0001-01-01T00:00:00Z", "-5": "0001-01-01T00:00:00Z", "99999999999999999": "0001-01-01T00:00:00Z"} {
		if got := w.moment().Format(time.RFC3339Nano); got != want {
			t.Errorf("%q is %s, want %s", w, got, want)
		}
	}
}

func TestTarget(t *testing.T) {
	for to, ok := range map[string]bool{"all": true, "cities=20": true, "cities=20,34&gender=0&ages=1&locations=2&platform=1": true, "": false, "none": false, "cities=": false, "cities=a": false, "cities=20&villages=3": false, "cities=20,": false, "%zz": false} {
		if _, err := targetOf(to); (err == nil) != ok {
			t.Errorf("%q: %v", to, err)
		}
	}
}

func TestMark(t *testing.T) {
	m := mark{state: "dead", of: "ab", at: time.Unix(1700000000, 0), by: "ff", code: "-14020"}
	if got := markOf(m.String()); got != m {
		t.Errorf("%q is read as %+v", m, got)
	}
	m.code = ""
	if got := markOf(m.String()); got != m {
		t.Errorf("%q is read as %+v", m, got)
	}
}
