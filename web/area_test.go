package web_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"loa/web/webtest"
)

// hidden is the value of a field of the first form that has it.
func hidden(t *testing.T, body, name string) string {
	t.Helper()
	m := regexp.MustCompile(`name="` + name + `"[^>]*value="([^"]*)"`).FindStringSubmatch(body)
	if m == nil {
		t.Fatalf("no field %s", name)
	}
	return html.UnescapeString(m[1])
}

// undoIn is the address that takes back what was just done, with everything it carries.
func undoIn(t *testing.T, page webtest.Answer) string {
	t.Helper()
	return html.UnescapeString(undoOf(t, page))
}

func TestTheTreeAndItsVillages(t *testing.T) {
	s := webtest.New(t)
	director := s.As(t, "director")
	list := director.Get("/areas")
	if !list.Has("Xã Nhất mau", "Xã Nhì mau", "Chưa rõ xã", "Toàn địa bàn", "Chợ mau") || list.Has("Bản Một mau") {
		t.Errorf("the list lacks a commune, or has every village: %d", list.Status)
	}
	if i, j := strings.Index(list.Body, "Xã Nhì mau"), strings.Index(list.Body, `>Chưa rõ xã<`); i > j {
		t.Error("what has no commune does not stand last")
	}
	if a := director.Get("/areas/" + string(s.Home.Commune1) + "/villages"); !a.Has("Bản Một mau", "Hạng A Trưởng mau") || a.Has("Hai mau") {
		t.Errorf("the villages of the first commune: %d", a.Status)
	}
	if a := director.Get("/areas/" + string(s.Home.Anchor)); !a.Has("Thôn Chưa Rõ mau", "/move") {
		t.Errorf("the villages without a commune: %d", a.Status)
	}
	show := director.Get("/areas/" + string(s.Home.Village1))
	if !show.Has("Bản Một mau", "Hạng A Trưởng mau", "trưởng thôn bản", "Tết bản mau", "Điểm thu mau", "Nhóm nhỏ bản Một mau", "Nhóm nhỏ tháng 12 mau", "/people?area="+string(s.Home.Village1)) {
		t.Error("the village's page lacks something")
	}
	if a := s.As(t, "sibling").Get("/areas"); a.Has("Nhất mau") || a.Has("Chưa rõ xã") || !a.Has("Nhì mau") {
		t.Error("the officer of one commune sees another, or what has none")
	}
	viewer := s.As(t, "viewer").Get("/areas/" + string(s.Home.Village1))
	if viewer.Status != http.StatusOK || viewer.Has("/edit\"") || viewer.Has("/people?area=") {
		t.Errorf("the viewer is offered what would be refused: %d", viewer.Status)
	}
}

func TestAnAreaIsEditedFieldByField(t *testing.T) {
	s := webtest.New(t)
	director, officer := s.As(t, "director"), s.As(t, "officer")
	at := "/areas/" + string(s.Home.Village1) + "/edit"
	read := hidden(t, director.Get(at).Body, "read")
	form := func(pairs ...string) []string {
		base := map[string]string{"name": "Một mau", "prefix": "Bản", "read": read}
		for i := 0; i+1 < len(pairs); i += 2 {
			base[pairs[i]] = pairs[i+1]
		}
		var out []string
		for k, v := range base {
			out = append(out, k, v)
		}
		return out
	}
	if a := officer.Post(at, form("signal", "weak", "travel_wet_min", "95", "centroid", "21.82365, 103.36016", "aliases", "Bản Xá, Bản Sá")...); a.Status != http.StatusSeeOther {
		t.Fatalf("the officer saves: %d", a.Status)
	}
	// the director opened the form before and changes something else: both stay
	if a := director.Post(at, form("loudspeaker", "wired")...); a.Status != http.StatusSeeOther {
		t.Fatalf("a field nobody else touched: %d %s", a.Status, a.Body)
	}
	show := director.Get("/areas/" + string(s.Home.Village1))
	if !show.Has("sóng yếu", "95 phút", "loa có dây", "21.82365, 103.36016", "Bản Sá, Bản Xá") {
		t.Error("one of the two changes is lost")
	}
	// both change the same field: the director sees both values and nothing is written
	clash := director.Post(at, form("signal", "none", "loudspeaker", "wired")...)
	if clash.Status != http.StatusUnprocessableEntity || !clash.Has("sóng yếu", "không có sóng") {
		t.Fatalf("a clash: %d", clash.Status)
	}
	if a := director.Get("/areas/" + string(s.Home.Village1)); !a.Has("sóng yếu") {
		t.Error("a clash was written")
	}
	read = hidden(t, clash.Body, "read")
	if a := director.Post(at, form("signal", "none", "loudspeaker", "wired", "travel_wet_min", "95", "aliases", "Bản Xá, Bản Sá")...); a.Status != http.StatusSeeOther {
		t.Errorf("having seen it, saving is a choice: %d", a.Status)
	}
	for name, bad := range map[string][]string{"no name": {"name", " "}, "far": {"travel_dry_min", "2000"}, "nowhere": {"centroid", "21,8 103,3"}, "abroad": {"centroid", "95.0, 200.0"}, "no such signal": {"signal", "5g"}} {
		if a := director.Post(at, form(bad...)...); a.Status != http.StatusUnprocessableEntity || !a.Has("err") {
			t.Errorf("%s: %d", name, a.Status)
		}
	}
	for _, q := range []string{"sa", "Ban Xa", "bản sá"} {
		for _, path := range []string{"/areas?q=", "/areas/find?q=", "/search?q=", "/pick/area?q="} {
			if a := director.Get(path + url.QueryEscape(q)); !a.Has("Bản Một mau") {
				t.Errorf("%s does not find the village by %q", path, q)
			}
		}
	}
}

