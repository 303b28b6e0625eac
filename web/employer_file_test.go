package web_test

import (
	"bytes"
	"errors"
	"html"
	"mime/multipart"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"loa/sheet"
	"loa/web/webtest"
)

// workbook is a list as another program writes it.
func workbook(t *testing.T, rows ...[]string) []byte {
	t.Helper()
	var out bytes.Buffer
	x := sheet.NewXLSX(&out)
	err := x.Sheet(sheet.Layout{Name: "DS"})
	for _, row := range rows {
		var cells []sheet.Value
		for _, text := range row {
			cells = append(cells, sheet.Text(text))
		}
		err = errors.Join(err, x.Row(cells...))
	}
	if err = errors.Join(err, x.Close()); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// takenOf are the lines a preview offers to save.
func takenOf(page string) (out []string) {
	for _, m := range regexp.MustCompile(`name="take" value="([^"]+)"`).FindAllStringSubmatch(page, -1) {
		out = append(out, "take", html.UnescapeString(m[1]))
	}
	return out
}

func TestOfficialListOfEmployersIsReadFromAFile(t *testing.T) {
	site := webtest.New(t)
	c := site.As(t, "director")
	send := func(c *webtest.Client, on string, rows ...[]string) (int, string) {
		t.Helper()
		var body bytes.Buffer
		w := multipart.NewWriter(&body)
		err := w.WriteField("on", on)
		part, err2 := w.CreateFormFile("file", "đơn vị.xlsx")
		if err = errors.Join(err, err2); err != nil {
			t.Fatal(err)
		}
		_, err = part.Write(workbook(t, rows...))
		if err = errors.Join(err, w.Close()); err != nil {
			t.Fatal(err)
		}
		a := c.SendBody(http.MethodPost, "/employers/counts/file", w.FormDataContentType(), &body)
		return a.Status, a.Body
	}
	list := [][]string{{"BHXH cơ sở Mẫu"}, {"Số lao động tham gia BHXH bắt buộc", "Tên đơn vị", "Mã ĐV", "Xã/phường"}, {"1.015", "Trường mẫu", "00000MAU", "Nhất mau"}, {"7", "Trạm Mới", "TM01", "xã nhì mau"},
		{"mười", "Chợ", "C9", "Nhì mau"}, {"3", "Ở Nơi Khác", "K1", "Xã Không Có"}, {"8", "Trạm Mới", "TM01", "Nhì mau"}, {"1022", "Tổng cộng", "", ""}}
	status, page := send(c, "2025-11-30", list...)
	if status != http.StatusOK {
		t.Fatalf("the file is refused with %d: %s", status, page)
	}
	for _, want := range []string{"Số mới", "Thêm đơn vị này", "Số lao động không đọc được", "không rõ xã", "Trùng với dòng 4", "1.015"} {
		if !strings.Contains(page, want) {
			t.Errorf("the preview does not say %q", want)
		}
	}
	if c.Get("/employers").Has("1.015") {
		t.Fatal("the preview changed something")
	}
	takes := takenOf(page)
	if len(takes) != 4 {
		t.Fatalf("of six lines two can be saved, not %d: %v", len(takes)/2, takes)
	}
	if a := c.Post("/employers/counts/file/save", append(takes, "on", "2025-11-30")...); a.Status != http.StatusSeeOther {
		t.Fatalf("saving: %d %s", a.Status, a.Body)
	}
	if a := c.Get("/employers"); !a.Has("1.015", "Trạm Mới", "TM01", "Đã ghi số mới cho 1 đơn vị, thêm 1 đơn vị.") || a.Has("Ở Nơi Khác") {
		t.Errorf("after saving: %s", a.Body)
	}
	if _, page := send(c, "2025-11-30", list[1], list[2], list[3]); len(takenOf(page)) != 0 || !strings.Contains(page, "Không đổi") {
		t.Error("the same list again changes something")
	}
	if _, page := send(c, "2025-10-31", list[1], list[2]); len(takenOf(page)) != 0 || !strings.Contains(page, "danh sách mới hơn") {
		t.Error("an older list offers to overwrite a newer number")
	}
	for what, rows := range map[string][][]string{"no headings": {{"Họ tên", "Ngày sinh"}, {"A", "1"}}, "nobody": {{"Mã đơn vị", "Số lao động"}}} {
		if status, page := send(c, "2025-11-30", rows...); status != http.StatusUnprocessableEntity || !strings.Contains(page, `role="alert"`) {
			t.Errorf("%s: %d", what, status)
		}
	}
	if status, _ := send(c, "2025-12-01", list...); status != http.StatusUnprocessableEntity {
		t.Errorf("a list of tomorrow: %d", status)
	}
	// An officer of one commune can neither see nor write the other's employers, whatever her browser sends.
	officer := site.As(t, "officer")
	if _, page := send(officer, "2025-11-30", list[1], []string{"9", "Trạm Kế Bên", "TM02", "Nhì mau"}); len(takenOf(page)) != 0 {
		t.Error("an officer is offered to add an employer in the other commune")
	}
	if a := officer.Post("/employers/counts/file/save", "on", "2025-11-30", "take", `{"Area":"`+string(site.Home.Commune2)+`","Name":"Lén","Employees":3}`); a.Status == http.StatusSeeOther && c.Get("/employers").Has("Lén") {
		t.Error("an officer added an employer in the other commune")
	}
	if a := officer.Post("/employers/counts/file/save", "on", "2025-11-30", "take", `{"ID":"`+string(site.Far.Employer)+`","Employees":3}`); a.Status == http.StatusSeeOther {
		t.Error("an officer changed another office's employer")
	}
}
