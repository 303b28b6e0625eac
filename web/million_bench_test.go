package web_test

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"loa"
	"loa/demo"
	"loa/segmenting"
	"loa/store"
	"loa/web/webtest"
)

// BenchmarkMillionPeople opens the People list and the search over an office of more than a million people.
func BenchmarkMillionPeople(b *testing.B) {
	onEachEngine(b, func(b *testing.B, db *store.DB) {
		ctx := context.Background()
		s := webtest.Over(b, db)
		who := director(b, db)
		in := fullScope(b, db)
		if err := s.Server.Warm(ctx); err != nil {
			b.Fatal(err)
		}
		villages, people := sampleOf(b, db, in)
		deep := people[len(people)/2]
		q := func(words string) func(int) string {
			return func(int) string { return "/people?q=" + url.QueryEscape(words) }
		}
		list := func(args ...string) func(int) string {
			v := url.Values{}
			for i := 0; i < len(args); i += 2 {
				v.Set(args[i], args[i+1])
			}
			return func(i int) string { return "/people?" + v.Encode() + "&anew=" + strconv.Itoa(i) } // or all but the first were kept
		}
		for _, c := range []struct {
			name string
			path func(i int) string
		}{
			{"search/common_name", q("giàng a sinh")},
			{"search/family_name", q("giàng")},
			{"search/given_name_begun", q("s")},
			{"search/two_words", q("lò thị")},
			{"search/middle_and_given", q("thị mai")},
			{"search/whole_names", func(i int) string { return "/people?q=" + url.QueryEscape(people[i%len(people)].Name) }},
			{"search/nobody", q("nguyễn xyz")},
			{"search/phone", q("0912345678")},
			{"search/national_id", q("011090000001")},
			{"search/everything", func(i int) string { return "/search?q=" + url.QueryEscape(people[i%len(people)].Name) }},
			{"search/village", q("háng là")},
			{"list/first_page", list()},
			{"list/deep_page", list("after", deep.SortKey, "after_id", string(deep.ID))},
			{"list/last_page", list("after", "zzzz", "after_id", "z")},
			{"list/village", func(i int) string {
				return "/people?anew=" + strconv.Itoa(i) + "&area=" + string(villages[i%len(villages)])
			}},
			{"list/sex", list("sex", "female")},
			{"list/ethnic", list("ethnic", "mong")},
			{"list/poverty", list("poverty", "near_poor")},
			{"list/occupation", list("occupation", "small_trader")},
			{"list/scheme", list("scheme", "voluntary_si")},
			{"list/status", list("scheme", "voluntary_si", "status", "lapsed")},
			{"list/age", list("age", "30-45")},
			{"list/phone", list("phone", "yes")},
			{"list/combined", list("sex", "female", "ethnic", "mong", "age", "15-60", "scheme", "hi", "status", "due", "phone", "yes")},
			{"list/combined_village", func(i int) string {
				return "/people?sex=female&occupation=farmer&anew=" + strconv.Itoa(i) + "&area=" + string(villages[i%len(villages)])
			}},
			{"list/filtered_deep_page", list("sex", "female", "page", "4000")},
		} {
			b.Run(c.name, func(b *testing.B) { pages(b, []*webtest.Client{s.SignedIn(b, who)}, c.path) })
		}
	})
}

// sampleOf picks villages and people from all over the office.
func sampleOf(b *testing.B, db *store.DB, in loa.Scope) (villages []loa.AreaID, people []store.PersonLine) {
	b.Helper()
	areas, err := db.Areas(context.Background(), in)
	if err != nil {
		b.Fatal(err)
	}
	for i, a := range areas {
		if a.Kind == loa.Village && i%7 == 0 {
			villages = append(villages, a.ID)
		}
	}
	for _, v := range villages {
		some, err := db.People(context.Background(), in, []loa.AreaID{v}, store.PersonKey{}, 3)
		if err != nil {
			b.Fatal(err)
		}
		people = append(people, some...)
	}
	slices.SortFunc(people, func(x, y store.PersonLine) int { return len(x.Name) - len(y.Name) })
	return villages, people
}

