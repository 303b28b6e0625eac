package matching

import (
	"strings"
	"testing"
)

func TestReconcile(t *testing.T) {
	people := []Registered{
		{ID: "1", Name: "Giàng A Chứ", Commune: "A", SIIndex: "s1", In: true},
		{ID: "2", Name: "Mùa Thị Xua", Commune: "A", In: true},
		{ID: "3", Name: "Lò Văn Hải", Commune: "B", SIIndex: "s3", In: true},
		{ID: "4", Name: "Thào A Páo", Commune: "A", SIIndex: "s4"},
		{ID: "5", Name: "Lò Thị Mai", Commune: "B", In: true},
		{ID: "6", Name: "Lò Thị Mai", Commune: "B", In: true},
		{ID: "7", Name: "Dàng A Sình", Commune: "B", In: true},
		{ID: "8", Name: "Vàng Thị Súa", Commune: "B", SIIndex: "s8", In: true},
	}
	list := []Listed{
		{No: 1, Name: "giang a chu", Commune: "A", SIIndex: "s1"},
		{No: 2, Name: "Mùa Thị Xua", Commune: "A", SIIndex: "s2"},  // Loa does not know the number yet
		{No: 3, Name: "Lò Văn Hài", Commune: "A", SIIndex: "s3"},   // folded alike, but the commune is not
		{No: 4, Name: "Thào A Páo", Commune: "A", SIIndex: "s4"},   // known, does not participate
		{No: 5, Name: "Lò Thị Mai", Commune: "B"},                  // two of that name
		{No: 6, Name: "Giàng A Chứ", Commune: "A", SIIndex: "s1"},  // once more
		{No: 7, Name: "Hạng A Lạ", Commune: "A", SIIndex: "s9"},    // nobody
		{No: 8, Name: "", Fault: "no_name"},                        // cannot be read
		{No: 9, Name: "Vàng Thị Súa", Commune: "B", SIIndex: "s7"}, // a namesake with another number is somebody else
	}
	want := []string{"matched 1 ", "differ 2 no_si_number", "differ 3 other_commune", "only_list 4 not_participating", "only_list  fits_several", "only_list 1 twice_on_list",
		"only_list  not_in_register", "only_list  no_name", "only_list  not_in_register", "only_loa 5 not_on_list", "only_loa 6 not_on_list", "only_loa 7 not_on_list", "only_loa 8 not_on_list"}
	got := Reconcile(list, people)
	if len(got) != len(want) {
		t.Fatalf("%d findings, want %d", len(got), len(want))
	}
	count := map[Outcome]int{}
	for i, f := range got {
		id := ""
		if f.Person != nil {
			id = string(f.Person.ID)
		}
		if line := string(f.Outcome) + " " + id + " " + strings.Join(f.Notes, " "); line != want[i] {
			t.Errorf("finding %d: %q, want %q", i, line, want[i])
		}
		count[f.Outcome]++
	}
	if n := count[Matched] + count[Differ] + count[OnlyList]; n != len(list) {
		t.Errorf("matched, differ and only-list are %d, the list has %d", n, len(list))
	}
	in := 0
	for _, p := range people {
		if p.In {
			in++
		}
	}
	if n := count[Matched] + count[Differ] + count[OnlyLoa]; n != in {
		t.Errorf("matched, differ and only-Loa are %d, the register has %d", n, in)
	}
}
