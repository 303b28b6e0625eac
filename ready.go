package loa

// ReadySegments are the groups every office starts with, without an ID: their names live in the catalogues under
// segment.<code>. They are those of the founding article and what an office asks for next.
func ReadySegments() []Segment {
	type list []Rule
	n := func(i int) *int { return &i }
	words := func(field string, values ...string) Rule { return Rule{Field: field, Values: values} }
	status := func(s Scheme, values ...string) Rule { return Rule{Field: "status", Scheme: s, Values: values} }
	ages := func(from, to int) Rule { return Rule{Field: "age", Min: n(from), Max: n(to)} }
	grown := Rule{Field: "age", Min: n(15)}
	never := func(r Rule) Rule { return Rule{Not: &r} }
	working := ages(15, 60)
	rules := []struct {
		code string
		rule Rule
	}{
		{"farmers", Rule{All: list{words("occupation", "farmer"), working}}},
		{"small_traders", words("occupation", "small_trader")},
		{"freelancers", words("occupation", "freelancer")},
		{"employees", status(CompulsorySI, string(Participates))},
		{"households_no_hi", Rule{All: list{{Field: "household_without_hi"}, {Field: "household_head"}}}},
		{"former_voluntary", Rule{Field: "months_since_lapse", Scheme: VoluntarySI, Min: n(0), Max: n(12)}},
		{"near_poor", Rule{All: list{words("poverty", "near_poor"), grown}}},
		{"newly_unemployed", Rule{All: list{status(Unemployment, string(LeftStatus)), ages(15, 60)}}},
		{"women", Rule{All: list{words("sex", string(Female)), ages(15, 55)}}},
		{"business_owners", words("occupation", "business_owner")},
		{"poor", Rule{All: list{words("poverty", "poor"), grown}}},
		{"no_hi", status(HI, string(Never), string(LapsedStatus), string(LeftStatus))},
		{"parents_of_pupils", Rule{Field: "parent_of_pupil"}},
		{"due_soon", Rule{Any: list{status(VoluntarySI, string(DueStatus)), status(HouseholdHI, string(DueStatus))}}},
		{"never_voluntary", Rule{All: list{status(VoluntarySI, string(Never)), status(CompulsorySI, string(Never), string(LeftStatus)), working}}},
		{"not_reached", Rule{All: list{{Field: "reached_days", Min: n(90)}, ages(18, 60)}}},
		{"near_retirement", Rule{All: list{ages(45, 60), never(status(CompulsorySI, string(Participates)))}}},
		{"young_workers", Rule{All: list{ages(18, 35), never(words("occupation", "pupil", "employee"))}}},
		{"freelance_women", Rule{All: list{words("sex", string(Female)), words("occupation", "freelancer", "small_trader"), ages(30, 45)}}},
		{"hi_ending", Rule{All: list{status(HI, string(DueStatus)), {Field: "payer", Scheme: HI, Values: []string{string(PaysSelf)}}}}},
		{"cannot_read", Rule{All: list{words("literacy", "none"), ages(18, 60)}}},
		{"no_phone", Rule{All: list{never(Rule{Field: "phone"}), {Any: list{status(VoluntarySI, string(DueStatus), string(LapsedStatus)), status(HouseholdHI, string(DueStatus), string(LapsedStatus))}}}}},
		{"interested", Rule{Field: "lead", Scheme: VoluntarySI, Values: []string{"open"}}},
	}
	out := make([]Segment, len(rules))
	for i, r := range rules {
		out[i] = Segment{Code: r.code, Rule: r.rule, Ready: true, Sort: i + 1}
	}
	return out
}
