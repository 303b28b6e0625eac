package web

import (
	"bytes"
	"context"
	"errors"
	"strconv"
	"time"

	"loa"
	"loa/auth"
	"loa/i18n"
	"loa/matching"
	"loa/sheet"
	"loa/store"
	"loa/vn"
)

// Comparer compares official lists with the register, in the background: a list of a whole office has tens of thousands of rows.
type Comparer struct {
	DB     *store.DB
	Sealer *auth.Sealer
	Now    func() time.Time
}

// Compare makes one comparison that was asked for. Done again after a stop it begins anew; what is wrong with the list itself is
// said on the comparison.
func (c Comparer) Compare(ctx context.Context, id string) error {
	x, sealed, err := c.DB.ReconciliationWork(ctx, loa.ReconciliationID(id))
	if err != nil || x.State != loa.ReconcileReading {
		return err
	}
	lines, err := c.lines(ctx, &x, sealed)
	if code := listFault(err); code != "" {
		return c.DB.FailReconciliation(ctx, x.ID, code)
	}
	if err != nil {
		return err
	}
	return c.DB.FinishReconciliation(ctx, x, lines)
}

// listFault is the code of what is wrong with a list, with its place behind "|"; empty when the fault is ours.
func listFault(err error) string {
	var bad *sheet.Error
	if errors.As(err, &bad) {
		return "file_" + string(bad.Code) + "|" + bad.Cell() + "|" + strconv.FormatInt(bad.Max, 10)
	}
	var refusal *loa.Error
	if errors.As(err, &refusal) {
		return refusal.Code + "||"
	}
	return ""
}

// scope is what the list covers: one commune, or with the office's own node all of the office.
func (c Comparer) scope(ctx context.Context, x loa.Reconciliation) (whole, in loa.Scope, err error) {
	whole = loa.Scope{Office: x.Office}
	in = whole
	areas, err := c.DB.OfficeAreas(ctx, x.Office, loa.DayOf(c.Now()))
	if err != nil {
		return whole, in, err
	}
	for _, a := range areas {
		whole.Ranges = append(whole.Ranges, loa.Under(a.Path))
		if a.ID == x.Area && a.Kind != loa.OfficeNode {
			in.Ranges = []loa.Range{loa.Under(a.Path)}
		}
	}
	if in.Empty() {
		in = whole
	}
	return whole, in, nil
}

func (c Comparer) lines(ctx context.Context, x *loa.Reconciliation, sealed []byte) ([]loa.ReconciliationLine, error) {
	if c.Sealer == nil {
		return nil, loa.Refuse(loa.Conflict, "", "no_key")
	}
	raw, err := c.Sealer.Open(auth.Place{Office: string(x.Office), Column: officialFile, Record: string(x.ID)}, sealed)
	if err != nil {
		return nil, loa.Refuse(loa.Conflict, "", "no_key")
	}
	book, err := sheet.Open(x.FileName, bytes.NewReader([]byte(raw)), int64(len(raw)))
	if err != nil {
		return nil, err
	}
	whole, in, err := c.scope(ctx, *x)
	if err != nil {
		return nil, err
	}
	areas, err := c.DB.Areas(ctx, whole)
	if err != nil {
		return nil, err
	}
	aliases, err := c.DB.Aliases(ctx, whole)
	if err != nil {
		return nil, err
	}
	list, err := readOfficial(book, *x, officialReader{sealer: c.Sealer, today: loa.DayOf(c.Now()), communes: communesByName(areas, aliases)})
	if err != nil {
		return nil, err
	}
	x.Skipped = list.Skipped
	settings, err := c.DB.Settings(ctx, x.Office)
	if err != nil {
		return nil, err
	}
	people, err := c.registered(ctx, in, *x, x.Month.CutOff(settings.CutOffDay), list.Rows, statedCommune(areas))
	if err != nil {
		return nil, err
	}
	return findings(x, matching.Reconcile(list.Rows, people), villagePlaces("vi", areas)), nil
}

// findings are the lines of a comparison, and how many there are of each outcome.
func findings(x *loa.Reconciliation, found []matching.Finding, names map[loa.AreaID]string) []loa.ReconciliationLine {
	out := make([]loa.ReconciliationLine, 0, len(found))
	for _, f := range found {
		l := loa.ReconciliationLine{No: len(out) + 1, Outcome: string(f.Outcome), Area: x.Area, Notes: f.Notes}
		if f.Listed != nil {
			l.Official = loa.ReconciliationSide{Row: f.Listed.No, Name: f.Listed.Name, Place: f.Listed.Place, Tail: f.Listed.SITail}
			if f.Listed.Commune != "" {
				l.Area = f.Listed.Commune
			}
		}
		if p := f.Person; p != nil {
			l.Person, l.Area = p.ID, p.Area
			l.Ours = loa.ReconciliationSide{Name: p.Name, Place: names[p.Area], Tail: p.SITail}
		}
		switch f.Outcome {
		case matching.Matched:
			x.Matched++
		case matching.Differ:
			x.Differ++
		case matching.OnlyList:
			x.OnlyList++
		case matching.OnlyLoa:
			x.OnlyLoa++
		}
		out = append(out, l)
	}
	return out
}

// registered are the people the register has in the scheme on the day, and those others whom the list may mean.
func (c Comparer) registered(ctx context.Context, in loa.Scope, x loa.Reconciliation, on loa.Day, list []matching.Listed, communes map[loa.AreaID]loa.AreaID) ([]matching.Registered, error) {
	participants, err := c.DB.Participants(ctx, in, x.Scheme, on)
	if err != nil {
		return nil, err
	}
	var out []matching.Registered
	seen, indexes, names := map[loa.PersonID]bool{}, map[string]bool{}, map[string]bool{}
	add := func(p store.ReconcilePerson) {
		seen[p.ID] = true
		out = append(out, matching.Registered{ID: p.ID, Name: p.Name, Area: p.Area, Commune: communes[p.Area], SIIndex: p.Index, SITail: p.Tail, In: p.In})
	}
	for _, p := range participants {
		add(p)
		indexes[p.Index], names[p.Folded] = true, true
	}
	var byIndex, byName []string
	for _, l := range list {
		if l.SIIndex != "" && !indexes[l.SIIndex] {
			indexes[l.SIIndex] = true
			byIndex = append(byIndex, l.SIIndex)
		}
		if folded := vn.Fold(l.Name); folded != "" && !names[folded] {
			names[folded] = true
			byName = append(byName, folded)
		}
	}
	others, err := c.DB.PeopleMeant(ctx, in, byIndex, byName)
	for _, p := range others {
		if !seen[p.ID] {
			add(p)
		}
	}
	return out, err
}

// villagePlaces are villages with their commune, as a line of a list shows them.
func villagePlaces(lang string, areas []loa.Area) map[loa.AreaID]string {
	above, names := communeOf(areas), map[loa.AreaID]string{}
	for _, a := range areas {
		names[a.ID] = a.Label()
		if a.Kind == loa.OfficeNode {
			names[a.ID] = i18n.Text(lang, "area.no_commune")
		}
	}
	out := make(map[loa.AreaID]string, len(areas))
	for _, a := range areas {
		out[a.ID] = names[a.ID]
		if a.Kind == loa.Village {
			out[a.ID] += ", " + names[above[a.ID]]
		}
	}
	return out
}
