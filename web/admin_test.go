package web_test

import (
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"loa/store"
	"loa/web"
	"loa/web/webtest"
)

var oneTime = regexp.MustCompile(`data-one-time>([a-z0-9-]+)<`)

func TestANewOfficerComesIn(t *testing.T) {
	site := webtest.New(t)
	admin := site.As(t, "administrator")

	a := admin.Post("/admin/officers", "name", "", "login_name", "Có Dấu", "language", "vi", "phone", "0199000001")
	if a.Status != http.StatusUnprocessableEntity || !a.Has("Hãy điền ô này", `value="0199000001"`) {
		t.Errorf("an officer without a name answers %d or loses what was typed", a.Status)
	}
	a = admin.Post("/admin/officers", "name", "Hạng A Mới", "login_name", "hang.moi", "language", "vi", "languages", "mong", "languages", "xx")
	found := oneTime.FindStringSubmatch(a.Body)
	if a.Status != 200 || found == nil {
		t.Fatalf("a new officer answers %d: %s", a.Status, a.Body)
	}
	officer, _, err := site.DB.Credentials(context.Background(), "hang.moi")
	if err != nil || strings.Join(officer.Languages, " ") != "mong" || !officer.MustChange {
		t.Fatalf("saved %+v, %v", officer, err)
	}
	c := site.Anonymous(t)
	if a = c.Post("/login", "login_name", "hang.moi", "password", found[1]); a.Status != http.StatusSeeOther {
		t.Fatalf("the one-time password answers %d", a.Status)
	}
	if a = c.Get("/account/password"); a.Status != http.StatusForbidden || !a.Has("không có vai trò nào còn hiệu lực", "Đăng xuất") {
		t.Errorf("without a role the office answers %d", a.Status)
	}
	page := "/admin/officers/" + string(officer.ID)
	a = admin.Post(page+"/roles", "role", "officer", "area", string(site.Home.Commune2), "from", "2025-11-30", "to", "2026-06-30")
	if a.Location != page {
		t.Fatalf("giving a role answers %d: %s", a.Status, a.Body)
	}
	if a = admin.Get(page); !a.Has("Đã cấp vai trò Cán bộ cho Hạng A Mới", "Xã Nhì mau", "30/06/2026") {
		t.Error("the page does not show the role given")
	}
	if a = c.Get("/account"); a.Location != "/account/password" {
		t.Errorf("the one-time password opens the account: %d", a.Status)
	}
	a = c.Post("/account/password", "password", found[1], "fresh", "ngắn", "again", "ngắn")
	if a.Status != http.StatusUnprocessableEntity || !a.Has("ít nhất 10 ký tự") {
		t.Errorf("a short password answers %d", a.Status)
	}
	a = c.Post("/account/password", "password", "wrong", "fresh", "mười hai con ngựa đá", "again", "mười hai con ngựa đá")
	if a.Status != http.StatusUnprocessableEntity || !a.Has("Mật khẩu hiện tại không đúng") {
		t.Errorf("a wrong present password answers %d", a.Status)
	}
	a = c.Post("/account/password", "password", found[1], "fresh", "mười hai con ngựa đá", "again", "mười hai con ngựa đá")
	if a.Location != "/" {
		t.Fatalf("the own password answers %d", a.Status)
	}
	if a = c.Get("/account"); a.Status != 200 || !a.Has("Xã Nhì mau", "30/06/2026") {
		t.Errorf("the account answers %d or does not show the role", a.Status)
	}
}

func TestRolesEndWithTheirDay(t *testing.T) {
	site := webtest.New(t)
	c := site.As(t, "expired")
	if a := c.Get("/account"); a.Status != http.StatusForbidden || !a.Has("không có vai trò nào còn hiệu lực", `action="/logout"`) {
		t.Errorf("a role that ended yesterday answers %d", a.Status)
	}
	if a := site.As(t, "administrator").Get("/admin?show=none"); !a.Has("Cà Thị Cũ") || a.Has("Lò Thị Mẫu") {
		t.Error("the list does not show who has no role")
	}
}

