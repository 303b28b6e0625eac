package speaker_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"loa/speaker"
)

// vector is the play command of the profile as it was written down.
const vector = `{"v":1,"id":"01JDABCDEFGHJKMNPQRSTVWXYZ","prio":"priority","not_before":"2026-11-24T05:30:00+07:00","expires":"2026-11-24T06:30:00+07:00","repeat":1,"gap_s":5,"volume":70,` +
	`"media":[{"url":"https://loa.example/a.mp3","sha256":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855","bytes":168899,"dur_ms":21106,"mime":"audio/mpeg"}],"stream":null,"chime":true,"title":"Mời họp bản"}`

// TestVectors holds the wire to the profile, byte by byte.
func TestVectors(t *testing.T) {
	p, err := speaker.ReadPlay([]byte(vector))
	if err != nil {
		t.Fatal(err)
	}
	if p.Prio != speaker.Priority || p.NotBefore.UTC() != time.Date(2026, 11, 23, 22, 30, 0, 0, time.UTC) || p.Media[0].Millis != 21106 || !p.Chime || p.Length() != 21106*time.Millisecond {
		t.Errorf("%+v", p)
	}
	if raw, err := json.Marshal(p); err != nil || string(raw) != vector {
		t.Errorf("written again it is\n%s\nnot\n%s", raw, vector)
	}
	a, err := speaker.ReadAck([]byte(`{"id":"01JDABCDEFGHJKMNPQRSTVWXYZ","state":"played","at":"2026-11-24T05:30:22+07:00","err":null,"played_ms":21106}`))
	if err != nil || a.State != speaker.Played || a.PlayedMS != 21106 || a.Code() != "" {
		t.Errorf("%+v, %v", a, err)
	}
	if raw, err := json.Marshal(a); err != nil || string(raw) != `{"id":"01JDABCDEFGHJKMNPQRSTVWXYZ","state":"played","at":"2026-11-24T05:30:22+07:00","err":null,"played_ms":21106}` {
		t.Errorf("%s, %v", raw, err)
	}
	s, err := speaker.ReadState([]byte(`{"online":true,"fw":"1.0","ip":"10.0.0.7","rssi":-71,"vol":70,"temp":41,"disk_free":1000000}`))
	if err != nil || !s.Online || *s.RSSI != -71 || s.Volume != 70 || *s.Temp != 41 {
		t.Errorf("%+v, %v", s, err)
	}
	if will, err := speaker.ReadState(speaker.LastWill); err != nil || will.Online || string(speaker.LastWill) != `{"online":false}` {
		t.Errorf("%+v, %v", will, err)
	}
	for got, want := range map[string]string{speaker.Command("dev1", speaker.CmdPlay): "loa/v1/dev1/cmd/play", speaker.Event("dev1", speaker.EvtAck): "loa/v1/dev1/evt/ack", speaker.GroupCommand("xa-1", "#"): "loa/v1/group/xa-1/cmd/#"} {
		if got != want {
			t.Errorf("%s, not %s", got, want)
		}
	}
}

func TestTopics(t *testing.T) {
	for topic, want := range map[string]string{
		"loa/v1/dev1/evt/ack": "dev1 ack", "loa/v1/dev1/evt/state": "dev1 state",
		"loa/v1/dev1/cmd/play": "", "loa/v1/group/evt/ack": "", "loa/v1//evt/ack": "", "loa/v1/dev1/evt/": "", "loa/v1/dev1/evt/ack/x": "", "loa/v1/a/b/evt/ack": "", "loa/v2/dev1/evt/ack": "", "loa/v1/+/evt/ack": "", "loa/v1/dev1/evt/#": "", "$SYS/x": "", "": "",
	} {
		device, event, ok := speaker.EventOf(topic)
		if got := strings.TrimSpace(device + " " + event); ok != (want != "") || ok && got != want {
			t.Errorf("%s is %q, %v", topic, got, ok)
		}
	}
}

