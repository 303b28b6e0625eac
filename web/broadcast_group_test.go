package web_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"loa"
)

// TestBroadcastIntoAGroup: a group on Zalo that somebody wrote in can be ticked like a page, is kept, and stands in the preview.
func TestBroadcastIntoAGroup(t *testing.T) {
	site, ids, _ := broadcastSite(t)
	got, err := site.DB.Receive(context.Background(), site.Now(), loa.Incoming{Office: site.Home.ID, Area: site.Home.Village1, Channel: ids["zalo"], Key: "1", Kind: loa.TurnIn, Network: loa.GroupNetwork, Address: "g1", Ref: "1", Name: "Nhóm thôn mau", Text: "Chào cán bộ", At: site.Now()})
	if err != nil {
		t.Fatal(err)
	}
	officer := site.As(t, "officer")
	at := beginBroadcast(t, officer)
	key := loa.GroupNetwork + "." + string(got.Conversation)
	if a := officer.Get(at + "/edit"); !a.Has("Nhóm thôn mau", `value="`+key+`"`) || a.Has(`value="`+key+`" checked`) {
		t.Fatalf("the group is not offered: %d", a.Status)
	}
	if a := officer.Post(at+"/edit", typed(site, ids, "outlet", key, "outlet", loa.GroupNetwork+".nobody")...); a.Status != http.StatusSeeOther {
		t.Fatalf("not saved: %d", a.Status)
	}
	b := broadcastNow(t, site, loa.BroadcastID(strings.TrimPrefix(at, "/broadcasts/")))
	if len(b.Outlets) != 1 || b.Outlets[0].Network != loa.GroupNetwork || b.Outlets[0].Place != loa.PlaceID(got.Conversation) || b.Outlets[0].Channel != ids["zalo"] {
		t.Errorf("kept as %+v", b.Outlets)
	}
	if a := officer.Get(at + "/edit"); !a.Has(`value="`+key+`" checked`, "đăng vào 1 nhóm") {
		t.Error("what was ticked is not shown, or not as it will look")
	}
}