func TestNobodyChangesTheirOwnAccess(t *testing.T) {
	site := webtest.New(t)
	admin, own := site.As(t, "administrator"), "/admin/officers/"+string(site.Home.Officers["administrator"])
	for path, form := range map[string][]string{"/roles": {"role", "director", "from", "2025-11-30", "to", "2026-01-01"}, "/disable": nil, "/password": nil} {
		if a := admin.Post(own+path, form...); a.Status != http.StatusForbidden || !a.Has("Không ai tự đổi quyền của chính mình") {
			t.Errorf("%s of oneself answers %d", path, a.Status)
		}
	}
	if a := admin.Get(own); a.Status != 200 || a.Has(own+"/disable") || a.Has(own+"/roles") {
		t.Error("the own page offers what it would refuse")
	}
}

func TestTakingARoleBackCanBeUndone(t *testing.T) {
	site := webtest.New(t)
	admin, officer := site.As(t, "administrator"), site.As(t, "officer")
	page := "/admin/officers/" + string(site.Home.Officers["officer"])
	if a := admin.Post("/admin/roles/" + site.Home.Grant + "/revoke"); a.Location != page {
		t.Fatalf("taking back answers %d to %q", a.Status, a.Location)
	}
	if a := officer.Get("/account"); a.Status != http.StatusForbidden {
		t.Errorf("a role taken back still opens pages: %d", a.Status)
	}
	undo := "/admin/roles/" + site.Home.Grant + "/restore"
	if a := admin.Get(page); !a.Has(undo, "đã thu hồi") {
		t.Error("the page offers no undo")
	}
	if a := admin.Post(undo); a.Location != page {
		t.Errorf("undo answers %d", a.Status)
	}
	if a := officer.Get("/account"); a.Status != http.StatusOK {
		t.Errorf("after the undo the officer answers %d", a.Status)
	}
}

func TestProvinceRoleNeedsTheWholeProvince(t *testing.T) {
	site := webtest.New(t)
	a := site.As(t, "administrator").Post("/admin/officers/"+string(site.Home.Officers["officer"])+"/roles", "role", "province_viewer", "from", "2025-11-30", "to", "2026-01-01")
	if a.Status != http.StatusForbidden || !a.Has("tất cả các cơ quan trong tỉnh") {
		t.Errorf("one office's administrator opens the province: %d", a.Status)
	}
}

func TestAViewerSwitchesOffices(t *testing.T) {
	site := webtest.New(t)
	c := site.As(t, "viewer")
	if a := c.Get("/place?office=" + string(site.Neighbour.ID) + "&next=/account"); a.Location != "/account" {
		t.Fatalf("switching answers %d", a.Status)
	}
	if a := c.Get("/account"); !a.Has("Bảo hiểm xã hội BHXH cơ sở Bên") {
		t.Error("the neighbour's office is not shown")
	}
	if a := c.Get("/segments/" + string(site.Neighbour.Segment)); a.Status != 200 {
		t.Errorf("the neighbour's segment answers %d", a.Status)
	}
	if a := c.Get("/segments/" + string(site.Home.Segment)); a.Status != http.StatusNotFound {
		t.Errorf("the home office's segment is found while the neighbour is chosen: %d", a.Status)
	}
	for _, address := range []string{"/place?office=" + string(site.Far.ID), "/place?area=" + string(site.Home.Village1), "/place?office=x"} {
		if a := c.Get(address); a.Status != http.StatusNotFound {
			t.Errorf("%s answers %d", address, a.Status)
		}
	}
	if a := site.As(t, "director").Get("/place?office=" + string(site.Neighbour.ID)); a.Status != http.StatusNotFound {
		t.Errorf("a director switches to the neighbour: %d", a.Status)
	}
}

func TestChoosingACommuneNarrowsAndRemembers(t *testing.T) {
	site := webtest.New(t)
	c := site.As(t, "director")
	if a := c.Get("/enrolment/" + string(site.Home.Lead)); a.Status != 200 {
		t.Fatalf("a lead answers %d", a.Status)
	}
	if a := c.Get("/place?area=" + string(site.Home.Commune2) + "&next=/account"); a.Location != "/account" {
		t.Fatalf("choosing answers %d", a.Status)
	}
	if a := c.Get("/enrolment/" + string(site.Home.Lead)); a.Status != http.StatusNotFound {
		t.Errorf("a lead of another commune answers %d", a.Status)
	}
	if a := c.Get("/account"); !a.Has("<span>Xã Nhì mau</span>") {
		t.Error("the top bar does not name the commune chosen")
	}
	c.Get("/place?area=")
	if a := c.Get("/enrolment/" + string(site.Home.Lead)); a.Status != 200 {
		t.Errorf("back to the whole office: %d", a.Status)
	}
}

