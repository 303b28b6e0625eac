package web_test

import (
	"bytes"
	"context"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"loa"
	"loa/speech"
	"loa/store"
	"loa/web"
	"loa/web/webtest"
)

// wholeOffice is all of the office under test.
func wholeOffice(site *webtest.Site) loa.Scope {
	return loa.Scope{Office: site.Home.ID, Ranges: []loa.Range{{From: "\x01", To: "\x7f"}}}
}

var betweenTags = regexp.MustCompile(`(?s)<script.*?</script>|<nav.*?</nav>|<[^>]*>|\s+`)

// wordsOf is what a page says, for a failure that can be read.
func wordsOf(a webtest.Answer) string { return betweenTags.ReplaceAllString(a.Body, " ") }

// writeScript saves a script over the form and gives its address.
func writeScript(t *testing.T, c *webtest.Client, fields ...string) string {
	t.Helper()
	a := c.Post("/scripts/new", append([]string{"name", "Nhắc đóng", "purpose", "care", "from", "2025-01-01"}, fields...)...)
	if a.Status != http.StatusSeeOther {
		t.Fatalf("the script is not saved: %d %s", a.Status, wordsOf(a))
	}
	return a.Location
}

// TestAScriptIsWrittenFilledAndApproved goes the way of a script: draft, figures with their law, submitted, sent back, approved by another,
// a second version, withdrawn.
func TestAScriptIsWrittenFilledAndApproved(t *testing.T) {
	site := webtest.New(t)
	officer, director := site.As(t, "officer"), site.As(t, "director")
	at := writeScript(t, officer, "group", "ethnic_minority", "vietnamese_zalo", "Chào {xung_ho} {ten}, còn đóng {muc_dong}.", "vietnamese_sms", "Chào {ten}, còn đóng {muc_dong}.", "vietnamese_loudspeaker", "Bà con đóng {muc_dong}.")
	a := officer.Get(at)
	if !a.Has("231.000 đồng", "231.000d", "Luật 41/2024/QH15", "Bài đang viết", `action="`+at+`/submit"`) {
		t.Errorf("the draft shows %s", wordsOf(a))
	}
	if a := officer.Get(at + "?day=2010-01-01"); !a.Has("Chưa có số cho “mức đóng một tháng”") {
		t.Error("on a day before the law it has figures")
	}
	if a := director.Post(at + "/approve"); a.Status != http.StatusUnprocessableEntity && a.Status != http.StatusConflict {
		t.Errorf("a draft is approved: %d", a.Status)
	}
	if a := officer.Post(at + "/submit"); a.Status != http.StatusSeeOther {
		t.Fatalf("it is not submitted: %d %s", a.Status, wordsOf(a))
	}
	if a := officer.Get(at); a.Has(at+"/approve") || !a.Has("cần người khác duyệt") {
		t.Error("its author is offered to approve it")
	}
	if a := officer.Post(at + "/approve"); a.Status != http.StatusForbidden {
		t.Errorf("its author approves it: %d", a.Status)
	}
	if a := director.Post(at+"/return", "why", ""); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("sent back without a reason: %d", a.Status)
	}
	director.Post(at+"/return", "why", "Câu đầu dài quá")
	if a := officer.Get(at); !a.Has("Câu đầu dài quá") {
		t.Error("the author does not see why")
	}
	officer.Post(at + "/submit")
	if a := director.Post(at+"/approve", "read", "1"); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("words that changed since they were read are approved: %d", a.Status)
	}
	if a := director.Post(at + "/approve"); a.Status != http.StatusSeeOther {
		t.Fatalf("another does not approve it: %d %s", a.Status, wordsOf(a))
	}
	if a := officer.Get("/scripts?state=approved"); !a.Has("Nhắc đóng", "231.000 đồng") {
		t.Error("it is not in the list of those in use")
	}
	if a := officer.Post(at+"/edit", "name", "Nhắc đóng", "purpose", "care", "from", "2025-01-01", "vietnamese_zalo", "Chào {ten}, nay còn đóng {muc_dong}."); a.Status != http.StatusSeeOther {
		t.Fatalf("no second version: %d %s", a.Status, wordsOf(a))
	}
	if a := officer.Get("/scripts"); !a.Has("bản 1 đang dùng") {
		t.Error("the list hides that the first version is in use")
	}
	if a := officer.Get(at + "/versions"); !a.Has("<ins>", "nay", "<del>") {
		t.Errorf("the difference shows %s", wordsOf(a))
	}
	director.Post(at+"/withdraw", "why", "Sai")
	for _, version := range []int{1, 2} {
		id := loa.ScriptID(at[strings.LastIndex(at, "/")+1:])
		if s, err := site.DB.Script(context.Background(), wholeOffice(site), id, version); err != nil || s.State != loa.ScriptWithdrawn {
			t.Errorf("version %d is %s, %v", version, s.State, err)
		}
	}
}

