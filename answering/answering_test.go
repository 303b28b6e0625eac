package answering

import (
	"strings"
	"testing"

	"loa"
	"loa/policy"
)

func offered(t testing.TB) []loa.ReadyAnswer {
	t.Helper()
	list, err := All()
	if err != nil || len(list) < 50 {
		t.Fatalf("%d answers, %v", len(list), err)
	}
	var out []loa.ReadyAnswer
	for _, o := range list {
		out = append(out, o.Draft(loa.ReadyAnswerID(o.Key), "o", "a"))
	}
	return out
}

// TestOfferedAnswersFillFromTheLaw: every answer is fit to be approved in both languages, and its figures come from the law of the day.
func TestOfferedAnswersFillFromTheLaw(t *testing.T) {
	law, err := policy.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range offered(t) {
		if err := a.Check(); err != nil {
			t.Errorf("%s: %v", a.Key, err)
		}
		for _, lang := range []string{"vietnamese", "english"} {
			text, ok := a.In(lang)
			if !ok {
				t.Errorf("%s has no %s", a.Key, lang)
				continue
			}
			for _, on := range []loa.Day{"2025-11-30", "2026-11-28"} {
				got, err := Fill(text.Text, law, on, map[string]string{"vietnamese": "vi", "english": "en"}[lang])
				if err != nil || strings.ContainsAny(got, "{}") {
					t.Errorf("%s in %s on %s: %q, %v", a.Key, lang, on, got, err)
				}
			}
		}
		vi, _ := a.In("vietnamese")
		en, _ := a.In("english")
		if v, e := Figures(vi.Text), Figures(en.Text); len(v) != len(e) {
			t.Errorf("%s tells %v in one language and %v in the other", a.Key, v, e)
		}
	}
}

// TestFiguresFollowTheLaw holds what the facts say against what the answers tell, and refuses a day the law does not know.
func TestFiguresFollowTheLaw(t *testing.T) {
	law, err := policy.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		on       loa.Day
		text, is string
	}{
		{"2025-11-30", "{income.floor} {income.ceiling}", "1.500.000 đ 46.800.000 đ"}, {"2026-07-01", "{income.ceiling}", "50.600.000 đ"},
		{"2025-11-30", "{state.poor} {state.near_poor} {state.minority} {state.other}", "165.000 đ 132.000 đ 99.000 đ 66.000 đ"},
		{"2025-11-30", "{full.least} {pay.minority} {pay.poor} {pay.near_poor} {pay.other}", "330.000 đ 231.000 đ 165.000 đ 198.000 đ 264.000 đ"},
		{"2026-07-01", "{member.1} {member.2} {member.3} {member.4} {member.5}", "1.366.200 đ 956.340 đ 819.720 đ 683.100 đ 546.480 đ"},
		{"2026-06-30", "{member.1} {member.5}", "1.263.600 đ 505.440 đ"}, {"2026-07-01", "{fixed.funeral} {social_pension.amount}", "25.300.000 đ 540.000 đ"},
		{"2025-11-30", "{retirement.age.male/12}.{retirement.age.male%12} {retirement.age.female/12}.{retirement.age.female%12}", "61.3 56.8"},
	} {
		if got, err := Fill(c.text, law, c.on, "vi"); err != nil || got != c.is {
			t.Errorf("%s on %s is %q, %v; want %q", c.text, c.on, got, err, c.is)
		}
	}
	if got, err := Fill("{social_pension.amount}", law, "2019-01-01", "vi"); err == nil {
		t.Errorf("before there was one the social pension is %q", got)
	}
	for _, bad := range []string{"{no.such}", "{member.9}", "{open", "{fixed.x}"} {
		if got, err := Fill(bad, law, "2025-11-30", "vi"); err == nil {
			t.Errorf("%s is filled as %q", bad, got)
		}
	}
}

func TestAnswersAreFoundByWhateverPeopleSay(t *testing.T) {
	x := NewIndex(offered(t))
	for asked, want := range map[string]string{
		"so huu dong may nam": "F11", "bảo hiểm hộ một năm hết bao nhiêu tiền": "F39", "tiền người già xin ở đâu": "F36", "con toi moi de co tien khong": "F18", "bị mất thẻ y tế": "F47",
		"rút một lần được không": "F25", "nguoi mong co phai mua the bhyt khong": "F40", "nộp cho ai khỏi bị lừa": "F49", "lương hưu nữ": "F14", "Thẻ BHYT của tôi hết hạn rồi, mua lại ở đâu?": "F49", "ho can ngheo mua bhyt": "F42", "how long does the insurance book take": "F30",
	} {
		found := x.Find(asked, false, 3)
		ok := false
		var keys []string
		for _, a := range found {
			ok, keys = ok || a.Key == want, append(keys, a.Key)
		}
		if !ok {
			t.Errorf("%q finds %v, want %s among the first three", asked, keys, want)
		}
	}
	if found := x.Find("chợ phiên bán gà", false, 3); len(found) > 0 {
		t.Errorf("a market finds %s", found[0].Key)
	}
	if found := x.Find("sổ hưu nữ", true, 10); len(found) == 0 || found[0].Key != "F14" {
		t.Errorf("a search with all words finds %d", len(found))
	}
}
