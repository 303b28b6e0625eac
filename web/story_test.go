package web_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"loa"
	"loa/web/webtest"
)

// wav is a second of silence as a telephone would send it, with the place beside the sound.
func wav() []byte {
	chunk := func(name string, body []byte) []byte {
		return append(binary.LittleEndian.AppendUint32([]byte(name), uint32(len(body))), body...)
	}
	format := []byte{1, 0, 1, 0, 0x40, 0x1f, 0, 0, 0x40, 0x1f, 0, 0, 1, 0, 8, 0} // 8,000 bytes a second
	return append([]byte("RIFF\x00\x00\x00\x00WAVE"), bytes.Join([][]byte{chunk("fmt ", format), chunk("LIST", []byte("+21.8236+103.3601/")), chunk("data", bytes.Repeat([]byte{128}, 8000))}, nil)...)
}

// sendFile sends a form with a file.
func sendFile(t *testing.T, c *webtest.Client, path, name string, file []byte, fields ...string) webtest.Answer {
	t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for i := 0; i+1 < len(fields); i += 2 {
		w.WriteField(fields[i], fields[i+1])
	}
	if file != nil {
		part, err := w.CreateFormFile("file", name)
		if err != nil {
			t.Fatal(err)
		}
		part.Write(file)
	}
	w.Close()
	return c.SendBody("POST", path, w.FormDataContentType(), &body)
}

func storyFields(s *webtest.Site, more ...string) []string {
	return append([]string{"name", "Anh P.", "area", string(s.Home.Village1), "person", string(s.Home.Person), "scheme", "voluntary_si", "audience", "farmers",
		"change_vietnamese", "Có thẻ bảo hiểm", "text_vietnamese", "Anh kể một câu.", "how", "spoken", "proof", "Nói trước trưởng bản", "consent_by", string(s.Home.Officers["officer"]),
		"consent_on", "2025-11-01", "consent_until", "2026-11-01"}, more...)
}

// TestAStoryFromTheOfficerToEverybody walks through the pages: written, refused to its author, approved, told, withdrawn with what is
// printed named, and back as a draft.
func TestAStoryFromTheOfficerToEverybody(t *testing.T) {
	s := webtest.New(t)
	officer, director := s.As(t, "officer"), s.As(t, "director")
	a := sendFile(t, officer, "/stories/new", "", nil, storyFields(s)...)
	if a.Status != http.StatusSeeOther {
		t.Fatalf("writing answers %d: %s", a.Status, a.Body)
	}
	at := a.Location
	if a = officer.Get(at); !a.Has("Anh P.", "Anh kể một câu.", "Chờ duyệt", "không tự duyệt được") || a.Has(at+"/approve") {
		t.Error("its author is offered to approve, or does not see why not")
	}
	if a = officer.Post(at + "/approve"); a.Status != http.StatusUnprocessableEntity || !a.Has("không tự duyệt") {
		t.Errorf("its author approves: %d", a.Status)
	}
	if a = director.Get(at); !a.Has(at + "/approve") {
		t.Error("the director is not offered to approve")
	}
	if a = director.Post(at + "/approve"); a.Status != http.StatusSeeOther {
		t.Fatalf("approving answers %d", a.Status)
	}
	id := loa.StoryID(strings.TrimPrefix(at, "/stories/"))
	if err := s.DB.UseStory(context.Background(), scopeOfHome(s), byDirector(s), loa.StoryUse{Story: id, Kind: "leaflet", Batch: "TG-07", Copies: 150}); err != nil {
		t.Fatal(err)
	}
	if a = director.Get(at); !a.Has("Đang hiện như sau", "TG-07", "150") {
		t.Error("the page does not show how it is told and where it was used")
	}
	told := func() int {
		list, err := s.DB.StoriesFor(context.Background(), s.Home.ID, loa.StoryFilter{On: webtest.Today})
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, x := range list {
			if x.Story == id {
				n++
			}
		}
		return n
	}
	if told() != 1 {
		t.Error("it is not told")
	}
	if a = officer.Post(at+"/withdraw", "why", "đổi ý"); a.Status != http.StatusSeeOther || told() != 0 {
		t.Errorf("withdrawing answers %d, told %d times", a.Status, told())
	}
	if a = officer.Get(at); !a.Has("Không thu hồi được bản đã in: TG-07 (150 bản)", "đổi ý") || a.Has("Đang hiện như sau") {
		t.Errorf("what is printed is not named: %s", a.Body)
	}
	if a = officer.Post(at + "/restore"); a.Status != http.StatusSeeOther || told() != 0 {
		t.Error("restored, it is told without approval")
	}
}