func TestAScriptThatCannotBeSaidIsRefused(t *testing.T) {
	site := webtest.New(t)
	officer := site.As(t, "officer")
	for name, c := range map[string]struct {
		fields []string
		says   string
	}{
		"nothing written":  {nil, "Hãy viết ít nhất một lời"},
		"a stray brace":    {[]string{"vietnamese_zalo", "Chào {ten"}, "Dấu ngoặc nhọn"},
		"no such place":    {[]string{"mong_zalo", "{mat_khau}"}, "Không có chỗ điền tên là"},
		"of one person":    {[]string{"vietnamese_loudspeaker", "Mời {ten}"}, "nói riêng về một người"},
		"an unknown group": {[]string{"vietnamese_zalo", "x", "group", "rich"}, "danh sách"},
		"another place":    {[]string{"vietnamese_zalo", "x", "area", string(site.Neighbour.Commune1)}, "danh sách"},
	} {
		a := officer.Post("/scripts/new", append([]string{"name", "Thử", "purpose", "care"}, c.fields...)...)
		if a.Status != http.StatusUnprocessableEntity || !a.Has(c.says) {
			t.Errorf("%s: %d, %s", name, a.Status, wordsOf(a))
		}
		for i := 0; i+1 < len(c.fields); i += 2 {
			if strings.Contains(c.fields[i], "_") && !a.Has(c.fields[i+1]) {
				t.Errorf("%s: what was typed is lost", name)
			}
		}
	}
	if a := officer.Post("/scripts/new", "name", "Thử", "purpose", "care", "vietnamese_zalo", "Đóng {muc_dong}", "show", "1", "who", "poor"); a.Status != http.StatusOK || !a.Has("165.000 đồng") {
		t.Errorf("shown without scripts: %d", a.Status)
	}
	if a := officer.Post("/scripts/fill", "tab", "vietnamese", "vietnamese_sms", "Đóng {muc_dong}", "who", "poor"); a.Status != http.StatusOK || !a.Has(`id="filled-vietnamese_sms"`, "165.000d", "hx-swap-oob") {
		t.Errorf("filled while it is written: %d %s", a.Status, wordsOf(a))
	}
	past := writeScript(t, officer, "vietnamese_zalo", "x", "until", "2025-02-01")
	if a := officer.Post(past + "/submit"); a.Status != http.StatusUnprocessableEntity || !a.Has("chỉ dùng đến hết ngày 01/02/2025") {
		t.Errorf("a script whose time is over is submitted: %d", a.Status)
	}
}

// TestABlockedScriptSaysWhy: what was approved is blocked when its time is over, in its own tab and on its page.
func TestABlockedScriptSaysWhy(t *testing.T) {
	site := webtest.New(t)
	officer, director := site.As(t, "officer"), site.As(t, "director")
	at := writeScript(t, officer, "vietnamese_zalo", "Đóng {muc_dong}", "until", "2025-12-15")
	officer.Post(at + "/submit")
	director.Post(at + "/approve")
	if a := officer.Get("/scripts?state=blocked"); a.Has(at) {
		t.Error("it is blocked before its time")
	}
	site.Advance(41 * 24 * time.Hour)
	officer = site.As(t, "officer")
	for _, page := range []string{"/scripts?state=blocked", at} {
		if a := officer.Get(page); !a.Has("Bị chặn", "chỉ dùng đến hết ngày 15/12/2025") {
			t.Errorf("%s does not say why: %s", page, wordsOf(a))
		}
	}
}

type fakeVoice struct{ said *string }

func (f fakeVoice) Name() string                   { return "fake" }
func (f fakeVoice) Version(context.Context) string { return "1" }
func (f fakeVoice) Synthesize(_ context.Context, text, _ string, _ int) ([]byte, error) {
	*f.said = text
	return tone(3000), nil
}

// tone is a WAV file of so many milliseconds: a second of nothing, then loud.
func tone(ms int) []byte {
	w := speech.WAV{Code: speech.PCM, Channels: 1, Rate: 8000, Bits: 8, Data: bytes.Repeat([]byte{128}, 8*ms)}
	for i := 8000; i < len(w.Data); i += 2 {
		w.Data[i] = 250
	}
	return w.Bytes()
}

