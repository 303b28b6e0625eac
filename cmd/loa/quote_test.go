package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"loa"
	"loa/store"
	"loa/store/storetest"
)

// vietnamese are letters that only Vietnamese has; đ stands behind amounts in every language.
var vietnamese = regexp.MustCompile(`[ăâêôơưáàảãạắằẳẵặấầẩẫậéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ]`)

// quoted runs loa quote and reads its JSON.
func quoted(t *testing.T, args ...string) (said, map[string]any) {
	t.Helper()
	s := program(append([]string{"quote"}, append(args, "--format", "json")...)...)
	var out map[string]any
	if err := json.Unmarshal([]byte(s.out), &out); err != nil {
		t.Fatalf("loa quote %s: exit %d, no JSON: %v\n%s%s", strings.Join(args, " "), s.code, err, s.out, s.errs)
	}
	return s, out
}

// TestQuoteKeepsItsContract holds every kind of the contract to its fields and figures.
func TestQuoteKeepsItsContract(t *testing.T) {
	history := filepath.Join(t.TempDir(), "h.csv")
	if err := os.WriteFile(history, []byte("from,to,income\n2024-01,2024-12,1500000\n2025-01,2026-06,2000000\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ args, want string }{
		{"contribution --day 2026-08-01 --income 1500000 --groups ethnic_minority,near_poor --method monthly --periods 1", `{"base":330000,"state_support":132000,"local_support":0,"pay":198000,"months":1}`},
		{"contribution --day 2026-05-04 --income 3550000 --groups other --method monthly --periods 1 --local-bp 1000", `{"base":781000,"state_support":66000,"local_support":33000,"pay":682000,"months":1}`},
		{"contribution --day 2026-05-04 --income 1500000 --groups poor --method quarterly --periods 2", `{"base":1980000,"state_support":990000,"pay":990000,"months":6}`},
		{"contribution --day 2026-05-04 --income 1500000 --method yearly --periods 1 --support-bp 0", `{"base":3960000,"state_support":0,"pay":3960000,"months":12}`},
		{"contribution --day 2026-08-01 --income 1500000 --groups other --method years_ahead --periods 5", `{"base":18098148,"pay":14478519,"months":60}`},
		{"contribution --day 2026-08-01 --income 1500000 --support-bp 0 --method missing --periods 60", `{"base":21791542,"pay":21791542,"months":60}`},
		{"income-valid --day 2026-07-01 --income 50600000", `{"valid":true,"floor":1500000,"ceiling":50600000}`},
		{"income-valid --day 2026-06-30 --income 46800001", `{"valid":false,"ceiling":46800000}`},
		{"pension-rate --sex female --months 180", `{"rate_bp":4500}`},
		{"pension-rate --sex male --months 187", `{"rate_bp":4100}`},
		{"pension --sex male --months 240 --average 4000000 --day 2026-07-01 --compulsory-months 240 --first-joined 2006-01-01", `{"rate_bp":4500,"monthly":2530000,"one_off":0}`},
		{"pension --sex female --months 372 --average 4000000 --day 2026-07-01", `{"rate_bp":7500,"monthly":3000000,"one_off":2000000}`},
		{"average --settled 2026 --history " + history, `{"average":1818000}`}, // (12×1.5×1.03 + 18×2)/30
		{"retirement --sex male --born 1964-10-10", `{"age_months":738,"reached_on":"2026-04-30","pension_from":"2026-05-01"}`},
		{"retirement --sex female --born 1969-05", `{"age_months":684,"reached_on":"2026-05-31","pension_from":"2026-06-01"}`},
		{"lump-sum --months-before-2014 24 --months-from-2014 36 --average 2000000 --state-money 1000000", `{"amount":17000000}`},
		{"household --day 2026-08-01 --members 5 --months 12", `{"tiers":[1366200,956340,819720,683100,546480],"total":4371840}`},
		{"household --day 2026-08-01 --member-months 12,6,3", `{"tiers":[1366200,478170,204930],"total":2049300}`},
		{"pupil --day 2026-08-01 --months 12", `{"full":1366200,"state_support":683100,"pay":683100}`},
		{"pupil --day 2025-08-01 --months 12 --support-bp 3000", `{"full":1263600,"state_support":379080,"pay":884520}`},
		{"hi-group --day 2026-08-01 --groups near_poor,pupil", `{"state_share_bp":7000,"reason":"near_poor"}`},
		{"hi-group --day 2026-08-01 --groups under_6", `{"state_share_bp":10000,"reason":"under_6"}`},
		{"advertising --day 2026-08-01", `{"sms_most":3,"email_most":3,"call_most":1,"sms_from":420,"sms_to":1320,"call_from":480,"call_to":1020}`},
		{"hi-threshold --day 2026-08-01", `{"low_cost_visit":379500,"annual_copay":15180000}`},
		{"hi-threshold --day 2026-08-01 --paid-before 2340000", `{"low_cost_visit":379500,"annual_copay":14990000}`},
		{"fixed --day 2026-08-01", `{"maternity":2000000,"funeral":25300000,"social_pension":540000,"reference_level":2530000,"poverty_line_rural":1500000}`},
		{"fixed --day 2026-06-30", `{"funeral":23400000,"social_pension":500000,"reference_level":2340000}`},
	} {
		s, got := quoted(t, strings.Fields(c.args)...)
		var want map[string]any
		if err := json.Unmarshal([]byte(c.want), &want); err != nil {
			t.Fatal(err)
		}
		for name, w := range want {
			a, _ := json.Marshal(got[name])
			b, _ := json.Marshal(w)
			if s.code != exitOK || string(a) != string(b) {
				t.Errorf("loa quote %s: %s is %s, want %s (exit %d)", c.args, name, a, b, s.code)
			}
		}
		if text := program(append([]string{"quote"}, strings.Fields(c.args)...)...); text.code != exitOK || strings.Contains(text.out, "policy.") || !strings.Contains(text.out, "Căn cứ") {
			t.Errorf("loa quote %s as text: exit %d\n%s", c.args, text.code, text.out)
		}
		if text := program(append([]string{"quote", "--lang", "en"}, strings.Fields(c.args)...)...); strings.Contains(text.out, "policy.") || vietnamese.MatchString(text.out) {
			t.Errorf("loa quote %s in English:\n%s", c.args, text.out)
		}
	}
}

// TestQuoteRefusesByField holds bad input to exit 2, one sentence, and the field in JSON.
func TestQuoteRefusesByField(t *testing.T) {
	for _, c := range []struct{ args, code, field string }{
		{"contribution --day 2026-08-01 --income 1499999 --method monthly --periods 1", "policy_income_low", "income"},
		{"contribution --day 2026-08-01 --income 50600001 --method monthly --periods 1", "policy_income_high", "income"},
		{"contribution --day 2027-02-01 --income 1500000 --method monthly --periods 1", "policy_unknown_day", "day"},
		{"contribution --day 2026-02-30 --income 1500000 --method monthly --periods 1", "bad_day", "day"},
		{"contribution --day 2026-08-01 --income abc --method monthly --periods 1", "not_a_number", "income"},
		{"contribution --day 2026-08-01 --income -5 --method monthly --periods 1", "policy_income_low", "income"},
		{"contribution --day 2026-08-01 --income 99999999999999999999 --method monthly --periods 1", "policy_income_high", "income"},
		{"contribution --day 2026-08-01 --income 1500000 --method monthly --periods 99999999999999999999", "policy_periods", "periods"},
		{"contribution --day 2026-08-01 --income 1500000 --method monthly --periods 1 --support-bp -1", "policy_share", "support_bp"},
		{"contribution --day 2026-08-01 --income 1500000 --method monthly --periods 1 --local-bp 9000", "policy_support_above", "local_bp"},
		{"contribution --day 2026-08-01 --income 1500000 --method monthly --periods 1 --other -1", "policy_below_nothing", "other"},
		{"maternity --day 2026-08-01 --months 13", "policy_window", "months"},
		{"contribution --day 2026-08-01 --income 1500000 --method weekly --periods 1", "policy_choice", "method"},
		{"contribution --day 2026-08-01 --income 1500000 --method years_ahead --periods 6", "policy_years_ahead", "periods"},
		{"contribution --day 2026-08-01 --income 1500000 --method missing --periods 61", "policy_missing", "periods"},
		{"contribution --day 2026-08-01 --income 1500000 --method monthly --periods 0", "policy_periods", "periods"},
		{"contribution --day 2026-08-01 --income 1500000 --method monthly --periods 1 --groups rich", "policy_group", "groups"},
		{"contribution --day 2026-08-01 --method monthly --periods 1", "required", "income"},
		{"contribution --day 2026-08-01 --income", "required", "income"},
		{"contribution --colour red", "policy_field", "colour"},
		{"pension-rate --sex female --months 179", "policy_pension_short", "months"},
		{"pension-rate --sex other --months 200", "policy_choice", "sex"},
		{"average --settled 2027 --history /nowhere/at/all.csv", "policy_history_file", "history"},
		{"retirement --sex male --born 1964-13", "bad_month", "born"},
		{"household --day 2026-08-01 --members 0 --months 12", "policy_count", "members"},
		{"household --day 2026-08-01 --members 2 --months 13", "policy_card_months", "months"},
		{"household --day 2027-01-01 --members 2 --months 12", "policy_unknown_day", "day"},
		{"hi-group --day 2026-08-01 --groups rich", "policy_group", "groups"},
		{"hi-threshold --day 2025-03-01 --paid-before 1", "policy_no_change", "paid_before"},
		{"fixed --day 2015-12-31", "policy_unknown_before", "day"},
		{"fly", "policy_kind", "kind"},
		{"", "required", "kind"},
		{"--bogus", "policy_field", "bogus"},
		{"--bogus 1", "policy_field", "bogus"},
		{"fixed --bogus", "policy_field", "bogus"},
		{"fixed --day", "required", "day"},
		{"fixed --lang de", "policy_choice", "lang"},
		{"fixed --today 31/02/2026", "bad_day", "today"},
		{"household --member-months 12,,3", "policy_numbers", "member_months"},
		{"household --member-months 12,0", "policy_card_months", "member_months"},
		{"outlook --sex female --born 1980-01 --income 1500000 --day 2026-11-27 --before 500", "policy_since", "before"},
		{"outlook --sex female --born 1988-03 --income 1500000 --day 2026-11-27 --start-age 10", "calc_start_age", "start_age"},
		{"allowance --months 120 --average 1500000 --born 1990-01 --day 2026-09-01", "policy_allowance_young", "born"},
		{"retirement --sex male --born 2130-01", "policy_born", "born"},
	} {
		s, out := quoted(t, strings.Fields(c.args)...)
		e, _ := out["error"].(map[string]any)
		if s.code != exitUsage || e["code"] != c.code || e["field"] != c.field {
			t.Errorf("loa quote %s: exit %d, %v, want %s of %s", c.args, s.code, out, c.code, c.field)
		}
		if lines := strings.Split(strings.TrimSpace(s.errs), "\n"); len(lines) != 1 || strings.Contains(s.errs, "error.") || strings.Contains(s.errs, "%!") || strings.Contains(s.errs, "%%") {
			t.Errorf("loa quote %s says %q", c.args, s.errs)
		}
	}
}

// TestQuoteRefusesFormsOfAnswer: whoever asks for a form there is none of gets the refusal as JSON, wherever the flag stands.
func TestQuoteRefusesFormsOfAnswer(t *testing.T) {
	for _, args := range [][]string{{"quote", "--format", "xml"}, {"quote", "fixed", "--format", "xml"}, {"quote", "fixed", "--format=xml"}, {"--format", "xml", "quote", "fixed"}} {
		s := program(args...)
		if s.code != exitUsage || !strings.Contains(s.out, `"code": "policy_choice"`) || !strings.Contains(s.out, `"field": "format"`) || s.errs != "loa: --format: Chọn một trong: text, json.\n" {
			t.Errorf("loa %s: %+v", strings.Join(args, " "), s)
		}
	}
	if s := program("quote", "--format", "json"); strings.Contains(s.out, "contribution") || strings.Count(s.errs, "\n") != 1 {
		t.Errorf("without a question: %+v", s)
	}
}

// TestQuoteReadsWhatItShows: the examples of its own refusals, and what people write, are taken.
func TestQuoteReadsWhatItShows(t *testing.T) {
	for _, c := range []struct{ bad, lang, good string }{
		{"fixed --day 31/02/2026", "vi", "fixed --day 30/11/2025"}, {"retirement --sex male --born 13/1965", "vi", "retirement --sex male --born 11/1965"},
		{"income-valid --income abc", "vi", "income-valid --income 1.200"}, {"income-valid --income abc", "en", "income-valid --income 1,200"},
		{"household --day 01/08/2026 --member-months 12,x", "vi", "household --day 01/08/2026 --member-months 12,6,3"}, {"fixed --today 2026", "vi", "fixed --today 30/11/2025"},
	} {
		bad := program(append([]string{"--lang", c.lang, "quote"}, strings.Fields(c.bad)...)...)
		words := strings.Fields(c.good)
		example := strings.NewReplacer("1965", "2025").Replace(words[len(words)-1])
		if good := program(append([]string{"--lang", c.lang, "quote"}, words...)...); bad.code != exitUsage || !strings.Contains(bad.errs, example) || good.code != exitOK {
			t.Errorf("%s says %q; %s: %+v", c.bad, bad.errs, c.good, good)
		}
	}
	if _, out := quoted(t, "contribution", "--day", "01/09/2026", "--income", "1.500.000", "--method", "monthly", "--periods", "1"); out["base"] != 330000.0 {
		t.Errorf("%v", out)
	}
}

// TestQuoteSaysWhatIsNotSure of a refusal too: beside the error, and in words before it.
func TestQuoteSaysWhatIsNotSure(t *testing.T) {
	ask := strings.Fields("outlook --sex female --born 1969-05 --income 1500000 --day 2026-11-27")
	s, out := quoted(t, ask...)
	a, _ := json.Marshal([]any{out["error"], out["unconfirmed"], out["notes"]})
	if want := `[{"code":"policy_start_late","field":"start"},["retirement.female_born_1969_05"],["born_1969_05"]]`; s.code != exitUsage || string(a) != want {
		t.Errorf("exit %d, %s", s.code, a)
	}
	for lang, want := range map[string][]string{"vi": {"! Nữ sinh tháng 05/1969", "? Chưa xác nhận: Nữ sinh 05/1969"}, "en": {"! Women born in 05/1969", "? Not confirmed: When women born 05/1969"}} {
		s := program(append([]string{"quote", "--lang", lang}, ask...)...)
		if s.code != exitUsage || strings.Count(s.errs, "\n") != 1 || !strings.Contains(s.out, want[0]) || !strings.Contains(s.out, want[1]) {
			t.Errorf("%s: %+v", lang, s)
		}
	}
	if _, out := quoted(t, "fly"); len(out) != 1 {
		t.Errorf("a plain refusal tells %v", out)
	}
}

// TestQuoteNamesWhatIsNotKnown among the fixed amounts, and answers the others.
func TestQuoteNamesWhatIsNotKnown(t *testing.T) {
	_, out := quoted(t, "fixed", "--day", "2027-01-01")
	if a, _ := json.Marshal(out["unknown"]); string(a) != `["poverty_line_rural"]` || out["poverty_line_rural"] != nil || out["maternity"] != 2000000.0 {
		t.Errorf("%v", out)
	}
	if _, out = quoted(t, "fixed", "--day", "2026-08-01"); out["unknown"] == nil {
		t.Errorf("scripts find no list: %v", out)
	}
	if s := program("quote", "fixed", "--day", "2027-01-01"); !strings.Contains(s.out, "? Chưa biết cho ngày này: Chuẩn hộ nghèo nông thôn.") {
		t.Errorf("%+v", s)
	}
}

// TestQuoteNamesFieldsOnce: a sentence that begins with the field's name is not given it again, and each field has the name it has in
// its question.
func TestQuoteNamesFieldsOnce(t *testing.T) {
	for args, want := range map[string]string{
		"contribution --income 1500000 --method monthly --periods 0 --day 2026-08-01": "loa: Số kỳ từ 1 đến 720.\n",
		"contribution --income 5 --method monthly --periods 1 --day 2026-08-01":       "loa: Mức thu nhập chọn thấp nhất là 1.500.000 đ (Nghị định 07/2021/NĐ-CP).\n",
		"social-pension --born 1950-01 --own -1 --day 2026-08-01":                     "loa: Lương hưu, trợ cấp BHXH đang nhận mỗi tháng: Không được nhỏ hơn 0.\n",
	} {
		if s := program(append([]string{"quote"}, strings.Fields(args)...)...); s.errs != want {
			t.Errorf("loa quote %s says %q", args, s.errs)
		}
	}
	help := program("quote", "outlook", "--help").out
	for _, want := range []string{"Nghỉ giữa chừng (số tháng)", "Bắt đầu đóng từ tuổi (số tuổi)", "Mức thu nhập chọn (đồng, như 1.500.000"} {
		if !strings.Contains(help, want) {
			t.Errorf("help has no %q:\n%s", want, help)
		}
	}
	if s := program("quote", "social-pension", "--help"); strings.Contains(s.out, "Tự trả") {
		t.Errorf("%s", s.out)
	}
}

// TestQuoteSaysWhatWouldChangeIt tells scripts which conditions were met, what comes next and whether the day is yet to come.
func TestQuoteSaysWhatWouldChangeIt(t *testing.T) {
	_, out := quoted(t, "contribution", "--day", "2026-12-01", "--today", "2026-11-27", "--income", "1500000", "--method", "monthly", "--periods", "1")
	changes, _ := out["changes"].([]any)
	if len(changes) == 0 || changes[0].(map[string]any)["name"] != "poverty_line.rural" || changes[0].(map[string]any)["value"] != 2200000.0 || changes[0].(map[string]any)["confirmed"] != false || out["future"] != true {
		t.Errorf("future %v, changes %v", out["future"], changes)
	}
	if _, out = quoted(t, "funeral", "--day", "2026-08-01", "--today", "2026-11-27", "--months", "59"); out["future"] != false || len(out["conditions"].([]any)) != 1 || out["conditions"].([]any)[0].(map[string]any)["need"] != "60" {
		t.Errorf("future %v, conditions %v", out["future"], out["conditions"])
	}
	for _, lang := range []string{"vi", "en"} {
		if s := program("quote", "--help", "--lang", lang); s.code != exitOK || !strings.Contains(s.out, "  survivors ") || !strings.Contains(s.out, "  hi-threshold ") {
			t.Errorf("help in %s names no questions:\n%s", lang, s.out)
		}
	}
	if s := program("quote", "--lang", "en"); s.code != exitUsage || !strings.Contains(s.errs, "Question") {
		t.Errorf("without a question: %+v", s)
	}
}

// TestQuoteUsesTheOfficesRows answers by the rows of an office once a second officer has approved them, on both engines.
func TestQuoteUsesTheOfficesRows(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse(t, db)
		ask := func() (said, map[string]any) {
			s := h.runOver([]string{"quote", "contribution", "--day", "2027-02-01", "--income", "2200000", "--method", "monthly", "--periods", "1", "--format", "json"})
			var out map[string]any
			if err := json.Unmarshal([]byte(s.out), &out); err != nil {
				t.Fatalf("%v\n%s%s", err, s.out, s.errs)
			}
			return s, out
		}
		if s, _ := ask(); s.code != exitUsage {
			t.Fatalf("the law of 2027 is known already: %+v", s)
		}
		whole := h.f.Whole
		now := time.Date(2026, 11, 27, 9, 0, 0, 0, loa.Zone)
		row := loa.PolicyRow{ID: loa.NewID(), Name: "poverty_line.rural", From: "2027-01-01", Value: 2_200_000, Unit: "dong", Cites: "Nghị định 351/2025/NĐ-CP", Source: "Công văn", Confirmed: true}
		author, second := loa.By{Officer: "a", At: now}, loa.By{Officer: "b", At: now}
		if err := db.ProposePolicyRow(t.Context(), whole, author, row); err != nil {
			t.Fatal(err)
		}
		if s, _ := ask(); s.code != exitUsage {
			t.Fatalf("a proposed row was used: %+v", s)
		}
		if err := db.DecidePolicyRow(t.Context(), whole, author, row.ID, true, ""); loa.KindOf(err) != loa.Denied {
			t.Fatalf("whoever proposed a row may approve it: %v", err)
		}
		if err := db.DecidePolicyRow(t.Context(), whole, second, row.ID, true, ""); err != nil {
			t.Fatal(err)
		}
		if s, out := ask(); s.code != exitOK || out["pay"] != 387200.0 {
			t.Errorf("exit %d, %v", s.code, out)
		}
		local := loa.PolicyRow{ID: loa.NewID(), Name: "voluntary_si.local.other", From: "2027-01-01", Value: 1000, Unit: "bp", Cites: "Nghị quyết mẫu", Source: "mẫu", Confirmed: true}
		if err := db.ProposePolicyRow(t.Context(), whole, author, local); err != nil {
			t.Fatal(err)
		}
		if err := db.DecidePolicyRow(t.Context(), whole, second, local.ID, true, ""); err != nil {
			t.Fatal(err)
		}
		if s, out := ask(); s.code != exitOK || out["local_support"] != 48400.0 || out["pay"] != 338800.0 { // what the province adds needs no flag
			t.Errorf("exit %d, %v", s.code, out)
		}
		if err := db.DecidePolicyRow(t.Context(), whole, second, row.ID, false, "no"); loa.KindOf(err) != loa.Conflict {
			t.Errorf("a decided row was decided on again: %v", err)
		}
		if s, _ := quoted(t, "contribution", "--day", "2027-02-01", "--income", "2200000", "--method", "monthly", "--periods", "1"); s.code != exitUsage {
			t.Error("the office's row was used without its data")
		}
	})
}
