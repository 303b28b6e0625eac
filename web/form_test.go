package web_test

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"loa"
	"loa/policy"
	"loa/web/webtest"
)

// sealNumbers gives the fixture's person both numbers and returns them.
func sealNumbers(t *testing.T, c *webtest.Client, site *webtest.Site) (national, si string) {
	t.Helper()
	national, si = "000087000123", "1100000042"
	a := c.Get("/people/" + string(site.Home.Person) + "/edit")
	read := fieldOf(a.Body, "read")
	if a := c.Post("/people/"+string(site.Home.Person)+"/edit", "read", read, "name", "Sùng A Mẫu mau", "village", string(site.Home.Village1), "born", "1987", "national_id", national, "si_number", si, "sex", "male", "relation", "head"); a.Status != http.StatusSeeOther {
		t.Fatalf("the numbers are not kept: %d", a.Status)
	}
	return national, si
}

func fieldOf(body, name string) string {
	_, rest, _ := strings.Cut(body, `name="`+name+`" value="`)
	value, _, _ := strings.Cut(rest, `"`)
	return value
}

func TestD05HasItsTwentyColumns(t *testing.T) {
	site := webtest.New(t)
	c := site.As(t, "director")
	if err := site.DB.AddLeaving(context.Background(), scopeOfHome(site), byDirector(site), loa.Leaving{Fact: loa.Fact{ID: loa.FactID(loa.NewID()), HappenedOn: "2025-10-20"}, Person: site.Home.Person2, Scheme: loa.VoluntarySI, Reason: "moved"}); err != nil {
		t.Fatal(err)
	}
	a := c.Post("/documents/lists", "kind", "d05", "from", "01/10/2025", "to", "31/10/2025")
	if a.Status != http.StatusOK || !strings.Contains(a.Header.Get("Content-Disposition"), "d05-ts-2025-10-01") {
		t.Fatalf("the list answers %d", a.Status)
	}
	lines := strings.Split(cellsOf(t, a.Body), "\n")
	find := func(start string) string {
		for _, l := range lines {
			if strings.HasPrefix(l, start) {
				return l
			}
		}
		t.Fatalf("no line begins with %q in\n%s", start, strings.Join(lines, "\n"))
		return ""
	}
	if got := find("A|"); got != "A|B|C|1|2|3|4|5|6|7|8|9|10|11|12|13|14|15|16|17|" {
		t.Errorf("the columns are %s", got)
	}
	row := strings.Split(find("1|Sùng A Mẫu mau"), "|")
	for col, want := range map[int]string{2: "", 3: "", 7: "1500000", 8: "3", 9: "10/2025", 10: "990000", 11: "693000", 12: "", 13: "297000", 15: ""} {
		if row[col] != want {
			t.Errorf("column %d holds %q, want %q", col, row[col], want)
		}
	}
	if note := row[19]; !strings.Contains(note, "Đối tượng Hộ_cận_nghèo, Dân tộc Thiểu_số, P.Thức Tăng_mới") || !strings.Contains(note, "Ngày sinh 1987") {
		t.Errorf("column 17 says %q", note)
	}
	if sum := strings.Split(find("|Cộng tăng"), "|"); sum[10] != "990000" || sum[11] != "693000" || sum[13] != "297000" {
		t.Errorf("the sums are %v", sum)
	}
	if gone := find("1|Thào Thị Nhì mau"); !strings.Contains(gone, "Dừng: chuyển đi nơi khác, ngày 20/10/2025") {
		t.Errorf("who left stands as %s", gone)
	}
	for _, want := range []string{"I|Tăng|", "II|Giảm|", "|Tổng cộng|", "|Tổng số sổ BHXH đề nghị cấp", "NGƯỜI LẬP BIỂU||||||CÁN BỘ THU TIỀN||||||TỔ CHỨC DỊCH VỤ THU", "|Cột 16 chỉ áp dụng"} {
		find(want)
	}
	if log := logged(t, site, "exported"); len(log) != 1 || log[0].Noun != "people" || !strings.Contains(log[0].Detail, "d05 paid 2025-10-01..2025-10-31 n=2") {
		t.Errorf("the log says %+v", log)
	}
}

