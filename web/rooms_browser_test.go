package web_test

import (
	"context"
	"regexp"
	"strings"
	"testing"
	"time"

	"loa"
	"loa/web/webtest"
)

var anAnswer = regexp.MustCompile(`/answers/[0-9a-f-]{36}`)

// TestListeningAndSpeakingInChromium walks the rooms that hear and that speak: the inbox by keyboard alone, approved answers, loudspeakers
// and their plays, share kits; each in both languages, wide and on a telephone.
func TestListeningAndSpeakingInChromium(t *testing.T) {
	site := webtest.New(t)
	b, ok := site.Chromium(t, "director")
	if !ok {
		return // said on standard error
	}
	first := wrote(t, site, "m1", "Bảo hiểm hộ nhà tôi hết hạn chưa?", site.Now().Add(-2*time.Hour))
	second, err := site.DB.Receive(context.Background(), site.Now(), loa.Incoming{Office: site.Home.ID, Area: site.Home.Anchor, Channel: site.Home.Channel, Key: "m2", Kind: loa.TurnIn, Network: "zalo", Address: "8012345678901234568", Ref: "ref-m2", Name: "Lò Văn Inh",
		Text: "Một lời nhắn dài không có dấu cách_không_có_dấu_cách_không_có_dấu_cách_không_có_dấu_cách", At: site.Now().Add(-time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	byKeys(t, b, first, "/inbox/"+string(second.Conversation))
	c := site.As(t, "director")
	if a := c.Post("/answers/new", "vietnamese_question", "Đóng bao nhiêu năm thì có lương hưu?", "vietnamese_text", "Đủ tuổi và đóng từ đủ 15 năm.", "cites", "Luật 41/2024/QH15, Điều 98", "topic", "pension", "from", "2025-07-01"); a.Status != 303 {
		t.Fatalf("an answer: %d %.600s", a.Status, wordsOf(a))
	}
	answer := anAnswer.FindString(c.Get("/answers?state=all").Body + c.Get("/answers?state=draft").Body)
	station := newStation(t, c, site, "announcer")
	if a := c.Post(station+"/slots", "day", "0", "day", "6", "start", "17h30", "minutes", "10"); a.Status != 303 {
		t.Fatalf("a slot: %d", a.Status)
	}
	broadcast, _ := announced(t, site, "Kính thưa bà con {thon}. Mời bà con đến họp. Mỗi tháng đóng {muc_dong}.", loa.PlaceID(strings.TrimPrefix(station, "/stations/")))
	device := newStation(t, c, site, "device", "name", "Cụm loa có cái tên rất dài ở bản xa nhất của xã Mẫu", "channel", string(speakers(t, site)))
	kit := strings.Replace(shared(t, site), "/scripts/", "/kits/", 1)
	pages := []string{"/inbox", "/inbox?state=done", first, "/inbox/" + string(second.Conversation), "/answers", "/answers/new", answer, answer + "/edit", "/stations", "/stations/new", station, station + "/edit", device, "/stations/plays", "/stations/earshot",
		station + "/sheet?broadcast=" + string(broadcast), "/broadcasts/" + string(broadcast), "/kits", kit}
	for _, lang := range []string{"en", "vi"} {
		b.Open("/")
		b.JS(`document.querySelector('button[name=lang][value=` + lang + `]').click()`)
		b.Settle()
		for _, path := range pages {
			b.Open(path)
			b.JS(`document.querySelectorAll("main details").forEach(d => d.open = true)`)
			for _, line := range b.Axe() {
				t.Errorf("%s in %s: %s", path, lang, line)
			}
			if text := b.Text(); strings.Contains(text, "%!") {
				t.Errorf("%s in %s shows a sentence with its arguments missing", path, lang)
			}
		}
	}
	b.Size(390, 844)
	for _, path := range pages {
		if strings.Contains(path, "/sheet?") {
			continue // paper is as wide as paper
		}
		b.Open(path)
		if got := b.Value(`String(document.documentElement.scrollWidth - innerWidth)`); got != "0" {
			t.Errorf("%s sticks out %s px sideways on a phone: %s", path, got, b.Value(`[...document.querySelectorAll("main *")].filter(e => e.getBoundingClientRect().right > innerWidth + 1).map(e => e.tagName + "." + e.className).slice(0, 3).join(" | ")`))
		}
	}
}

// byKeys opens, gives, puts off and answers without a mouse.
func byKeys(t *testing.T, b *webtest.Browser, first, second string) {
	t.Helper()
	b.Open("/inbox")
	b.Press("j")
	b.Wait(`document.activeElement.closest("tbody tr") === document.querySelector("main tbody tr")`) // a question of the office waits as well
	b.Press("j")
	b.Wait(`document.activeElement.getAttribute("href")?.startsWith("` + first + `")`)
	b.Press("j")
	b.Wait(`document.activeElement.getAttribute("href")?.startsWith("` + second + `")`)
	b.Press("k")
	b.Key("Enter")
	b.Wait(`location.pathname === "` + first + `" && document.querySelector("#f-text")`)
	b.Press("?")
	b.Wait(`document.querySelector("#help").open && document.querySelector("#help").textContent.toLowerCase().includes("viết trả lời")`)
	b.Key("Escape")
	b.Press("j")
	b.Wait(`location.pathname === "` + second + `" && document.querySelector("#f-text")`)
	b.Press("k")
	b.Wait(`location.pathname === "` + first + `" && document.querySelector("#f-text")`)
	b.Press("a")
	b.Wait(`document.activeElement.id === "f-owner"`)
	b.JS(`document.activeElement.blur()`)
	b.Press("r")
	b.Wait(`document.activeElement.id === "f-text"`)
	b.Press("Nhà mình còn hạn")
	if got := b.Value(`document.querySelector("#f-text").value`); got != "Nhà mình còn hạn" {
		t.Errorf("typed was %q: a shortcut took a letter", got)
	}
	b.Wait(`document.querySelector("#draft-note").textContent !== ""`)
	b.JS(`document.activeElement.blur()`)
	b.Press("s")
	b.Wait(`document.querySelector("details.menu:has([data-shortcut=s])").open`)
	b.JS(`document.querySelector("form[action*='/later'] button[name=until]").click()`)
	b.Wait(`document.querySelector("form[action$='/later?undo=1']") || location.pathname !== "` + first + `"`)
}

// speakers is an account of loudspeakers for devices to belong to.
func speakers(t *testing.T, site *webtest.Site) loa.ChannelID {
	t.Helper()
	c := loa.Channel{ID: loa.ChannelID(loa.NewID()), Area: site.Home.Anchor, Kind: "loudspeaker", Name: "Loa truyền thanh", Settings: []byte("s"), State: loa.ChannelOff}
	if err := site.DB.AddChannel(context.Background(), wholeOf(t, site, site.Home), loa.By{Officer: site.Home.Officers["administrator"], At: site.Now()}, c); err != nil {
		t.Fatal(err)
	}
	return c.ID
}

// shared is an approved script that officers may share.
func shared(t *testing.T, site *webtest.Site) string {
	t.Helper()
	one, two := loa.By{Officer: site.Home.Officers["officer"], At: site.Now()}, loa.By{Officer: site.Home.Officers["director"], At: site.Now()}
	in, ctx := wholeOf(t, site, site.Home), context.Background()
	s, err := site.DB.SaveScript(ctx, in, one, loa.Script{ID: loa.ScriptID(loa.NewID()), Area: site.Home.Anchor, Name: "Bài để chia sẻ", Purpose: loa.Administrative, Texts: []loa.ScriptText{{Lang: "vietnamese", Kind: "post", Text: "Mỗi tháng đóng {muc_dong}, mời bà con đến hỏi."}}})
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range []func(*loa.Script) error{func(s *loa.Script) error { s.State = loa.ScriptSubmitted; return nil }, func(s *loa.Script) error { return s.Approve(two) }} {
		if s, err = site.DB.ChangeScript(ctx, in, two, s.ID, "approved", step); err != nil {
			t.Fatal(err)
		}
	}
	return "/scripts/" + string(s.ID)
}
