package web

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"loa"
)

// who is the officer behind a request, with what the grants of today allow.
type who struct {
	Officer loa.Officer
	Office  loa.Office
	Role    loa.Role   // the one worked in: the strongest that holds today
	Scope   loa.Scope  // narrowed to the place chosen in the top bar
	Whole   loa.Scope  // all the officer may see in this office
	Place   loa.AreaID // the commune chosen in the top bar, empty for all
	Areas   []loa.Area // the communes inside Whole, for the switch
	Lang    string
	Grants  []loa.Grant             // that hold today in this office
	Offices []loa.Office            // that may be switched between: more than one for a province viewer
	placeOf map[loa.AreaID]loa.Area // of the grants
	whole   []loa.Area              // the communes and the node of the office, whatever the officer may see of them
}

// seesAll says whether an officer sees all of the office: each of its communes, and what has none.
func (w *who) seesAll() bool {
	for _, a := range w.whole {
		if a.Path != "" && !w.Whole.Holds(a.Path) {
			return false
		}
	}
	return len(w.whole) > 0
}

// may says whether any grant that holds today includes the act.
func (w *who) may(a loa.Act) bool {
	if w == nil {
		return false
	}
	if a == loa.SignedIn {
		return true
	}
	for _, g := range w.Grants {
		if g.Role.May(a) {
			return true
		}
	}
	return false
}

// agent says whether today's grants are those of a collector alone, whose day is the list handed over.
func (w *who) agent() bool { return w.may(loa.ReadEnrolment) && !w.may(loa.ReadOutreach) }

// roles names what today's grants allow, for the keys of what is kept.
func (w *who) roles() string {
	var out []string
	for _, g := range w.Grants {
		out = append(out, string(g.Role))
	}
	slices.Sort(out)
	return strings.Join(slices.Compact(out), " ")
}

type whoKey struct{}

// whoOf is the officer of a request that was admitted; nil before sign-in.
func whoOf(r *http.Request) *who {
	w, _ := r.Context().Value(whoKey{}).(*who)
	return w
}

// scopeOf is the part of the tree the request may see: the argument of every store call.
func scopeOf(r *http.Request) loa.Scope { return whoOf(r).Scope }

func withWho(r *http.Request, w *who) *http.Request {
	return r.WithContext(context.WithValue(r.Context(), whoKey{}, w))
}
