package policy

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"loa"
)

// said is what an answer says beside its figures, and what a refusal is refused for.
func said(q Quote, err error) string {
	if e, ok := err.(*loa.Error); ok {
		return e.Code + " " + e.Field
	}
	var out []string
	for _, n := range q.Notes {
		out = append(out, n.Code)
	}
	return strings.Join(out, " ")
}

// TestSocialPensionIsNeverInThePast: it began on 01/07/2025, and whoever is old enough already applies now.
func TestSocialPensionIsNeverInThePast(t *testing.T) {
	p := law(t)
	for _, c := range []struct {
		fields        string
		from, reached loa.Day
		entitled, now bool
	}{
		{"born=1940-02 groups=poor day=2026-11-27", "2026-11-01", "2010-02-01", true, true},
		{"born=1945-02 day=2025-07-01", "2025-07-01", "2020-02-01", true, true},
		{"born=1950-06 day=2025-07-01", "2025-07-01", "2025-06-01", true, true},
		{"born=1950-07 day=2025-07-31", "2025-07-01", "2025-07-01", true, false}, // the month itself
		{"born=1951-12 day=2026-11-27", "2026-12-01", "2026-12-01", false, false},
		{"born=1956-11 day=2026-11-27 groups=near_poor", "2026-11-01", "2026-11-01", true, false},
		{"born=1945-02 day=2026-11-27 own=540000", "2026-11-01", "2020-02-01", false, true},
	} {
		q, err := ask{"social-pension", c.fields}.of(p)
		from, _ := q.Result("from")
		reached, _ := q.Result("reached_on")
		entitled, _ := q.Result("entitled")
		if err != nil || from.Day != c.from || reached.Day != c.reached || *entitled.Yes != c.entitled || q.Says("social_pension_now") != c.now {
			t.Errorf("%s: from %s, reached %s, %s, %v", c.fields, from.Day, reached.Day, said(q, err), err)
		}
	}
}

// TestNoMoreMonthsThanALifeHas holds months already paid to those since the 15th birthday, and births to those of the living.
func TestNoMoreMonthsThanALifeHas(t *testing.T) {
	p := law(t)
	life := "day=2026-11-27 income=1500000 sex=female "
	for _, c := range []struct{ kind, fields, want string }{
		{"outlook", life + "born=1980-01 before=500", "policy_since before"},
		{"outlook", life + "born=1980-01 before=383 before_average=1500000 supported=100", ""}, // 01/1995 to 11/2026
		{"outlook", life + "born=1980-01 before=384", "policy_since before"},
		{"outlook", life + "born=1980-01 before=384 start=2027-06", "policy_since before"}, // what is yet to come is not paid already
		{"outlook", life + "born=2011-10 before=2 before_average=1500000 supported=2", ""},
		{"outlook", life + "born=2011-12 before=1", "policy_since before"},
		{"outlook", life + "born=1980-01 before=60 supported=61", "calc_supported supported"},
		{"outlook", life + "born=2030-01", "policy_born born"}, {"outlook", life + "born=1906-10", "policy_born born"},
		{"wish", "day=2026-11-27 sex=female born=1980-01 wanted=700000 before=500", "policy_since before"},
		{"entitlement", "day=2026-11-27 sex=female born=1980-01 months=384", "policy_since months"},
		{"entitlement", "day=2026-11-27 sex=female born=1980-01 months=383", ""},
		{"allowance", "day=2026-11-27 sex=male born=2011-10 months=120 average=1500000", "policy_since months"},
		{"retirement", "sex=male born=2030-01", "policy_born born"}, {"retirement", "sex=male born=2026-12", "policy_born born"}, {"retirement", "sex=male born=2026-11", ""},
		{"social-pension", "born=2030-01", "policy_born born"}, {"social-pension", "born=1850-01", "policy_born born"}, {"entitlement", "sex=male born=2030-01 months=1", "policy_born born"},
	} {
		q, err := ask{c.kind, c.fields}.of(p)
		if got := strings.TrimSuffix(said(q, err), "range_not_promise"); strings.TrimSpace(got) != c.want {
			t.Errorf("%s %s says %q (%v), want %q", c.kind, c.fields, got, err, c.want)
		}
	}
	if _, err := (ask{"outlook", life + "born=1980-01 before=500"}).of(p.Without(p["voluntary_si.min_age"][0])); code(err) != "policy_unknown" {
		t.Errorf("the age from which SI is open is no row: %v", err)
	}
}

