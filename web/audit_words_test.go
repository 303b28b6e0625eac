package web_test

import (
	"context"
	"testing"

	"loa"
	"loa/web/webtest"
)

// TestTheLogSpeaksThePagesLanguage writes entries as the program does and reads them on the Vietnamese page.
func TestTheLogSpeaksThePagesLanguage(t *testing.T) {
	s := webtest.New(t)
	for _, detail := range []string{"enrolment handed n=6", "voluntary_si", "joined 2025-01-01..2025-11-30 n=3", "new=2 changed=1", "national_id: Đối chiếu thẻ BHYT"} {
		if err := s.DB.Audit(context.Background(), s.Home.ID, loa.By{Officer: s.Home.Officers["director"], At: s.Now()}, "printed", "people", "", detail); err != nil {
			t.Fatal(err)
		}
	}
	if a := s.As(t, "director").Get("/admin/audit"); !a.Has("đang vận động: đã bàn giao số dòng 6", "BHXH tự nguyện", "tham gia mới 01/01/2025–30/11/2025 số dòng 3", "mới 2 sửa 1", "Căn cước: Đối chiếu thẻ BHYT") {
		t.Error("the log shows codes")
	}
}