func TestAVillageIsPlacedAndTakenBack(t *testing.T) {
	s := webtest.New(t)
	director := s.As(t, "director")
	loose := "/areas/" + string(s.Home.Loose)
	moved := director.Send(loose+"/move", "parent", string(s.Home.Commune2), "from", "01/11/2025", "source", "Biên bản")
	if !moved.Has("Xã Nhì mau", "Biên bản") {
		t.Fatalf("placed: %d", moved.Status)
	}
	if a := s.As(t, "sibling").Get(loose); a.Status != http.StatusOK {
		t.Errorf("the officer of the commune does not see it: %d", a.Status)
	}
	if a := director.Send(undoIn(t, moved)); !a.Has("hoàn tác") {
		t.Errorf("taken back: %d", a.Status)
	}
	if a := s.As(t, "sibling").Get(loose); a.Status != http.StatusNotFound {
		t.Errorf("taken back, it still is in the commune: %d", a.Status)
	}
	for name, bad := range map[string][]string{"no commune": {"from", "01/11/2025"}, "tomorrow": {"parent", string(s.Home.Commune1), "from", "01/12/2025"}, "no day": {"parent", string(s.Home.Commune1)},
		"where it is": {"parent", string(s.Home.Anchor), "from", "01/11/2025"}} {
		if a := director.Post(loose+"/move", bad...); a.Status != http.StatusUnprocessableEntity || !a.Has("err") {
			t.Errorf("%s: %d", name, a.Status)
		}
	}
	if a := director.Post(loose+"/move", "parent", string(s.Far.Commune1), "from", "01/11/2025"); a.Status != http.StatusNotFound {
		t.Errorf("into another office's commune: %d", a.Status)
	}
	added := director.Send("/areas/new", "name", "Mới Lập", "aliases", "Mới Cũ", "prefix", "Bản", "parent", string(s.Home.Commune1), "from", "01/11/2025")
	if !added.Has("Bản Mới Lập") {
		t.Fatalf("added: %d", added.Status)
	}
	if a := director.Post("/areas/new", "name", "mới lập", "prefix", "Bản", "parent", string(s.Home.Commune1), "from", "01/11/2025"); a.Status != http.StatusUnprocessableEntity || !a.Has("mới lập") {
		t.Errorf("the same village twice: %d", a.Status)
	}
	director.Send(undoIn(t, added))
	if a := director.Get("/areas?q=moi+lap"); a.Has("Bản Mới Lập") {
		t.Error("taken back, the village is still there")
	}
}