func TestListsShowNumbersForAReasonOnly(t *testing.T) {
	site := webtest.New(t)
	c := site.As(t, "director")
	national, si := sealNumbers(t, c, site)
	ask := []string{"kind", "d05", "from", "01/10/2025", "to", "31/10/2025"}
	if got := cellsOf(t, c.Post("/documents/lists", ask...).Body); strings.Contains(got, national) || strings.Contains(got, si) || !strings.Contains(got, "Không kèm số định danh") {
		t.Error("numbers nobody asked for, or no word that they are missing")
	}
	before := len(logged(t, site, "exported"))
	if a := c.Post("/documents/lists", append(ask, "numbers", "1", "reason", "x")...); a.Status != http.StatusUnprocessableEntity || len(logged(t, site, "exported")) != before {
		t.Errorf("no reason answers %d", a.Status)
	}
	a := c.Post("/documents/lists", append(ask, "numbers", "1", "reason", "nộp danh sách tháng 10")...)
	if got := cellsOf(t, a.Body); !strings.Contains(got, "Sùng A Mẫu mau|"+si+"|"+national+"|") {
		t.Errorf("the numbers do not stand in C and 1: %s", got)
	}
	if log := logged(t, site, "exported"); !strings.Contains(log[0].Detail, "nộp danh sách tháng 10") || strings.Contains(log[0].Detail, national) {
		t.Errorf("the log says %q", log[0].Detail)
	}
	for _, bad := range [][]string{{"kind", "d05", "from", "", "to", "31/10/2025"}, {"kind", "d05", "from", "31/10/2025", "to", "01/10/2025"}, {"kind", "d05", "from", "01/01/2020", "to", "31/10/2025"}, {"kind", "d07", "from", "01/10/2025", "to", "31/10/2025"}, {"kind", "d05", "from", "40/10/2025", "to", "31/10/2025"}} {
		if a := c.Post("/documents/lists", bad...); a.Status != http.StatusUnprocessableEntity {
			t.Errorf("%v answers %d", bad, a.Status)
		}
	}
	if got := cellsOf(t, site.As(t, "sibling").Post("/documents/lists", ask...).Body); strings.Contains(got, "Sùng A") {
		t.Error("the officer of another commune gets its people")
	}
	if a := site.As(t, "viewer").Post("/documents/lists", ask...); a.Status != http.StatusForbidden {
		t.Errorf("who reads figures alone gets %d", a.Status)
	}
}

func TestD03SaysItsLayoutIsNotConfirmed(t *testing.T) {
	site := webtest.New(t)
	c := site.As(t, "director")
	pay := loa.Contribution{Fact: loa.Fact{ID: loa.FactID(loa.NewID()), HappenedOn: "2025-11-03"}, Person: site.Home.Person, Scheme: loa.HouseholdHI, Payer: loa.PaysSelf, Method: loa.Card, From: "2025-12-01", Until: "2026-11-30", Months: 12, Amount: 1263600, Receipt: "HI-7"}
	if err := site.DB.AddContribution(context.Background(), scopeOfHome(site), byDirector(site), pay); err != nil {
		t.Fatal(err)
	}
	got := cellsOf(t, c.Post("/documents/lists", "kind", "d03", "from", "2025-11-01", "to", "2025-11-30").Body)
	if !strings.Contains(got, "chưa được xác nhận") || !strings.Contains(got, "|1263600|12|2025-12-01|2026-11-30|2025-11-03|HI-7|") && !strings.Contains(got, "|1263600|12|01/12/2025|30/11/2026|03/11/2025|HI-7|") {
		t.Errorf("the list reads %s", got)
	}
	reg := cellsOf(t, c.Post("/documents/lists", "kind", "d03", "source", "registered", "from", "2025-11-01", "to", "2025-11-30").Body)
	if !strings.Contains(reg, "1|Sùng A Mẫu mau|") || strings.Contains(reg, "1263600") {
		t.Errorf("who is handed over and has not paid reads %s", reg)
	}
	if page := c.Get("/documents"); !page.Has("Các cột chính thức của mẫu D03-TS chưa được xác nhận", "Bố cục chính thức của mẫu TK1-TS chưa được xác nhận") {
		t.Error("the page does not say what is not confirmed")
	}
}

