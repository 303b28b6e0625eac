package wording

import (
	"slices"
	"strings"
	"testing"

	"loa"
	"loa/policy"
	"loa/speech"
)

func law(t testing.TB) policy.Parameters {
	t.Helper()
	p, err := policy.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

const day = loa.Day("2025-11-30")

func text(lang, kind, words string) loa.ScriptText {
	return loa.ScriptText{Lang: lang, Kind: kind, Text: words}
}

// TestFiguresAreTheCalculators asks for what the founding article and the law say: 22 % of 1,500,000 đ less the State's share of it.
func TestFiguresAreTheCalculators(t *testing.T) {
	b := NewBook(law(t), day)
	for _, c := range []struct {
		who   Who
		place string
		want  string
	}{
		{Who{Group: policy.EthnicMinority}, "muc_dong", "231.000 đồng"},
		{Who{Group: policy.EthnicMinority}, "nha_nuoc_ho_tro", "99.000 đồng"},
		{Who{Group: policy.EthnicMinority}, "ty_le_ho_tro", "30 %"},
		{Who{Group: policy.Poor}, "muc_dong", "165.000 đồng"},
		{Who{Group: policy.NearPoor}, "muc_dong", "198.000 đồng"},
		{Who{}, "muc_dong", "264.000 đồng"},
		{Who{}, "muc_dong_quy", "792.000 đồng"},
		{Who{}, "muc_dong_nam", "3.168.000 đồng"},
		{Who{}, "thu_nhap_thap_nhat", "1.500.000 đồng"},
		{Who{Sex: loa.Female}, "luong_huu", "675.000 đồng"},
		{Who{Sex: loa.Male}, "luong_huu", "600.000 đồng"},
		{Who{}, "luong_huu", "600.000 đồng"}, // the lower of both
		{Who{}, "luong_co_so", "2.340.000 đồng"},
		{Who{}, "bhyt_nguoi_1", "1.263.600 đồng"},
		{Who{}, "bhyt_nguoi_2", "884.520 đồng"},
		{Who{}, "bhyt_nguoi_5", "505.440 đồng"},
	} {
		got, err := Fill(text("vietnamese", "zalo", "{"+c.place+"}"), Facts{Figures: b.For(c.who)})
		if err != nil || strings.ReplaceAll(got, "\u00a0", " ") != c.want {
			t.Errorf("%+v %s: %q, %v; want %q", c.who, c.place, got, err, c.want)
		}
	}
	if first, again := b.For(Who{Group: policy.Poor}), b.For(Who{Group: policy.Poor}); first != again {
		t.Error("a group is worked out twice")
	}
	cites := string(b.For(Who{}).Cites([]string{"muc_dong"}))
	if !strings.Contains(cites, "Luật 41/2024/QH15 Điều") || !strings.Contains(cites, "Nghị định 159/2025/NĐ-CP") {
		t.Errorf("muc_dong rests on %q", cites)
	}
}

// TestEveryPlaceIsFilled keeps the placeholders of the noun, of the calculator and of the facts one list.
func TestEveryPlaceIsFilled(t *testing.T) {
	facts := Facts{Figures: Figures(law(t), day, Who{}), Person: Person{"Sùng Thị Mỷ", "chị", "Bản Hợp", "2025-12-31", "2026-02-28", 27},
		Office: Office{"BHXH cơ sở Tủa Chùa", "0215 3845 123", "Trần Đức Long", "loa.vn/s/abc234", "Chợ phiên Xá Nhè", "2025-12-06"}}
	for place, personal := range loa.Places {
		if got, err := Fill(text("vietnamese", "long", "x{"+place+"}y"), facts); err != nil || len(got) < 4 {
			t.Errorf("%s: %q, %v", place, got, err)
		}
		empty, err := Fill(text("vietnamese", "long", "x{"+place+"}y"), Facts{})
		if err == nil {
			t.Errorf("%s is filled from nothing: %q", place, empty)
		}
		if IsFigure(place) && personal {
			t.Errorf("%s is a figure and personal", place)
		}
	}
	for _, place := range FigurePlaces {
		if _, known := loa.Places[place]; !known {
			t.Errorf("%s is no placeholder", place)
		}
		if _, ok := facts.Figures.Get(place); !ok {
			t.Errorf("%s is not worked out", place)
		}
	}
	if len(policy.SupportGroups) != len(loa.ScriptGroups) {
		t.Fatalf("%v and %v", policy.SupportGroups, loa.ScriptGroups)
	}
	for i, g := range policy.SupportGroups {
		if loa.ScriptGroups[i] != string(g) {
			t.Errorf("a script's group %q is the calculator's %q", loa.ScriptGroups[i], g)
		}
	}
}

func TestWrittenAsTheChannelWantsIt(t *testing.T) {
	facts := Facts{Figures: Figures(law(t), day, Who{Group: policy.EthnicMinority}), Person: Person{Name: "Giàng A Páo", Title: "anh", Due: "2025-12-31"}, Office: Office{Name: "{co_quan}"}}
	for _, c := range []struct{ lang, kind, text, want string }{
		{"vietnamese", "zalo", "Chào {xung_ho} {ten}, mỗi tháng {muc_dong}.", "Chào anh Giàng A Páo, mỗi tháng 231.000 đồng."},
		{"vietnamese", "sms", "Chào {xung_ho} {ten}, còn đóng {muc_dong}/tháng – hạn {han}.", "Chao anh Giang A Pao, con dong 231.000d/thang - han 31/12/2025."},
		{"english", "post", "Only {muc_dong} a month.", "Only 231,000 đồng a month."},
		{"english", "sms", "Only {muc_dong} a month.", "Only VND231,000 a month."},
		{"mong", "loudspeaker", "Ib hlis {muc_dong}.", "Ib hlis 231.000 đồng."},
		{"vietnamese", "post", "{co_quan} mời", "{co_quan} mời"}, // what is filled in is not read again
		{"vietnamese", "leaflet", "không có gì", "không có gì"},
		{"vietnamese", "leaflet", "{muc_dong}{muc_dong}", "231.000 đồng231.000 đồng"},
	} {
		if got, err := Fill(text(c.lang, c.kind, c.text), facts); err != nil || got != c.want {
			t.Errorf("%s %s: %q, %v; want %q", c.lang, c.kind, got, err, c.want)
		}
	}
	for _, bad := range []string{"{", "x}", "{mat_khau}"} {
		if got, err := Fill(text("vietnamese", "zalo", bad), facts); err == nil {
			t.Errorf("%q is filled: %q", bad, got)
		}
	}
	reader, err := speech.NewReader(speech.Style{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	filled, _ := Fill(text("vietnamese", "loudspeaker", "Bà con đóng {muc_dong} một tháng."), facts)
	if got := Aloud(reader, "vietnamese", filled); got != "Bà con đóng hai trăm ba mươi mốt nghìn đồng một tháng." {
		t.Errorf("said: %q", got)
	}
	if got := Aloud(reader, "mong", "Ib hlis 231.000 đồng."); got != "Ib hlis 231.000 đồng." {
		t.Errorf("a Mông announcer is given %q", got)
	}
}

// TestUnknownFiguresBlock: on a day the law does not reach, the figure is refused by its name, and a text without it still goes out.
func TestUnknownFiguresBlock(t *testing.T) {
	p := law(t)
	row, ok := p.At("voluntary_si.support.ethnic_minority", day)
	if !ok {
		t.Fatal("the law has no support for minorities")
	}
	b := NewBook(p.Without(row), day)
	s := loa.Script{Name: "Mức đóng", State: loa.ScriptApproved, Texts: []loa.ScriptText{text("vietnamese", "zalo", "{muc_dong} {luong_co_so}"), text("mong", "loudspeaker", "{muc_dong}")}}
	facts := Facts{Figures: b.For(Who{Group: policy.EthnicMinority})}
	_, err := Fill(s.Texts[0], facts)
	refusal, _ := err.(*loa.Error)
	if refusal == nil || refusal.Code != "figure_unknown" || refusal.Args[0] != loa.Phrase("script.place.muc_dong") || refusal.Args[1] != day {
		t.Errorf("refused with %v", err)
	}
	if got, err := Fill(text("vietnamese", "zalo", "{luong_co_so}"), facts); err != nil || got != "2.340.000 đồng" {
		t.Errorf("what is known is not told: %q, %v", got, err)
	}
	blocks := Blocks(s, b)
	if len(blocks) != 1 || blocks[0].Place != "muc_dong" || !slices.Equal(blocks[0].Groups, []policy.Group{policy.EthnicMinority}) || blocks[0].Err == nil {
		t.Errorf("it is blocked by %+v", blocks)
	}
	if err := Ready(s, b); err == nil {
		t.Error("it may go out")
	}
	s.Group = "poor" // tells what the poor pay, which is known
	if err := Ready(s, b); err != nil {
		t.Errorf("for the poor: %v", err)
	}
	if err := Ready(s, NewBook(p, "1990-01-01")); err == nil {
		t.Error("before the law there are figures")
	}
}

func TestAScriptHasItsTime(t *testing.T) {
	b := NewBook(law(t), day)
	ok := loa.Script{Name: "x", State: loa.ScriptApproved, From: day, Until: day}
	for code, change := range map[string]func(*loa.Script){
		"":                    func(*loa.Script) {},
		"script_not_approved": func(s *loa.Script) { s.State = loa.ScriptSubmitted },
		"script_withdrawn":    func(s *loa.Script) { s.State = loa.ScriptWithdrawn },
		"script_not_yet":      func(s *loa.Script) { s.From = day.Add(1) },
		"script_expired":      func(s *loa.Script) { s.Until = day.Add(-1) },
	} {
		s := ok
		change(&s)
		err := Ready(s, b)
		e, _ := err.(*loa.Error)
		if (err == nil) != (code == "") || e != nil && e.Code != code {
			t.Errorf("want %q, got %v", code, err)
		}
		if s.Usable(day) != (err == nil) {
			t.Errorf("%q: the script itself says %v", code, s.Usable(day))
		}
	}
	until := Until(loa.Script{Until: "2030-01-01", Texts: []loa.ScriptText{text("vietnamese", "zalo", "{muc_dong}")}}, b)
	fig, _ := b.For(Who{}).Get("muc_dong")
	if q := fig.Quote.Until(); q == "" || until > q {
		t.Errorf("its figures hold until %s, the script until %s", q, until)
	}
	if got := Until(loa.Script{Until: "2030-01-01", Texts: []loa.ScriptText{text("vietnamese", "zalo", "xin chào")}}, b); got != "2030-01-01" {
		t.Errorf("without figures it holds until %s", got)
	}
}

func TestSegmentsMarkWhatWasFilled(t *testing.T) {
	c, err := Compile(text("vietnamese", "zalo", "Chào {ten}, {muc_dong}."))
	if err != nil {
		t.Fatal(err)
	}
	got := c.Segments(Facts{Figures: Figures(law(t), day, Who{})})
	if len(got) != 5 || got[1].Text != "{ten}" || got[1].Err == nil || got[3].Text != "264.000 đồng" || got[3].Place != "muc_dong" || got[3].Err != nil || got[4].Text != "." {
		t.Errorf("%+v", got)
	}
}

func TestSpeakingTo(t *testing.T) {
	for _, c := range []struct {
		lang string
		sex  loa.Sex
		born int
		want string
	}{{"vietnamese", loa.Female, 1960, "bà"}, {"vietnamese", loa.Female, 1990, "chị"}, {"vietnamese", loa.Male, 1965, "ông"}, {"vietnamese", loa.Male, 1990, "anh"}, {"vietnamese", "", 0, "ông/bà"}, {"english", loa.Male, 0, "Mr"}} {
		if got := Title(c.lang, c.sex, c.born, day); got != c.want {
			t.Errorf("%+v: %q", c, got)
		}
	}
	for _, c := range []struct {
		poverty, ethnic string
		want            policy.Group
	}{{"poor", "mong", policy.Poor}, {"near_poor", "kinh", policy.NearPoor}, {"", "mong", policy.EthnicMinority}, {"other", "kinh", policy.Other}, {"", "", policy.Other}} {
		if got := GroupOf(c.poverty, c.ethnic); got != c.want {
			t.Errorf("%+v: %s", c, got)
		}
	}
	if w := ForScript(loa.Script{Group: "poor"}, Who{policy.Other, loa.Male}); w != (Who{policy.Poor, loa.Male}) {
		t.Errorf("a script for the poor tells %+v", w)
	}
}

func TestMeasure(t *testing.T) {
	reader, err := speech.NewReader(speech.Style{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	s := Measure(reader, text("vietnamese", "sms", ""), strings.Repeat("a", 209), strings.Repeat("ạ", 265))
	if len(s.SMS.Parts) != 2 || s.Accented != 4 {
		t.Errorf("%d parts, with accents %d", len(s.SMS.Parts), s.Accented)
	}
	if s := Measure(reader, text("vietnamese", "loudspeaker", ""), strings.Repeat("bà con ", 115), ""); s.Seconds != 120 {
		t.Errorf("230 words last %d s", s.Seconds)
	}
}

// fills are a message as a broadcast sends it, for a crowd of a few groups.
func fills(b *testing.B, kind string) {
	book := NewBook(law(b), day)
	t, err := Compile(text("vietnamese", kind, "Chào {xung_ho} {ten}, đến {han} là hạn đóng BHXH tự nguyện. Mỗi tháng còn đóng {muc_dong}, Nhà nước hỗ trợ {nha_nuoc_ho_tro}. Hỏi {can_bo}, {dien_thoai}. {lien_ket}"))
	if err != nil {
		b.Fatal(err)
	}
	people := []Person{{Name: "Giàng A Páo", Title: "anh", Due: "2025-12-31"}, {Name: "Sùng Thị Mỷ", Title: "chị", Due: "2025-12-15"}, {Name: "Lò Văn Ánh", Title: "ông", Due: "2026-01-31"}}
	office := Office{Name: "BHXH cơ sở Tủa Chùa", Phone: "0215 3845 123", Officer: "Trần Đức Long", Link: "loa.vn/s/abc234"}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if _, err := t.Fill(Facts{Figures: book.For(Who{Group: policy.SupportGroups[i%len(policy.SupportGroups)]}), Person: people[i%3], Office: office}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "fills/s")
}

func BenchmarkFillZalo(b *testing.B) { fills(b, "zalo") }
func BenchmarkFillSMS(b *testing.B)  { fills(b, "sms") }