func TestCommunesMergeByDateAndReportsAgree(t *testing.T) {
	s := webtest.New(t)
	director := s.As(t, "director")
	coded := director.Send("/areas/"+string(s.Home.Commune1)+"/code", "code", "90001", "code_from", "01/07/2025", "code_source", "NQ mẫu")
	if !coded.Has("90001", "NQ mẫu") {
		t.Fatalf("a new code: %d", coded.Status)
	}
	if a := director.Get("/areas?q=90001"); !a.Has("Xã Nhất mau") {
		t.Error("not found by its code")
	}
	merged := director.Send("/areas/"+string(s.Home.Commune2)+"/move", "parent", string(s.Home.Commune1), "from", "01/11/2025", "source", "NQ mẫu")
	undo := undoIn(t, merged)
	if a := director.Get("/areas/" + string(s.Home.Commune2)); !a.Has("đã sáp nhập", "Xã Nhất mau") || a.Has("/edit\"") {
		t.Errorf("the page of the merged commune does not say where it went: %d", a.Status)
	}
	if a := director.Get("/areas/history?on=2025-10-31"); !a.Has("Theo đơn vị ngày 31/10/2025", "Xã Nhì mau", "Hai cách cộng khớp nhau") {
		t.Errorf("the replay of the day before: %d", a.Status)
	}
	for _, page := range []string{"/coverage?by=2025-10-31", "/reports?by=2025-10-31&from=2025-01&to=2025-11"} {
		if a := director.Get(page); !a.Has("Nhì mau", "Nhất mau", "Chưa rõ xã") {
			t.Errorf("%s lacks a unit of that day: %d", page, a.Status)
		}
	}
	for _, page := range []string{"/coverage", "/reports"} {
		if a := director.Get(page); a.Has(">Nhì mau<") || !a.Has("Nhất mau") {
			t.Errorf("%s still tells by the merged commune", page)
		}
	}
	if a := director.Get("/areas?q=nhi"); !a.Has("nay thuộc Xã Nhất mau") && !a.Has("Xã Nhì mau") {
		t.Error("the merged commune is not found by its name")
	}
	if a := director.Send(undo); !a.Has("Xã Nhì mau") {
		t.Errorf("the merger is not taken back: %d", a.Status)
	}
	if a := s.As(t, "officer").Post("/areas/"+string(s.Home.Commune1)+"/code", "code", "90009", "code_from", "01/11/2025"); a.Status != http.StatusNotFound {
		t.Errorf("the officer of one commune gives it a code: %d", a.Status)
	}
	ended := director.Send("/areas/"+string(s.Home.Commune2)+"/end", "to", "2025-11-15")
	if !ended.Has("15/11/2025") || ended.Has(">Xã Nhì mau</a>") {
		t.Errorf("a commune given up is still in the tree: %d", ended.Status)
	}
	if a := director.Send(undoIn(t, ended)); !a.Has(">Xã Nhì mau</a>") {
		t.Errorf("it does not come back: %d", a.Status)
	}
}

func TestACommuneOfTheNationIsAdded(t *testing.T) {
	s := webtest.New(t)
	director := s.As(t, "director")
	if a := director.Get("/areas/gazetteer?q=xa+nhe"); !a.Has("Xã Sáng Nhè", "03244") {
		t.Errorf("the former name does not lead to the commune: %s", a.Body)
	}
	added := director.Send("/areas/communes/new", "name", "Tân Mẫu", "prefix", "Xã", "code", "90077", "from", "01/11/2025", "source", "NQ mẫu")
	if !added.Has("Xã Tân Mẫu", "90077") {
		t.Fatalf("a new commune: %d", added.Status)
	}
	director.Send(undoIn(t, added))
	if a := director.Get("/areas"); a.Has("Tân Mẫu") {
		t.Error("taken back, it is still there")
	}
	if a := director.Post("/areas/communes/new", "name", "Tân Mẫu", "prefix", "Xã", "code", "90077", "from", "01/12/2025"); a.Status != http.StatusUnprocessableEntity || !a.Has("Tân Mẫu") {
		t.Errorf("tomorrow: %d", a.Status)
	}
}

func TestANewCommuneIsFormedOfOthers(t *testing.T) {
	s := webtest.New(t)
	director := s.As(t, "director")
	one, two := string(s.Home.Commune1), string(s.Home.Commune2)
	if a := director.Get("/areas/communes/new"); !a.Has(`name="of" value="`+one, `name="of" value="`+two) {
		t.Errorf("the communes of the office cannot be ticked: %d", a.Status)
	}
	bad := director.Post("/areas/communes/new", "name", "Tân Mẫu", "prefix", "Xã", "code", "9007", "from", "01/11/2025", "of", one)
	if bad.Status != http.StatusUnprocessableEntity || !bad.Has(`value="`+one+`" checked`) {
		t.Errorf("a code of four digits: %d", bad.Status)
	}
	formed := director.Send("/areas/communes/new", "name", "Tân Mẫu", "prefix", "Xã", "code", "90077", "from", "01/11/2025", "source", "NQ mẫu", "of", one, "of", two)
	if !formed.Has("Đã lập Xã Tân Mẫu từ 2 xã", ">Xã Tân Mẫu</a>") || formed.Has(">Xã Nhì mau</a>") {
		t.Fatalf("a commune of two: %d", formed.Status)
	}
	if a := director.Get("/areas"); !a.Has(`action="` + undoIn(t, formed) + `"`) {
		t.Error("once the message is gone there is no way back")
	}
	if a := director.Send(undoIn(t, formed)); !a.Has(">Xã Nhất mau</a>", ">Xã Nhì mau</a>") || a.Has("Tân Mẫu") {
		t.Error("taken back, it is not as before")
	}
}