func TestSettings(t *testing.T) {
	site := webtest.New(t)
	admin := site.As(t, "administrator")
	if a := admin.Post("/admin/settings", "part", "count", "due_days", "45", "cut_off_day", "25", "one_time_hours", "48"); a.Location != "/admin/settings" {
		t.Fatalf("saving answers %d", a.Status)
	}
	set, err := site.DB.Settings(context.Background(), site.Home.ID)
	if err != nil || set.DueDays != 45 || set.CutOffDay != 25 {
		t.Errorf("saved %+v %v", set, err)
	}
	if a := admin.Post("/admin/settings", "part", "count", "due_days", "400", "cut_off_day", "25", "one_time_hours", "48"); a.Status != 422 || !a.Has(`value="400"`) {
		t.Errorf("400 days answer %d", a.Status)
	}
	if a := admin.Post("/admin/settings", "part", "head", "name", "BHXH CƠ SỞ MẪU", "short_name", "Mẫu", "superior", "BHXH TỈNH", "place", "Mẫu", "symbol", "BHXH-M"); a.Location == "" {
		t.Errorf("the head answers %d", a.Status)
	}
	if a := admin.Get("/admin/settings"); !a.Has("BHXH CƠ SỞ MẪU", "BHXH-M", `value="45"`) {
		t.Error("the page does not show what was saved")
	}
	if a := admin.Post("/admin/settings", "part", "head", "name", " "); a.Status != 422 {
		t.Errorf("an office without a name answers %d", a.Status)
	}
}

func TestLogIsCheckedInPlainWords(t *testing.T) {
	site := webtest.New(t)
	director := site.As(t, "director")
	if a := director.Post("/admin/audit/verify"); a.Status != 200 || !a.Has("Nhật ký liền mạch") {
		t.Fatalf("a whole log answers %d", a.Status)
	}
	if _, err := site.DB.Writer().Exec(`UPDATE audit SET detail = 'x' WHERE office_id = $1 AND no = 1`, site.Home.ID); err != nil {
		t.Fatal(err)
	}
	if a := director.Post("/admin/audit/verify"); a.Status != 200 || !a.Has("Nhật ký đứt ở dòng số 1", "báo cấp trên") {
		t.Errorf("a broken log answers %d and does not say where", a.Status)
	}
}

func TestBackups(t *testing.T) {
	folder := t.TempDir()
	var site *webtest.Site
	site = webtest.New(t, func(o *web.Options) {
		o.DataDir = folder
		o.Backup = func(ctx context.Context) (string, error) {
			path := filepath.Join(folder, "backups", "loa-20251130-100000.backup")
			if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
				return "", err
			}
			f, err := os.Create(path)
			if err != nil {
				return "", err
			}
			_, err = site.DB.Backup(ctx, f, store.Manifest{Program: "test"})
			return path, errors.Join(err, f.Close())
		}
	})
	admin := site.As(t, "administrator")
	if a := admin.Get("/admin/backups"); a.Status != 200 || !a.Has("Chưa có bản sao lưu") {
		t.Errorf("no backup yet answers %d", a.Status)
	}
	if a := admin.Post("/admin/backups"); a.Location != "/admin/backups" {
		t.Fatalf("making one answers %d: %s", a.Status, site.Logged())
	}
	if a := admin.Get("/admin/backups"); !a.Has("loa-20251130-100000.backup") {
		t.Error("the backup is not listed")
	}
	if a := admin.Post("/admin/backups/check", "name", "loa-20251130-100000.backup"); a.Location == "" {
		t.Errorf("a whole backup answers %d", a.Status)
	}
	if err := os.Truncate(filepath.Join(folder, "backups", "loa-20251130-100000.backup"), 500); err != nil {
		t.Fatal(err)
	}
	if a := admin.Post("/admin/backups/check", "name", "loa-20251130-100000.backup"); a.Status != 422 || !a.Has("không trọn vẹn") {
		t.Errorf("a cut-off backup answers %d", a.Status)
	}
	for _, name := range []string{"../loa.db", "/etc/passwd", "..", "none.backup", ".hidden.backup", ""} {
		if a := admin.Post("/admin/backups/check", "name", name); a.Status != http.StatusNotFound {
			t.Errorf("checking %q answers %d", name, a.Status)
		}
	}
}
