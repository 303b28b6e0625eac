package loa

import (
	"slices"
	"testing"
)

func TestTermsMeetWhateverPeopleCallAThing(t *testing.T) {
	for asked, written := range map[string]string{
		"so huu":                   "Đóng 15 năm thì lương hưu bao nhiêu?",
		"sổ hưu":                   "Bao giờ được hưởng hưu trí?",
		"bảo hiểm hộ":              "BHYT hộ gia đình người thứ hai đóng mấy?",
		"bhyt":                     "Thẻ bảo hiểm y tế mất thì làm sao",
		"tien de":                  "Sinh con có được gì không",
		"tien nguoi gia":           "Xin trợ cấp hưu trí xã hội ở đâu",
		"hưu nông dân":             "bhxh tự nguyện là gì",
		"household health":         "household health insurance",
		"rut mot lan":              "Có được lấy một lần không?",
		"lương hưu của người mông": "Người dân tộc thiểu số lĩnh sổ hưu",
	} {
		has := Terms(written)
		for _, term := range AskedTerms(asked) {
			if !slices.Contains(has, term) {
				t.Errorf("%q asks for %q, which %q does not have: %v", asked, term, written, has)
			}
		}
	}
	if has := Terms("Đi chợ phiên mua gà"); slices.ContainsFunc(AskedTerms("sổ hưu"), func(s string) bool { return slices.Contains(has, s) }) {
		t.Errorf("a market is found for a pension: %v", has)
	}
	if got := AskedTerms("có được không"); len(got) == 0 {
		t.Error("nothing is looked for when only common words were written")
	}
}