func TestMarketsAndFestivals(t *testing.T) {
	s := webtest.New(t)
	officer := s.As(t, "officer")
	at := "/areas/" + string(s.Home.Village1)
	if a := officer.Get("/areas/market-days?market_kind=branch&market_branch=3&market_branch=9"); !a.Has("30/11", "06/12", "Quý Mão", "âm lịch") {
		t.Errorf("the next market days: %s", a.Body)
	}
	for name, q := range map[string]string{"five apart": "market_kind=branch&market_branch=3&market_branch=8", "no day": "market_kind=weekday", "nothing": ""} {
		if a := officer.Get("/areas/market-days?" + q); !a.Has("err") || a.Has("âm lịch") {
			t.Errorf("%s: %s", name, a.Body)
		}
	}
	bad := officer.Post(at+"/markets", "market_name", "Chợ Sai", "market_kind", "branch", "market_branch", "3", "market_branch", "8")
	if bad.Status != http.StatusUnprocessableEntity || !bad.Has("cách nhau 6", "Chợ Sai") {
		t.Errorf("branches five apart: %d", bad.Status)
	}
	if a := officer.Send(at+"/markets", "market_name", "Chợ Mão Dậu", "market_kind", "branch", "market_branch", "3", "market_branch", "9"); !a.Has("Chợ Mão Dậu", "họp ngày Mão, Dậu") {
		t.Fatalf("a market: %d", a.Status)
	}
	page := officer.Get(at).Body
	drop := regexp.MustCompile(`action="(/areas/[^"]+/markets/[^"]+/drop)"`).FindStringSubmatch(page)
	if drop == nil {
		t.Fatal("no way to drop a market")
	}
	dropped := officer.Send(drop[1])
	if dropped.Has("họp ngày Mão, Dậu") {
		t.Error("the market is still there")
	}
	if a := officer.Send(undoIn(t, dropped)); !a.Has("họp ngày Mão, Dậu") {
		t.Error("the market does not come back")
	}
	if a := officer.Send(at+"/festivals", "festival_name", "Gầu Tào", "festival_kind", "festival", "festival_from", "2026-02-20", "festival_to", "2026-02-22"); !a.Has("Gầu Tào", "20/02/2026", "4/1 âm lịch", "2026") {
		t.Fatalf("a festival: %d", a.Status)
	}
	for _, c := range []struct{ name, first, second, moon, sun string }{
		{"Tết Mẫu", "2024-02-10", "2025-01-29", "17/02/2026", ""},  // the first day of the first moon
		{"Ngày Mẫu", "2024-09-02", "2025-09-02", "", "02/09/2026"}, // the same day of the sun
		{"Hội Mẫu", "", "2025-09-02", "23/08/2026", "02/09/2026"},  // one year alone says neither
	} {
		for _, from := range []string{c.first, c.second} {
			if from != "" {
				officer.Send(at+"/festivals", "festival_name", c.name, "festival_kind", "festival", "festival_from", from, "festival_to", from)
			}
		}
		offered := regexp.MustCompile(`name="festival_name" value="`+c.name+`">.*?</button>`).FindAllString(officer.Get(at).Body, -1)
		all := strings.Join(offered, "\n")
		if strings.Contains(all, "theo âm lịch") != (c.moon != "") || strings.Contains(all, "theo dương lịch") != (c.sun != "") || !strings.Contains(all, c.moon) || !strings.Contains(all, c.sun) {
			t.Errorf("%s is offered again as %s", c.name, all)
		}
	}
	if a := officer.Post(at+"/festivals", "festival_name", "Ngược", "festival_kind", "closed", "festival_from", "2026-02-20", "festival_to", "2026-02-10"); a.Status != http.StatusUnprocessableEntity || !a.Has("Ngược") {
		t.Errorf("running backwards: %d", a.Status)
	}
	gone := officer.Send(at + "/festivals/" + string(s.Home.Festival) + "/drop")
	if a := officer.Send(undoIn(t, gone)); !a.Has("Tết bản mau") {
		t.Error("the festival does not come back")
	}
}