// TestAVoiceSaysTodaysWords: a recording keeps the words it says; a part of it can be cut out without any tool; once a figure changes it is
// marked as old.
func TestAVoiceSaysTodaysWords(t *testing.T) {
	said := ""
	site := webtest.New(t, func(o *web.Options) { o.Voices = []speech.Engine{fakeVoice{&said}} })
	officer, director := site.As(t, "officer"), site.As(t, "director")
	at := writeScript(t, officer, "group", "poor", "vietnamese_loudspeaker", "Bà con đóng {muc_dong}.", "mong_loudspeaker", "Ib hlis {muc_dong}.", "thai_loudspeaker", "{buoi}")
	id := loa.ScriptID(at[strings.LastIndex(at, "/")+1:])
	if a := sendFile(t, officer, at+"/clips", "a.wav", tone(3000), "lang", "mong", "speaker", "Sùng Thị Mo"); a.Status != http.StatusSeeOther {
		t.Fatalf("the recording is not kept: %d %s", a.Status, wordsOf(a))
	}
	if a := sendFile(t, officer, at+"/clips", "a.wav", tone(3000), "lang", "thai"); a.Status != http.StatusUnprocessableEntity || !a.Has("tên buổi truyền thông") {
		t.Errorf("words that are not known are recorded: %d", a.Status)
	}
	if a := officer.Post(at+"/voice", "machine", "fake "); a.Status != http.StatusSeeOther || said != "Bà con đóng một trăm sáu mươi lăm nghìn đồng." {
		t.Errorf("the machine said %q: %d %s", said, a.Status, wordsOf(a))
	}
	clips, err := site.DB.Clips(context.Background(), wholeOffice(site), loa.ScriptKey(id))
	if err != nil || len(clips) != 2 {
		t.Fatalf("%d recordings, %v", len(clips), err)
	}
	var mong loa.Clip
	for _, c := range clips {
		if c.Lang == "mong" {
			mong = c
		}
		if want := map[string]string{"mong": "Ib hlis 165.000 đồng.", "vietnamese": "Bà con đóng 165.000 đồng."}[c.Lang]; c.Says != want || c.Version != 1 || (c.Machine == "fake") != (c.Lang == "vietnamese") {
			t.Errorf("%+v", c)
		}
	}
	page := "/clips/" + string(mong.ID)
	if a := officer.Get(page); !a.Has(`max="3.0"`, "M2 ", "chưa chỉnh được độ to") {
		t.Errorf("the page shows %s", wordsOf(a))
	}
	if a := officer.Post(page+"/cut", "from", "2", "to", "1"); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("a part that ends before it begins: %d", a.Status)
	}
	if a := officer.Post(page+"/cut", "from", "1", "to", "2.5", "level", "1"); a.Status != http.StatusUnprocessableEntity || !a.Has("Máy chủ chưa có ffmpeg") {
		t.Errorf("levelled without a tool: %d", a.Status)
	}
	a := officer.Post(page+"/cut", "from", "1", "to", "2,5")
	if a.Status != http.StatusSeeOther {
		t.Fatalf("not cut: %d %s", a.Status, wordsOf(a))
	}
	cut, err := site.DB.Clip(context.Background(), wholeOffice(site), loa.ClipID(a.Location[len("/clips/"):]))
	wav, err2 := speech.ReadWAV(cut.Bytes)
	if err != nil || err2 != nil || wav.Duration() != 1500*time.Millisecond || cut.CutFrom != mong.ID || cut.Says != mong.Says || cut.State != loa.ClipDraft {
		t.Errorf("the part lasts %s: %+v, %v %v", wav.Duration(), cut, err, err2)
	}
	if old, _ := site.DB.Clip(context.Background(), wholeOffice(site), mong.ID); old.State != loa.ClipWithdrawn {
		t.Errorf("the whole is still %s", old.State)
	}
	if a := officer.Post("/clips/" + string(cut.ID) + "/approve"); a.Location == "" {
		t.Errorf("%d", a.Status)
	}
	if list, _ := site.DB.ClipsFor(context.Background(), site.Home.ID, loa.ScriptKey(id), webtest.Today); len(list) != 0 {
		t.Error("whoever made it approved it")
	}
	director.Post("/clips/" + string(cut.ID) + "/approve")
	if a := officer.Get(at + "?lang=mong"); !a.Has("đúng lời hôm nay") {
		t.Error("an approved voice is not in use")
	}
	officer.Post(at+"/edit", "name", "Nhắc đóng", "purpose", "care", "from", "2025-01-01", "group", "near_poor", "mong_loudspeaker", "Ib hlis {muc_dong}.")
	if a := officer.Get(at + "?lang=mong"); !a.Has("con số đã đổi, ghi lại", "không đúng lời hôm nay") {
		t.Errorf("an old voice is not marked: %s", wordsOf(a))
	}
	officer.Post("/clips/"+string(cut.ID)+"/until", "until", "2025-11-01")
	if list, _ := site.DB.ClipsFor(context.Background(), site.Home.ID, loa.ScriptKey(id), webtest.Today); len(list) != 0 {
		t.Error("a voice that ran out is heard")
	}
}

// TestScriptsInPages: a list never loads everything, and no script falls between two pages of the same name.
func TestScriptsInPages(t *testing.T) {
	site := webtest.New(t)
	officer := site.As(t, "officer")
	for range 43 {
		writeScript(t, officer, "vietnamese_zalo", "x")
	}
	seen, next := map[string]bool{}, store.ScriptMark{}
	for {
		list, err := site.DB.ScriptPage(context.Background(), wholeOffice(site), store.ScriptSearch{Words: "nhac", After: next, Take: 10})
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range list {
			seen[string(l.ID)] = true
		}
		if len(list) < 10 {
			break
		}
		next = store.ScriptMark{Folded: list[9].Folded, ID: list[9].ID}
	}
	if len(seen) != 43 {
		t.Errorf("%d scripts over all pages", len(seen))
	}
	if a := officer.Get("/scripts?state=draft"); strings.Count(a.Body, `<th scope="row">`) != 40 || !a.Has(`rel="next"`) {
		t.Errorf("the first page has %d rows", strings.Count(a.Body, `<th scope="row">`))
	}
}
