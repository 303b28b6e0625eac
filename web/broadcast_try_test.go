package web_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"loa"
)

// TestOfficersTestOnThemselves: one channel, or all, to the officer's own number, mailbox and Zalo; marked as a test, told in the log, counted
// in what the broadcast costs, and no contact with anybody.
func TestOfficersTestOnThemselves(t *testing.T) {
	site, ids, _ := broadcastSite(t)
	ctx, in, officer := context.Background(), wholeOf(t, site, site.Home), site.As(t, "officer")
	at := beginBroadcast(t, officer)
	form := typed(site, ids, "rung", "zalo."+string(ids["zalo"]), "rung", "mail."+string(ids["email"]))
	if a := officer.Post(at+"/test", form...); a.Location != at+"/edit" || !officer.Get(at+"/edit").Has("chưa có điện thoại, thư điện tử hay mã Zalo") {
		t.Fatalf("a test to nowhere: %d %s", a.Status, a.Location)
	}
	own := url.Values{"phone": {"0912 345 678"}, "email": {"can.bo@coquan.example"}, "zalo": {"12 34"}, "language": {"vi"}}
	if a := officer.Do("POST", "/account", own); a.Status != http.StatusUnprocessableEntity || !a.Has("Mã Zalo chỉ gồm chữ số") {
		t.Errorf("a Zalo ID that is none: %d", a.Status)
	}
	own.Set("zalo", "5510185758261920000")
	if a := officer.Do("POST", "/account", own); a.Status != http.StatusSeeOther || !officer.Get("/account").Has(`value="5510185758261920000"`) {
		t.Errorf("the Zalo ID is not kept: %d", a.Status)
	}
	id := loa.BroadcastID(strings.TrimPrefix(at, "/broadcasts/"))
	sent := func() (to []string) {
		t.Helper()
		rows, err := site.DB.Writer().QueryContext(ctx, `SELECT d.network || ':' || d.address FROM reply r JOIN delivery d ON d.id = r.delivery_id WHERE r.about_kind = 'test' AND r.about_id = $1 AND d.person_id = '' AND d.broadcast_id = '' ORDER BY 1`, id)
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		for rows.Next() {
			var x string
			if err := rows.Scan(&x); err != nil {
				t.Fatal(err)
			}
			to = append(to, x)
		}
		return to
	}
	if a := officer.Post(at+"/test", append(form, "only", "mail")...); a.Status != http.StatusSeeOther {
		t.Fatal(a.Status)
	}
	if got := strings.Join(sent(), " "); got != "mail:can.bo@coquan.example" {
		t.Errorf("one channel: %s", got)
	}
	officer.Post(at+"/test", form...)
	if got := strings.Join(sent(), " "); got != "mail:can.bo@coquan.example mail:can.bo@coquan.example tel:84912345678 zalo:5510185758261920000" {
		t.Errorf("all channels: %s", got)
	}
	if a := site.As(t, "administrator").Get("/admin/audit"); !a.Has("gửi thử") {
		t.Error("the log does not say it")
	}
	if _, err := site.DB.Writer().ExecContext(ctx, `UPDATE delivery SET cost = 700 WHERE network = 'tel' AND broadcast_id = ''`); err != nil {
		t.Fatal(err)
	}
	if n, cost, err := site.DB.TestsOf(ctx, in, id); err != nil || n != 4 || cost != 700 {
		t.Errorf("%d tests cost %d (%v)", n, cost, err)
	}
	if a := officer.Get(at); !a.Has("Gửi thử", "4 tin, 700 đ") {
		t.Error("the page does not say what tests cost")
	}
	if n, _, err := site.DB.TestsOf(ctx, loa.Scope{Office: site.Far.ID}, id); err != nil || n != 0 {
		t.Errorf("another office sees %d (%v)", n, err)
	}
	if a := officer.Get(at + "/edit"); !a.Has(`name="only" value="mail"`, "Gửi thử cho tôi: ") {
		t.Error("a single channel is not offered")
	}
}