// TestOutlookSaysWhatItTakesForGranted about the months already paid, and blames the field that was given.
func TestOutlookSaysWhatItTakesForGranted(t *testing.T) {
	p := law(t)
	life := "day=2026-11-23 income=1500000 sex=female born=1988-03 "
	for _, c := range []struct{ kind, fields, want string }{
		{"outlook", life + "before=60", "before_average_unsaid supported_unsaid range_not_promise"},
		{"outlook", life + "before=60 before_average=2000000", "supported_unsaid range_not_promise"},
		{"outlook", life + "before=60 supported=60", "before_average_unsaid range_not_promise"},
		{"outlook", life, "range_not_promise"},
		{"outlook", life + "start_age=10", "calc_start_age start_age"}, {"outlook", life + "start_age=90", "policy_start_late start_age"},
		{"outlook", life + "start_age=38", "range_not_promise"}, // 38 already: from now on
		{"outlook", strings.Replace(life, "1988", "2014", 1) + "start_age=14", "policy_too_young start_age"},
		{"outlook", strings.Replace(life, "1988", "1966", 1), "policy_start_late start"},
		{"wish", "day=2026-11-23 sex=female born=1972-01 wanted=675000", "policy_way_short born"},
		{"wish", "day=2026-11-23 sex=female born=1988-01 wanted=675000 start=2044-01", "policy_way_short start"},
		{"wish", "day=2026-11-23 sex=female born=1988-01 wanted=675000 start_age=55", "policy_way_short start_age"},
	} {
		q, err := ask{c.kind, c.fields}.of(p)
		if got := said(q, err); got != c.want {
			t.Errorf("%s %s says %q (%v), want %q", c.kind, c.fields, got, err, c.want)
		}
	}
}

// TestRefusalsKeepTheirDoubts: a refusal that leans on a reading of the law carries it.
func TestRefusalsKeepTheirDoubts(t *testing.T) {
	q, err := ask{"outlook", "sex=female born=1969-05 income=1500000 day=2026-11-27"}.of(law(t))
	if code(err) != "policy_start_late" || !q.Says("born_1969_05") || len(q.Results) != 0 || !slices.ContainsFunc(q.Unconfirmed(), func(r Row) bool { return r.Name == "retirement.female_born_1969_05" }) {
		t.Errorf("%v: %v, %v", err, q.Notes, q.Unconfirmed())
	}
}

// TestAllowanceIsForTheOld: who has not reached the age of retirement is refused, and where that hangs on what was not said, it is asked.
func TestAllowanceIsForTheOld(t *testing.T) {
	p := law(t)
	for _, c := range []struct{ fields, want, met string }{
		{"born=1990-01", "policy_allowance_young born", ""},
		{"", "allowance_age", ""},
		{"born=1966-01", "allowance_sex", "no"}, {"born=1966-01 sex=female", "", "yes"}, {"born=1966-01 sex=male", "policy_allowance_young born", ""},
		{"born=1955-01", "", "yes"},                                                                                                      // older than the road of ages is known for
		{"born=1964-10 day=2026-04-01 sex=male", "", "yes"}, {"born=1964-11 day=2026-04-30 sex=male", "policy_allowance_young born", ""}, // 61 years 6 months
		{"born=1969-05 day=2026-05-01 sex=female", "born_1969_05", "yes"}, {"born=1969-05 day=2026-04-30 sex=female", "policy_allowance_young born", ""},
	} {
		fields := "months=120 average=1500000 " + c.fields
		if !strings.Contains(fields, "day=") {
			fields += " day=2026-09-01"
		}
		q, err := ask{"allowance", fields}.of(p)
		met := ""
		for _, k := range q.Conditions {
			met = map[bool]string{true: "yes", false: "no"}[k.Met]
		}
		if got := said(q, err); got != c.want || met != c.met {
			t.Errorf("%s says %q, met %q (%v), want %q, %q", fields, got, met, err, c.want, c.met)
		}
	}
}

