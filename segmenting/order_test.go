package segmenting

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"loa"
)

// TestOrderIsKeptThroughChanges holds an index that was asked for lists between many changes to one that was made at the end.
func TestOrderIsKeptThroughChanges(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	everybody := Query{Rule: loa.Rule{Any: []loa.Rule{{Field: "sex", Values: []string{"male", "female"}}}}, Today: "2025-11-30"}
	now := map[loa.PersonID]loa.Profile{}
	kept := New()
	for round := range 200 {
		var part []loa.Profile
		for range 1 + r.IntN(5) {
			id := loa.PersonID(fmt.Sprintf("p%02d", r.IntN(60)))
			p := loa.Profile{Person: id, SortKey: fmt.Sprintf("name %d", r.IntN(12)), Sex: loa.Female, Gone: r.IntN(4) == 0}
			part = append(part, p)
			now[id] = p
		}
		kept.Update(part, int64(round+1))
		fresh := New()
		for _, p := range now {
			fresh.Update([]loa.Profile{p}, 1)
		}
		got, n := kept.Members(everybody, 0, 100)
		want, m := fresh.Members(everybody, 0, 100)
		if n != m || !slices.Equal(got, want) {
			t.Fatalf("round %d: %d people %v, want %d people %v", round, n, got, m, want)
		}
		if a, b := kept.Sample(everybody, 7), fresh.Sample(everybody, 7); !slices.Equal(a, b) {
			t.Fatalf("round %d: sample %v, want %v", round, a, b)
		}
	}
}