func TestFiguresAndPeopleOfAVillage(t *testing.T) {
	s := webtest.New(t)
	officer := s.As(t, "officer")
	at := "/areas/" + string(s.Home.Village1)
	for _, x := range [][2]string{{"410", "2024-12-31"}, {"432", "2025-06-30"}} {
		if a := officer.Send(at+"/figures", "figure_kind", "population", "figure_value", x[0], "figure_as_of", x[1], "figure_source", "UBND xã mẫu"); !a.Has(x[0], "UBND xã mẫu") {
			t.Fatalf("a figure: %d", a.Status)
		}
	}
	if a := officer.Get(at); !a.Has("432", "30/06/2025", "410", "31/12/2024") {
		t.Error("the older figure is gone")
	}
	if a := s.As(t, "director").Get("/areas"); !a.Has("432", "UBND xã mẫu", "30/06/2025") {
		t.Error("the commune does not add its villages up")
	}
	for name, bad := range map[string][]string{"no source": {"figure_kind", "population", "figure_value", "5", "figure_as_of", "2025-06-30"}, "no number": {"figure_kind", "population", "figure_as_of", "2025-06-30", "figure_source", "x"},
		"tomorrow": {"figure_kind", "households", "figure_value", "5", "figure_as_of", "2026-06-30", "figure_source", "x"}} {
		if a := officer.Post(at+"/figures", bad...); a.Status != http.StatusUnprocessableEntity || !a.Has("<details", " open", "class=\"err\"") {
			t.Errorf("%s: %d", name, a.Status)
		}
	}
	if a := officer.Send(at+"/influencers", "who_name", "Giàng A Già", "who_role", "elder", "who_phone", "0199 000 0123", "who_from", "2024-01-01", "who_introduced_by", "Trưởng bản"); !a.Has("Giàng A Già", "già làng", "do Trưởng bản giới thiệu", "từ 01/01/2024") {
		t.Fatalf("an elder: %d", a.Status)
	}
	end := at + "/influencers/" + string(s.Home.Influencer) + "/end"
	ended := officer.Send(end, "who_to", "2025-11-01")
	if !ended.Has("01/11/2025", "Người trước đây (1)") {
		t.Errorf("the head's last day: %d", ended.Status)
	}
	if a := officer.Send(undoIn(t, ended)); a.Has("Người trước đây") || !a.Has("Hạng A Trưởng mau") {
		t.Error("the head does not come back")
	}
	if a := officer.Send(at+"/influencers/"+string(s.Home.Influencer)+"/save", "who_name", "Hạng A Trường", "who_role", "village_head"); !a.Has("Hạng A Trường") {
		t.Errorf("put right: %d", a.Status)
	}
	if a := officer.Post(at+"/influencers", "who_name", "", "who_role", "elder"); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("nobody: %d", a.Status)
	}
}

func TestTheAdministratorSeesWhatTheOfficeOwns(t *testing.T) {
	s := webtest.New(t)
	admin := s.As(t, "administrator")
	page := admin.Get("/admin/settings")
	if !page.Has("Xã Nhất mau", "Xã Nhì mau", "01/01/2023", "Số văn bản đã cấp") {
		t.Errorf("the settings: %d", page.Status)
	}
	if page.Has("Nhất ben") {
		t.Error("another office's commune is shown")
	}
	if a := admin.Send("/admin/settings", "part", "head", "name", "Bảo hiểm xã hội cơ sở Mới", "short_name", "Mới", "superior", "BHXH tỉnh Mới", "place", "Mới", "symbol", "BHXH-M"); !a.Has("Bảo hiểm xã hội cơ sở Mới", "BHXH tỉnh Mới", "01/BHXH-M") {
		t.Errorf("the head of documents: %d", a.Status)
	}
	ended := admin.Send("/areas/"+string(s.Home.Commune2)+"/end", "to", "2025-11-15")
	if a := admin.Get("/admin/settings"); !a.Has("15/11/2025") {
		t.Errorf("a commune given up is not shown with its day: %d %d", ended.Status, a.Status)
	}
}