// TestFixedNamesWhatItDoesNotKnow and answers the rest.
func TestFixedNamesWhatItDoesNotKnow(t *testing.T) {
	p := law(t)
	for day, want := range map[string]string{"2026-08-01": "", "2027-01-01": "poverty_line_rural", "2025-06-30": "maternity social_pension", "2024-01-01": "maternity social_pension"} {
		q, err := ask{"fixed", "day=" + day}.of(p)
		if got := strings.Join(q.Unknown, " "); err != nil || got != want || len(q.Results)+len(q.Unknown) != 5 || q.Unknown == nil {
			t.Errorf("on %s %q are not known, %d are (%v), want %q", day, got, len(q.Results), err, want)
		}
	}
	if _, err := (ask{"fixed", "day=2015-12-31"}).of(p); code(err) != "policy_unknown_before" {
		t.Errorf("nothing is known: %v", err)
	}
	if _, err := p.Fixed("2027-01-01"); code(err) != "policy_unknown_day" {
		t.Errorf("whoever needs all five is told: %v", err)
	}
}

// TestHoldsUntil is never before the day asked.
func TestHoldsUntil(t *testing.T) {
	p := law(t)
	for _, c := range []struct {
		ask
		want loa.Day
	}{
		{ask{"hi-threshold", "day=2026-07-01 paid_before=4680000"}, "2026-12-31"}, {ask{"hi-threshold", "day=2026-11-30 paid_before=0"}, "2026-12-31"},
		{ask{"hi-threshold", "day=2026-07-01"}, ""}, {ask{"hi-threshold", "day=2026-06-30"}, "2026-06-30"},
		{ask{"retirement", "day=2026-11-23 sex=female born=1968-09"}, ""}, // reached by a row that ended in 2025
	} {
		q, err := c.of(p)
		if got := q.Until(); err != nil || got != c.want {
			t.Errorf("%s %s holds until %q (%v), want %q", c.kind, c.fields, got, err, c.want)
		}
	}
	for _, a := range everyQuote() {
		if q, err := a.of(p); err == nil && q.Until() != "" && q.Until() < q.Day {
			t.Errorf("%s %s holds until %s, before its day %s", a.kind, a.fields, q.Until(), q.Day)
		}
	}
}

// TestReadsWhatPeopleWrite: days, months and amounts in the forms that mean one thing only.
func TestReadsWhatPeopleWrite(t *testing.T) {
	p := law(t)
	for _, c := range []struct{ kind, fields, want string }{
		{"contribution", "day=01/09/2026 income=1.500.000 method=monthly periods=1", "330000"}, {"contribution", "day=1-9-2026 income=1,500,000 method=monthly periods=1", "330000"},
		{"contribution", "day=01.09.2026 income=1500000 method=monthly periods=1", "330000"},
		{"contribution", "day=31/09/2026 income=1500000 method=monthly periods=1", "bad_day day"}, {"contribution", "day=09/2026 income=1500000 method=monthly periods=1", "bad_day day"},
		{"contribution", "income=1.5 method=monthly periods=1", "not_a_number income"}, {"contribution", "income=1.500.00 method=monthly periods=1", "not_a_number income"},
		{"contribution", "income=.500.000 method=monthly periods=1", "not_a_number income"}, {"contribution", "income=1.500,000 method=monthly periods=1", "not_a_number income"},
		{"contribution", "income=1500000 method=monthly periods=1 support_bp=1.200", "policy_share support_bp"},
		{"retirement", "sex=male born=02/1965", "738"}, {"retirement", "sex=male born=2/1965", "738"}, {"retirement", "sex=male born=15/02/1965", "738"}, {"retirement", "sex=male born=1965-02-15", "738"},
		{"retirement", "sex=male born=1965", "738"}, {"retirement", "sex=male born=13/1965", "bad_month born"}, {"retirement", "sex=male born=30/02/1965", "bad_day born"},
		{"average", "settled=2026 history=01/2026,06/2026,1.500.000", "1500000"},
		{"household", "day=2026-08-01 member_months=12,6,3", "2049300"}, {"household", "day=2026-08-01 member_months=12,,3", "policy_numbers member_months"},
		{"household", "day=2026-08-01 member_months=12,x", "policy_numbers member_months"}, {"household", "day=2026-08-01 member_months=12,", "policy_numbers member_months"},
		{"household", "day=2026-08-01 member_months=12,0", "policy_card_months member_months"}, {"household", "day=2026-08-01 member_months=12,13", "policy_card_months member_months"},
		{"household", "day=2026-08-01 member_months=" + strings.Repeat("1,", 30) + "1", "policy_count member_months"},
		{"household", "day=2026-08-01 members=2 months=13", "policy_card_months months"},
	} {
		q, err := ask{c.kind, c.fields}.of(p)
		got := said(q, err)
		if err == nil {
			for _, name := range []string{"base", "age_months", "average", "total"} {
				if r, ok := q.Result(name); ok {
					got = Int(r.N).String()
					break
				}
			}
		}
		if got != c.want {
			t.Errorf("%s %s: %s, want %s", c.kind, c.fields, got, c.want)
		}
	}
}