func TestAStoryWithoutConsentIsRefused(t *testing.T) {
	s := webtest.New(t)
	c := s.As(t, "officer")
	for name, x := range map[string]struct{ field, value, says string }{
		"no end":   {"consent_until", "", "không có ngày cuối"},
		"no proof": {"proof", "", "số phiếu hoặc người nghe"},
		"no how":   {"how", "", "đồng ý bằng cách nào"},
		"future":   {"consent_on", "2025-12-01", ""},
		"long":     {"text_vietnamese", strings.Repeat("ă", 501), "Dài quá 500"},
		"untold":   {"change_vietnamese", "", ""},
		"sibling":  {"area", string(s.Home.Village2), ""},
	} {
		fields := storyFields(s)
		for i := 0; i < len(fields); i += 2 {
			if fields[i] == x.field || name == "untold" && fields[i] == "text_vietnamese" {
				fields[i+1] = x.value
			}
		}
		if name == "sibling" {
			if a := sendFile(t, c, "/stories/new", "", nil, fields...); a.Status != http.StatusNotFound {
				t.Errorf("wrote into the sibling's village: %d", a.Status)
			}
			continue
		}
		if a := sendFile(t, c, "/stories/new", "", nil, fields...); a.Status != http.StatusUnprocessableEntity || !a.Has(x.says, `value="Anh P."`) {
			t.Errorf("%s: %d, says not %q or loses what was typed", name, a.Status, x.says)
		}
	}
	if a := sendFile(t, c, "/stories/new", "dong-y.wav", wav(), storyFields(s, "proof", "")...); a.Status != http.StatusSeeOther {
		t.Errorf("a recorded consent is refused: %d", a.Status)
	}
}

