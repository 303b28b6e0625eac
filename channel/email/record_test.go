package email

import (
	"net/http"
	"testing"
	"time"

	"loa/channel"
)

// ed25519 is a key that signs nothing but what this test makes.
const ed25519Key = `-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g
-----END PRIVATE KEY-----`

// TestRecords: what an office sets in its domain names its server, carries the half of its key that is no secret, and never the other.
func TestRecords(t *testing.T) {
	open := func(s channel.Settings) []channel.Record {
		t.Helper()
		a, err := Driver.Open(s, channel.Tools{HTTP: http.DefaultClient, Now: time.Now})
		if err != nil {
			t.Fatal(err)
		}
		return a.(channel.Signpost).Records()
	}
	plain := channel.Settings{"host": "mail.bhxh.example", "from": "tuyentruyen@bhxh.example"}
	if got := open(plain); len(got) != 2 || got[0] != (channel.Record{What: "spf", Name: "bhxh.example", Type: "TXT", Value: "v=spf1 mx a:mail.bhxh.example ~all"}) || got[1].Name != "_dmarc.bhxh.example" {
		t.Errorf("without a key: %+v", got)
	}
	signed := channel.Settings{"host": "8.8.8.8", "from": "tuyentruyen@bhxh.example", "dkim_selector": "loa", "dkim_key": ed25519Key}
	got := open(signed)
	want := channel.Record{What: "dkim", Name: "loa._domainkey.bhxh.example", Type: "TXT", Value: "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="}
	if len(got) != 3 || got[1] != want || got[0].Value != "v=spf1 mx ip4:8.8.8.8 ~all" {
		t.Errorf("with a key: %+v", got)
	}
}