// TestFormulasCountMonths: months inside a formula are not told as years, and what a sum runs up to is a bare number.
func TestFormulasCountMonths(t *testing.T) {
	p := law(t)
	say := func(v Number, u Unit) string { // as a page does, which makes years of months
		switch {
		case u == Months && v.Cmp(Int(24)) >= 0:
			return Amount(v.Quo(Int(12)), Years, "vi") + " năm"
		case u == CountedMonths || u == Months:
			return Amount(v, u, "vi") + " tháng"
		}
		return Amount(v, u, "vi")
	}
	formulas := func(a ask) string {
		q, err := a.of(p)
		if err != nil {
			t.Fatalf("%s %s: %v", a.kind, a.fields, err)
		}
		var out []string
		for _, s := range q.Steps {
			out = append(out, Write(s, "vi", say))
		}
		return strings.Join(out, "\n")
	}
	for _, c := range []struct {
		fields string
		want   []string
	}{
		{"method=years_ahead periods=2", []string{"i = 1…24 = 7.644.8", "2 × 12 tháng = 24 tháng"}}, {"method=years_ahead periods=3", []string{"i = 1…36 =", "3 × 12 tháng = 36 tháng"}},
		{"method=years_ahead periods=5", []string{"i = 1…60 =", "5 × 12 tháng = 60 tháng"}}, {"method=missing periods=12", []string{"i = 1…12 ="}}, {"method=missing periods=24", []string{"i = 1…24 ="}},
		{"method=missing periods=36", []string{"i = 1…36 ="}}, {"method=missing periods=60", []string{"i = 1…60 = 21.791.54"}}, {"method=yearly periods=2", []string{"330.000 đ × 24 tháng = 7.920.000 đ"}},
	} {
		got := formulas(ask{"contribution", "day=2026-08-01 income=1500000 " + c.fields})
		for _, want := range c.want {
			if !strings.Contains(got, want) {
				t.Errorf("%s has no %q:\n%s", c.fields, want, got)
			}
		}
		if strings.Contains(got, "năm") {
			t.Errorf("%s tells months as years:\n%s", c.fields, got)
		}
	}
	if got := formulas(ask{"refund", "day=2026-08-01 income=1500000 method=years_ahead periods=5 left=24"}); !strings.Contains(got, "i = 37…60 =") || strings.Contains(got, "năm") {
		t.Errorf("a refund:\n%s", got)
	}
	bare := regexp.MustCompile(`i = \d+…\d+ = `)
	for _, a := range everyQuote() {
		if q, err := a.of(p); err == nil {
			for _, s := range q.Steps {
				if text := Write(s, "vi", say); strings.Contains(text, "Σ") && !bare.MatchString(text) {
					t.Errorf("%s: %s", a.kind, text)
				}
			}
		}
	}
}

// TestLawsAreCitedOnce: a law that several rows name together with another stands once.
func TestLawsAreCitedOnce(t *testing.T) {
	for _, a := range everyQuote() {
		q, _ := a.of(law(t))
		cites := q.Cites()
		for i, c := range cites {
			bare := slices.ContainsFunc(cites, func(other string) bool { return strings.HasPrefix(other, c+" Điều ") })
			if strings.Contains(c, "; ") || slices.Contains(cites[:i], c) || bare {
				t.Errorf("%s cites %q", a.kind, cites)
			}
		}
	}
}