// BenchmarkMillionSegments reads a million people into the segment index, then asks the ten rules of docs/PERFORMANCE.md as the
// pages do: what changed is read first, then the rule is counted. Once nothing has changed, once somebody has before every question.
func BenchmarkMillionSegments(b *testing.B) {
	onEachEngine(b, func(b *testing.B, db *store.DB) {
		ctx := context.Background()
		s := webtest.Over(b, db)
		in := fullScope(b, db)
		before := memory()
		start := time.Now()
		if err := s.Server.Warm(ctx); err != nil {
			b.Fatal(err)
		}
		load, held := time.Since(start), memory()-before
		x, err := s.Server.IndexOf(ctx, in.Office)
		if err != nil {
			b.Fatal(err)
		}
		b.Run("first_load", func(b *testing.B) {
			b.ReportMetric(load.Seconds(), "load-s")
			b.ReportMetric(held, "index-MB")
			b.ReportMetric(float64(x.Len()), "people")
			b.ReportMetric(0, "ns/op")
		})
		areas, err := db.Areas(ctx, in)
		if err != nil {
			b.Fatal(err)
		}
		_, people := sampleOf(b, db, in)
		by := loa.By{Officer: director(b, db), At: s.Now()}
		for i, rule := range tenRules(areas) {
			q := segmenting.Query{Rule: rule, Today: demo.AsOf, DueDays: 60, Under: underOf(areas)}
			for _, changing := range []bool{false, true} {
				name := fmt.Sprint("rule", i+1)
				if changing {
					name += "_after_a_change"
				}
				b.Run(name, func(b *testing.B) {
					t := times{cpu: processor()}
					n := 0
					for i := range b.N {
						if changing {
							rename(b, db, in, by, people[i%len(people)].ID)
						}
						start := time.Now()
						x, err := s.Server.IndexOf(ctx, in.Office)
						if err != nil {
							b.Fatal(err)
						}
						n = x.Count(q)
						t.add(time.Since(start))
					}
					t.report(b)
					b.ReportMetric(float64(n), "people")
				})
			}
		}
	})
}

func underOf(areas []loa.Area) func(loa.AreaID) []loa.AreaID {
	paths := map[loa.AreaID]string{}
	for _, a := range areas {
		paths[a.ID] = a.Path
	}
	return func(id loa.AreaID) (out []loa.AreaID) {
		for _, a := range areas {
			if strings.HasPrefix(a.Path, paths[id]) {
				out = append(out, a.ID)
			}
		}
		return out
	}
}

// rename changes one field of one person, as an officer does on their page.
func rename(b *testing.B, db *store.DB, in loa.Scope, by loa.By, id loa.PersonID) {
	b.Helper()
	p, err := db.Person(context.Background(), in, id)
	if err != nil {
		b.Fatal(err)
	}
	p.Note += "."
	if p.Note = strings.TrimPrefix(p.Note, "....."); p.Note == "" {
		p.Note = "."
	}
	if _, _, err := db.SavePerson(context.Background(), in, by, p, p.ChangeNo); err != nil {
		b.Fatal(err)
	}
}

// tenRules are those of docs/PERFORMANCE.md; together they use every kind of condition, as TestTenRulesUseEveryCondition holds.
func tenRules(areas []loa.Area) []loa.Rule {
	commune := ""
	for _, a := range areas {
		if a.Kind == loa.Commune {
			commune = string(a.ID)
			break
		}
	}
	n := func(i int) *int { return &i }
	words := func(f string, v ...string) loa.Rule { return loa.Rule{Field: f, Values: v} }
	status := func(s loa.Scheme, v ...string) loa.Rule { return loa.Rule{Field: "status", Scheme: s, Values: v} }
	all := func(r ...loa.Rule) loa.Rule { return loa.Rule{All: r} }
	any := func(r ...loa.Rule) loa.Rule { return loa.Rule{Any: r} }
	not := func(r loa.Rule) loa.Rule { return loa.Rule{Not: &r} }
	return []loa.Rule{
		all(words("occupation", "farmer"), loa.Rule{Field: "age", Min: n(15), Max: n(60)}),
		all(words("area", commune), words("ethnic", "mong", "thai"), words("language", "mong")),
		all(status(loa.VoluntarySI, "lapsed"), loa.Rule{Field: "months_since_lapse", Scheme: loa.VoluntarySI, Max: n(12)}),
		all(status(loa.HI, "never", "lapsed", "left"), loa.Rule{Field: "household_without_hi"}),
		any(words("poverty", "near_poor"), words("poverty", "poor")),
		all(words("sex", "female"), words("occupation", "freelancer"), loa.Rule{Field: "age", Min: n(30), Max: n(45)}, loa.Rule{Field: "phone"}),
		all(loa.Rule{Field: "reached_days", Min: n(90)}, not(words("consent", "care:sms:refused"))),
		all(loa.Rule{Field: "parent_of_pupil"}, not(status(loa.CompulsorySI, "participating"))),
		all(loa.Rule{Field: "payer", Scheme: loa.HI, Values: []string{"state"}}, words("literacy", "little", "none"), loa.Rule{Field: "household_head"}),
		any(all(status(loa.VoluntarySI, "due"), loa.Rule{Field: "phone_shared"}), loa.Rule{Field: "lead", Scheme: loa.VoluntarySI, Values: []string{"open"}}),
	}
}

func TestTenRulesUseEveryCondition(t *testing.T) {
	used := map[string]bool{}
	var walk func(r loa.Rule)
	walk = func(r loa.Rule) {
		used[r.Field] = true
		for _, p := range append(r.All, r.Any...) {
			walk(p)
		}
		if r.Not != nil {
			walk(*r.Not)
		}
	}
	for i, r := range tenRules([]loa.Area{{ID: "c", Kind: loa.Commune}}) {
		if err := r.Check(); err != nil {
			t.Errorf("rule %d: %v", i+1, err)
		}
		walk(r)
	}
	for _, f := range loa.RuleFields {
		if !used[f.Field] {
			t.Errorf("no rule uses %s", f.Field)
		}
	}
}