// TestAVoiceForEverybody records, approves, plays in parts without a cookie, and is silent once withdrawn.
func TestAVoiceForEverybody(t *testing.T) {
	s := webtest.New(t)
	officer, director, anybody := s.As(t, "officer"), s.As(t, "director"), s.Anonymous(t)
	if a := sendFile(t, officer, "/clips", "x.mp3", []byte("<html>no sound</html>"), "key", "leaflet", "lang", "mong"); a.Status != http.StatusUnprocessableEntity || !a.Has("không phải âm thanh") {
		t.Errorf("a page passes for a sound: %d", a.Status)
	}
	if a := sendFile(t, officer, "/clips", "", nil, "key", "leaflet", "lang", "mong"); a.Status != http.StatusUnprocessableEntity || !a.Has("chọn một tệp âm thanh") {
		t.Errorf("no file: %d", a.Status)
	}
	if a := sendFile(t, officer, "/clips", "x.wav", wav(), "key", "leaflet", "lang", "mong", "says", "Chào bà con"); a.Status != http.StatusSeeOther {
		t.Fatalf("a recording is refused: %d %s", a.Status, a.Body)
	}
	list, err := s.DB.Clips(context.Background(), scopeOfHome(s), "leaflet")
	if err != nil || len(list) != 1 || list[0].Seconds != 1 {
		t.Fatalf("%+v %v", list, err)
	}
	id := string(list[0].ID)
	office, err := s.DB.Office(context.Background(), s.Home.ID)
	if err != nil {
		t.Fatal(err)
	}
	public := "/public/" + office.Slug + "/clip/" + id
	if a := anybody.Get(public); a.Status != http.StatusNotFound {
		t.Errorf("a draft is public: %d", a.Status)
	}
	if a := officer.Post("/clips/" + id + "/approve"); a.Status != http.StatusSeeOther {
		t.Errorf("approving the own answers %d", a.Status)
	}
	if a := anybody.Get(public); a.Status != http.StatusNotFound {
		t.Error("whoever recorded it approved it")
	}
	if a := director.Post("/clips/" + id + "/approve"); a.Status != http.StatusSeeOther {
		t.Fatalf("approving answers %d", a.Status)
	}
	a := anybody.Get(public)
	if a.Status != http.StatusOK || a.Header.Get("Content-Type") != "audio/wav" || a.Header.Get("Set-Cookie") != "" || !strings.Contains(a.Header.Get("Cache-Control"), "max-age=300") || a.Header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("public: %d %v", a.Status, a.Header)
	}
	if strings.Contains(a.Body, "21.8236") || a.Header.Get("Accept-Ranges") != "bytes" {
		t.Error("the place it was recorded at is played along, or no parts are served")
	}
	tag := a.Header.Get("ETag")
	anybody.Header.Set("Range", "bytes=0-3")
	if a = anybody.Get(public); a.Status != http.StatusPartialContent || a.Body != "RIFF" {
		t.Errorf("a part: %d %q", a.Status, a.Body)
	}
	anybody.Header.Del("Range")
	anybody.Header.Set("If-None-Match", tag)
	if a = anybody.Get(public); a.Status != http.StatusNotModified {
		t.Errorf("asked again: %d", a.Status)
	}
	anybody.Header.Del("If-None-Match")
	if a = anybody.Get("/public/no-office/clip/" + id); a.Status != http.StatusNotFound {
		t.Errorf("under another office: %d", a.Status)
	}
	if a = director.Post("/clips/" + id + "/withdraw"); a.Status != http.StatusSeeOther {
		t.Errorf("withdrawing answers %d", a.Status)
	}
	if a = anybody.Get(public); a.Status != http.StatusNotFound {
		t.Errorf("withdrawn, still heard: %d", a.Status)
	}
	if a = officer.Get("/clips"); !strings.Contains(a.Header.Get("Permissions-Policy"), "microphone=(self)") {
		t.Error("the page may not record")
	}
	if a = officer.Get("/stories"); strings.Contains(a.Header.Get("Permissions-Policy"), "microphone=(self)") {
		t.Error("a page that does not record may")
	}
}

// TestAStorysVoiceIsAskedForEachTime: a browser may not keep it, and it is silent with its story.
func TestAStorysVoiceIsAskedForEachTime(t *testing.T) {
	s := webtest.New(t)
	officer, director, anybody := s.As(t, "officer"), s.As(t, "director"), s.Anonymous(t)
	at := "/stories/" + string(s.Home.Story)
	if a := sendFile(t, officer, at+"/clips", "x.wav", wav(), "lang", "mong"); a.Status != http.StatusSeeOther {
		t.Fatalf("recording a story answers %d: %s", a.Status, a.Body)
	}
	list, err := s.DB.Clips(context.Background(), scopeOfHome(s), loa.StoryKey(s.Home.Story))
	if err != nil || len(list) != 1 {
		t.Fatal(list, err)
	}
	if a := director.Post("/clips/" + string(list[0].ID) + "/approve"); a.Location != at {
		t.Fatalf("approving leads to %s", a.Location)
	}
	office, _ := s.DB.Office(context.Background(), s.Home.ID)
	public := "/public/" + office.Slug + "/clip/" + string(list[0].ID)
	if a := anybody.Get(public); a.Status != http.StatusOK || a.Header.Get("Cache-Control") != "no-cache" {
		t.Errorf("public: %d, kept %q", a.Status, a.Header.Get("Cache-Control"))
	}
	if a := director.Get(at); !a.Has("Tiếng Mông", "/clips/"+string(list[0].ID)+"/sound") {
		t.Error("the page does not show the voice")
	}
	officer.Post("/people/"+string(s.Home.Person)+"/consent", "purpose", "care", "channel", "all", "agreed", "0", "how", "spoken", "on", "2025-11-30", "happened_on", "2025-11-30")
	if a := anybody.Get(public); a.Status != http.StatusNotFound {
		t.Errorf("the person refused, the voice is still heard: %d", a.Status)
	}
	if a := director.Get(at); !a.Has("Không được kể", "từ chối trong sổ người dân") {
		t.Error("the page does not say why it is not told")
	}
}

