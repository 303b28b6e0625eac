package policy

import (
	"time"

	"loa"
)

// Grace is the payment grace of each method, read from the parameters in force on the day after the cover ends.
type Grace struct{ Parameters Parameters }

// LastDay is the last day on which a payment still keeps a participant in. Voluntary SI: so many months after the cover,
// by method (Law 41/2024/QH15, Article 36(3)). Every other scheme, and a method without a row: the end of the cover itself.
func (g Grace) LastDay(s loa.Scheme, m loa.Method, _ loa.Payer, until loa.Day) loa.Day {
	if s != loa.VoluntarySI || until == loa.OpenEnd {
		return until
	}
	row, ok := g.Parameters.At(loa.GraceRow+string(m), until.Add(1))
	if !ok || row.Value == 0 {
		return until
	}
	return until.Add(1).AddMonths(int(row.Value)).Add(-1)
}

// With is the grace with an office's own rows.
func (g Grace) With(rows []loa.PolicyRow) loa.Grace {
	return Grace{g.Parameters.With(OfOffice(rows), time.Time{})}
}