func TestDeclarationIsFilledIn(t *testing.T) {
	site := webtest.New(t)
	c := site.As(t, "director")
	national, si := sealNumbers(t, c, site)
	at := "/households/" + string(site.Home.Household) + "/tk1"
	if a := c.Get("/documents/tk1?household=" + string(site.Home.Household)); a.Location != at {
		t.Errorf("the pick leads to %q", a.Location)
	}
	if a := c.Get("/documents/tk1"); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("no household answers %d", a.Status)
	}
	page := c.Get(at)
	if !page.Has("TỜ KHAI THAM GIA", "Họ và tên: Sùng A Mẫu mau", "chưa được xác nhận", "1.500.000 đồng", "Bản Một mau", "Phụ lục: thành viên hộ gia đình", "5. Dân tộc") || page.Has(national) || page.Has(si) {
		t.Error("the declaration is not filled in, or shows a number nobody asked for")
	}
	if a := c.Post(at, "reason", "x"); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("no reason answers %d", a.Status)
	}
	shown := c.Post(at, "reason", "lập tờ khai cho chủ hộ")
	if !shown.Has("Mã số BHXH: "+si, "Số định danh cá nhân: "+national, `name="reason" value="lập tờ khai cho chủ hộ"`) {
		t.Error("the numbers are not filled in")
	}
	if log := logged(t, site, "revealed"); len(log) != 1 || !strings.Contains(log[0].Detail, "lập tờ khai cho chủ hộ") || strings.Contains(log[0].Detail, national) {
		t.Errorf("the log says %+v", log)
	}
	word := wordOf(t, c.Post("/people/"+string(site.Home.Person)+"/tk1", "reason", "lập tờ khai", "format", "docx").Body)
	if !strings.Contains(word, national) || !strings.Contains(word, "Người kê khai") && !strings.Contains(word, "NGƯỜI KÊ KHAI") {
		t.Errorf("the file says %s", word)
	}
	if got := cellsOf(t, c.Get(at+"?format=xlsx").Body); !strings.Contains(got, "1|Họ và tên|Sùng A Mẫu mau|") || !strings.Contains(got, "chưa được xác nhận") || strings.Contains(got, national) {
		t.Errorf("the workbook reads %s", got)
	}
	if log := logged(t, site, "exported"); len(log) != 2 || log[0].Noun != "people" {
		t.Errorf("%d files were written down", len(log))
	}
	if a := site.As(t, "sibling").Get(at); a.Status != http.StatusNotFound {
		t.Errorf("the officer of another commune opens it: %d", a.Status)
	}
}

// TestListsReckonByTheLaw registers one person who has not paid, and pays for another what the calculator comes to.
func TestListsReckonByTheLaw(t *testing.T) {
	site, ctx := webtest.New(t), context.Background()
	c, in := site.As(t, "director"), scopeOfHome(site)
	law, err := policy.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	q, err := law.Contribution(policy.Contribution{Day: "2025-11-20", Income: 1500000, Groups: []policy.Group{policy.NearPoor, policy.EthnicMinority}, Method: loa.Quarterly, Periods: 1, SupportBP: -1})
	if err != nil {
		t.Fatal(err)
	}
	support, ok := law.At("voluntary_si.support.near_poor", "2025-11-20")
	if !ok {
		t.Fatal("no rate of support is known")
	}
	n := map[string]string{"rate": strconv.FormatInt(support.Value/100, 10)}
	for _, r := range q.Results {
		n[r.Name] = strconv.FormatInt(r.N, 10)
	}
	lead := loa.Lead{Fact: loa.Fact{ID: loa.FactID(loa.NewID()), HappenedOn: "2025-11-20"}, Person: site.Home.Person2, Scheme: loa.VoluntarySI, Form: loa.SmallGroup, Officer: site.Home.Officers["director"], Income: 1500000, Method: loa.Quarterly}
	if err := site.DB.AddLead(ctx, in, byDirector(site), lead); err != nil {
		t.Fatal(err)
	}
	step := loa.EnrolmentStep{Fact: loa.Fact{ID: loa.FactID(loa.NewID()), HappenedOn: "2025-11-20"}, Lead: loa.LeadID(lead.ID), Step: loa.Registered}
	if err := site.DB.AddStep(ctx, in, byDirector(site), step); err != nil {
		t.Fatal(err)
	}
	row := func(source string) []string {
		for _, l := range strings.Split(cellsOf(t, c.Post("/documents/lists", "kind", "d05", "source", source, "from", "2025-11-20", "to", "2025-11-20").Body), "\n") {
			if strings.HasPrefix(l, "1|Thào Thị Nhì mau") {
				return strings.Split(l, "|")
			}
		}
		return make([]string, 20)
	}
	if got := row("registered"); got[8] != "3" || got[10] != n["base"] || got[11] != n["pay"] || got[12] != n["rate"] || got[13] != n["state_support"] {
		t.Errorf("who registered stands as %v, the calculator says %v", got, n)
	}
	pay, _ := strconv.ParseInt(n["pay"], 10, 64)
	state, _ := strconv.ParseInt(n["state_support"], 10, 64)
	paid := loa.Contribution{Fact: loa.Fact{ID: loa.FactID(loa.NewID()), HappenedOn: "2025-11-20"}, Person: site.Home.Person2, Scheme: loa.VoluntarySI, Payer: loa.PaysSelf, Method: loa.Quarterly, From: "2025-11-01", Until: "2026-01-31", Months: 3, Income: 1500000, Amount: pay, StateAmount: state}
	if err := site.DB.AddContribution(ctx, in, byDirector(site), paid); err != nil {
		t.Fatal(err)
	}
	if got := row("paid"); got[10] != n["base"] || got[11] != n["pay"] || got[12] != n["rate"] {
		t.Errorf("a payment the calculator agrees with stands as %v", got)
	}
}