func TestBasketPage(t *testing.T) {
	s := webtest.New(t)
	director, officer := s.As(t, "director"), s.As(t, "officer")
	commune := string(s.Home.Commune1)
	if a := director.Get("/basket?amount=300.000"); !a.Has("1 con gà rưỡi", "Chợ mẫu", "200.000") {
		t.Errorf("the office's basket: %d %s", a.Status, a.Body)
	}
	if a := officer.Post("/basket", "area", commune, "name_vi", "Gà", "unit_vi", "con", "price", "150.000", "from", "2025-11-30", "source", "Chợ phiên"); a.Status != http.StatusSeeOther {
		t.Fatalf("a price answers %d: %s", a.Status, a.Body)
	}
	if a := officer.Get("/basket?area=" + commune + "&amount=300000"); !a.Has("2 con Gà", "Giá đã ghi (1)") {
		t.Error("the commune's own price does not hold")
	}
	if a := director.Get("/basket?area=" + string(s.Home.Commune2) + "&amount=300000"); !a.Has("1 con gà rưỡi", "Giá riêng") {
		t.Error("the other commune does not fall back to the office")
	}
	for name, c := range map[string]struct {
		fields []string
		status int
		says   string
	}{
		"free":      {[]string{"area", commune, "name_vi", "muối", "unit_vi", "cân", "price", "0", "from", "2025-11-30", "source", "x"}, 422, "từ 100 đến"},
		"no number": {[]string{"area", commune, "name_vi", "muối", "unit_vi", "cân", "price", "rẻ", "from", "2025-11-30", "source", "x"}, 422, "Chỉ nhập số"},
		"tomorrow":  {[]string{"area", commune, "name_vi", "muối", "unit_vi", "cân", "price", "5000", "from", "2025-12-01", "source", "x"}, 422, ""},
		"no source": {[]string{"area", commune, "name_vi", "muối", "unit_vi", "cân", "price", "5000", "from", "2025-11-30"}, 422, "Hãy điền"},
		"office":    {[]string{"area", string(s.Home.Anchor), "name_vi", "muối", "unit_vi", "cân", "price", "5000", "from", "2025-11-30", "source", "x"}, 404, ""},
		"sibling":   {[]string{"area", string(s.Home.Commune2), "name_vi", "muối", "unit_vi", "cân", "price", "5000", "from", "2025-11-30", "source", "x"}, 404, ""},
	} {
		if a := officer.Post("/basket", c.fields...); a.Status != c.status || !a.Has(c.says) {
			t.Errorf("%s: %d, want %d and %q", name, a.Status, c.status, c.says)
		}
	}
	rows, err := s.DB.Basket(context.Background(), scopeOfHome(s), s.Home.Commune1, webtest.Today)
	if err != nil || len(rows) != 1 {
		t.Fatal(rows, err)
	}
	if a := officer.Post("/basket/off", "area", commune, "id", rows[0].ID); a.Status != http.StatusSeeOther {
		t.Errorf("taking out answers %d", a.Status)
	}
	if a := officer.Get("/basket?area=" + commune + "&amount=300000"); !a.Has("1 con gà rưỡi") {
		t.Error("taken out, the commune does not fall back to the office")
	}
	list, err := s.DB.Basket(context.Background(), scopeOfHome(s), s.Home.Anchor, webtest.Today)
	if err != nil || len(list) != 1 {
		t.Fatal(list, err)
	}
	director.Post("/basket/off", "area", string(s.Home.Anchor), "id", list[0].ID)
	if a := director.Get("/basket"); a.Status != http.StatusOK || !a.Has("Giỏ còn trống", "Loa không tự nghĩ ra giá") {
		t.Error("an empty basket does not teach how to fill it")
	}
	if a := s.As(t, "viewer").Get("/basket"); a.Status != http.StatusOK || a.Has(`name="price"`) {
		t.Error("who only looks on is offered to write a price")
	}
}