func TestHostilePlays(t *testing.T) {
	for name, change := range map[string]string{
		"no ID": `"id":""`, "an ID that climbs": `"id":"../../etc"`, "another version": `"v":2`, "an unknown priority": `"prio":"urgent"`, "forever": `"repeat":1000000`, "too loud": `"volume":900`, "a negative gap": `"gap_s":-1`,
		"no recordings": `"media":[]`, "a file": `"media":[{"url":"file:///etc/passwd","sha256":"` + strings.Repeat("a", 64) + `","bytes":1}]`, "no checksum": `"media":[{"url":"https://x/a","sha256":"","bytes":1}]`,
		"a checksum that climbs": `"media":[{"url":"https://x/a","sha256":"../` + strings.Repeat("a", 61) + `","bytes":1}]`, "no size": `"media":[{"url":"https://x/a","sha256":"` + strings.Repeat("a", 64) + `","bytes":0}]`,
		"the whole disk": `"media":[{"url":"https://x/a","sha256":"` + strings.Repeat("a", 64) + `","bytes":99999999999}]`, "over before it begins": `"expires":"2026-11-24T05:00:00+07:00"`, "a book": `"title":"` + strings.Repeat("a", 201) + `"`,
	} {
		raw := vector[:len(vector)-1] + "," + change + "}" // of two values the last one holds
		if p, err := speaker.ReadPlay([]byte(raw)); err == nil {
			t.Errorf("%s is taken: %+v", name, p)
		}
	}
	for _, raw := range []string{"", "null", "[]", "{", vector + "x", vector + vector, "\xff", strings.Repeat("[", 100000), `{"v":1,"id":5}`} {
		if _, err := speaker.ReadPlay([]byte(raw)); err == nil {
			t.Errorf("%.40q is taken", raw)
		}
	}
	for _, raw := range []string{`{"id":"a","state":"danced"}`, `{"id":"","state":"played"}`, `{"id":"a","state":"played","played_ms":-1}`, `{"id":"a","state":"played","played_ms":99999999999}`} {
		if _, err := speaker.ReadAck([]byte(raw)); err == nil {
			t.Errorf("%s is taken", raw)
		}
	}
	for _, raw := range []string{`{"v":1}`, `{"v":2,"volume":5}`, `{"v":1,"volume":101}`, `{"v":1,"hb_s":-1}`, `{"v":1,"group":"a/#"}`, `{"v":1,"id":"*"}`} {
		if o, err := speaker.ReadOrder([]byte(raw)); (err == nil) != (raw == `{"v":1}`) {
			t.Errorf("%s: %+v, %v", raw, o, err)
		}
	}
}

// TestSyncLeavesOutWhatCannotBeDone: one bad play does not cost the village the others.
func TestSyncLeavesOutWhatCannotBeDone(t *testing.T) {
	s, err := speaker.ReadSync([]byte(`{"v":1,"at":"2026-11-24T05:00:00+07:00","until":"2026-11-27T05:00:00+07:00","plays":[{"v":1,"id":"bad"},` + vector + `]}`))
	if err != nil || len(s.Plays) != 1 || s.Plays[0].ID != "01JDABCDEFGHJKMNPQRSTVWXYZ" {
		t.Errorf("%+v, %v", s, err)
	}
	for _, raw := range []string{`{"v":1,"plays":[]}`, `{"v":1,"at":"2026-11-24T05:00:00+07:00","until":"2026-11-20T05:00:00+07:00"}`} {
		if _, err := speaker.ReadSync([]byte(raw)); err == nil {
			t.Errorf("%s is taken", raw)
		}
	}
}

func TestSigns(t *testing.T) {
	secret := speaker.Secret("dev1", "password")
	if secret == speaker.Secret("dev2", "password") || secret == speaker.Secret("dev1", "Password") || len(secret) != 64 {
		t.Error("a secret is the device's own")
	}
	sign := speaker.Sign(secret, "GET", "/speaker/v1/next?device=dev1", "1732400000", nil)
	for _, other := range []string{speaker.Sign(secret, "POST", "/speaker/v1/next?device=dev1", "1732400000", nil), speaker.Sign(secret, "GET", "/speaker/v1/next?device=dev2", "1732400000", nil),
		speaker.Sign(secret, "GET", "/speaker/v1/next?device=dev1", "1732400001", nil), speaker.Sign(secret, "GET", "/speaker/v1/next?device=dev1", "1732400000", []byte("x"))} {
		if other == sign {
			t.Error("a signature holds for another call")
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(vector))
	f.Add([]byte(`{"v":1,"at":"2026-11-24T05:00:00+07:00","until":"2026-11-27T05:00:00+07:00","plays":[` + vector + `]}`))
	f.Add([]byte(`{"id":"a","state":"played","at":"2026-11-24T05:30:22+07:00","err":null,"played_ms":21106}`))
	f.Add([]byte(`{"online":true,"rssi":-71}`))
	f.Add([]byte(`{"v":1,"volume":60}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		if p, err := speaker.ReadPlay(raw); err == nil {
			if p.ID == "" || strings.ContainsAny(p.ID, "/.\\") || len(p.Media) > 8 || p.Repeat < 1 || p.Repeat > 20 || p.Length() < 0 {
				t.Fatalf("%+v is taken", p)
			}
			again, err := json.Marshal(p)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := speaker.ReadPlay(again); err != nil {
				t.Fatalf("what was read cannot be read again: %v", err)
			}
		}
		if s, err := speaker.ReadSync(raw); err == nil && len(s.Plays) > speaker.PlaysMost {
			t.Fatal("a schedule without an end")
		}
		if a, err := speaker.ReadAck(raw); err == nil && (a.ID == "" || a.PlayedMS < 0) {
			t.Fatalf("%+v is taken", a)
		}
		_, _ = speaker.ReadState(raw)
		_, _ = speaker.ReadOrder(raw)
	})
}
