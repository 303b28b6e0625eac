package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"loa"
	"loa/importing"
	"loa/store"
)

// apply stages the rows of a previewed import where nobody sees them and shows them all at once. A stopped apply goes on
// where it was: the count of rows done moves in the same transaction as the rows.
func (im *importer) apply(ctx context.Context, id string) error {
	i, err := im.db.ImportByID(ctx, loa.ImportID(id))
	if err != nil {
		return err
	}
	if i.State == loa.ImportRefreshing {
		return im.refresh(ctx, id)
	}
	if i.State != loa.ImportApplying {
		return nil
	}
	by := loa.By{Officer: i.MadeBy, At: im.now()}
	if i.Kind != "people" {
		return im.applyFigures(ctx, i, by)
	}
	if err := im.db.HideBatch(ctx, i.ID, by); err != nil {
		return err
	}
	if err := im.stageAll(ctx, i, by); err != nil {
		return err
	}
	if err := im.db.ShowImport(ctx, by, i); err != nil {
		return err
	}
	return im.refresh(ctx, id)
}

func (im *importer) stageAll(ctx context.Context, i loa.Import, by loa.By) error {
	homes := newHomes()
	stage := im.db.Staging(i, by)
	defer stage.Close()
	pace := newPace(im.db)
	var batch []store.Staged
	write := func() error {
		begun := time.Now()
		if err := stage.Write(ctx, batch); err != nil {
			return err
		}
		pace.took(time.Since(begun))
		batch = batch[:0]
		return nil
	}
	ready, failed := im.ready(ctx, i, by, homes)
	for part := range ready {
		if batch = append(batch, part...); len(batch) >= pace.rows {
			if err := write(); err != nil {
				for range ready { // let the reader see that it is over
				}
				return errors.Join(err, <-failed)
			}
		}
	}
	if err := <-failed; err != nil {
		return err
	}
	if len(batch) > 0 {
		if err := write(); err != nil {
			return err
		}
	}
	for part := range slices.Chunk(homes.corrections(), 200) {
		if err := stage.Heads(ctx, part); err != nil {
			return err
		}
	}
	return nil
}

// readyPart rows are made ready at once while others are written.
const readyPart = 50

// ready makes the rows of an import ready, beside whoever writes them; those staged before the import was stopped are left out.
func (im *importer) ready(ctx context.Context, i loa.Import, by loa.By, homes *homes) (<-chan []store.Staged, <-chan error) {
	out, failed := make(chan []store.Staged, 2*mostRows/readyPart), make(chan error, 1)
	go func() {
		defer close(failed)
		defer close(out)
		skip, after := i.Done, 0
		for {
			staged, last, err := im.readyWindow(ctx, i, by, after, homes)
			if err != nil || len(staged) == 0 {
				failed <- err
				return
			}
			after = last
			done := min(skip, len(staged))
			skip -= done
			for part := range slices.Chunk(staged[done:], readyPart) {
				out <- part
			}
		}
	}()
	return out, failed
}

// readyWindow makes some rows ready. They are made in the order of the list, because the head of a household depends on it, and
// written in the order of their people's IDs; the same rows always come in the same order.
func (im *importer) readyWindow(ctx context.Context, i loa.Import, by loa.By, after int, homes *homes) (out []store.Staged, last int, err error) {
	out = make([]store.Staged, 0, window)
	for len(out) < window {
		lines, err := im.db.AppliedLines(ctx, i.ID, after, previewBatch)
		if err != nil {
			return nil, 0, err
		}
		for _, l := range lines {
			st, err := im.staged(i, by, l, homes)
			if err != nil {
				return nil, 0, err
			}
			out, after = append(out, st), l.No
		}
		if len(lines) < previewBatch {
			break
		}
	}
	slices.SortFunc(out, func(a, b store.Staged) int { return cmp.Compare(a.Person.ID, b.Person.ID) })
	return out, after, nil
}

// homes remembers the households a list makes: whoever stands in it first is its head until a row says so of somebody else.
type homes struct {
	made  map[loa.HouseholdID]*madeHome
	order []loa.HouseholdID
}

type madeHome struct {
	first, head loa.PersonID
	headed      bool // the first one is said to be the head
}

func newHomes() *homes { return &homes{made: map[loa.HouseholdID]*madeHome{}} }

func (h *homes) note(id loa.HouseholdID, how string, p loa.PersonID, relation string) {
	m := h.made[id]
	if how == "make" {
		m = &madeHome{first: p, headed: relation == "head"}
		h.made[id] = m
		h.order = append(h.order, id)
	}
	if m != nil && relation == "head" {
		m.head = p
	}
}

// corrections are the heads that were not known yet when their household was made.
func (h *homes) corrections() []store.StagedHead {
	var out []store.StagedHead
	for _, id := range h.order {
		m := h.made[id]
		if !m.headed {
			head := m.head
			if head == "" {
				head = m.first
			}
			out = append(out, store.StagedHead{Household: id, Person: head})
		}
	}
	return out
}

// staged is a previewed row as the store will write it.
func (im *importer) staged(i loa.Import, by loa.By, l loa.ImportLine, h *homes) (store.Staged, error) {
	values, sealed := map[importing.Field]string{}, map[importing.Field]loa.Sealed{}
	area, home, how := loa.AreaID(""), loa.HouseholdID(""), ""
	for _, c := range l.Changes {
		switch f := importing.Field(c.Field); f {
		case importing.AreaChange:
			area = loa.AreaID(c.New)
		case importing.HomeChange:
			home, how = loa.HouseholdID(c.New), c.Old
		case importing.NationalID, importing.SINumber:
			number, err := unpackSealed(c.New)
			if err != nil {
				return store.Staged{}, err
			}
			sealed[f] = number
		default:
			values[f] = c.New
		}
	}
	st := store.Staged{New: l.Outcome == "new"}
	if st.New {
		st.Person = importing.Person(l.Person, area, values)
		st.Person.NationalID, st.Person.SINumber, st.Person.Household = sealed[importing.NationalID], sealed[importing.SINumber], home
	} else {
		st.Person = loa.Person{ID: l.Person, Name: values[importing.Name]}
		st.Edit = func(p *loa.Person) { importing.Edit(p, l.Changes, sealed) }
	}
	switch number := values[importing.Household]; how {
	case "make":
		st.Household = &loa.Household{ID: home, Area: area, Code: number, Head: l.Person, Address: values[importing.Address], WalkOrder: l.No}
	case "number":
		st.Number = &loa.Household{ID: home, Code: number}
	}
	if how == "make" || how == "join" {
		h.note(home, how, l.Person, values[importing.Relation])
	}
	im.statedFacts(&st, i, by, l.Person, area, values)
	return st, nil
}

// statedFacts adds the cards, covers and consents a row states.
func (im *importer) statedFacts(st *store.Staged, i loa.Import, by loa.By, person loa.PersonID, area loa.AreaID, values map[importing.Field]string) {
	if area == "" {
		area = i.Area
	}
	source := "import:" + i.FileName
	for _, c := range importing.Covers(person, values, source, by.Day()) {
		c.Office, c.Area, c.RecordedAt, c.RecordedBy = i.Office, area, by.At, by.Officer
		st.Contributions = append(st.Contributions, c)
	}
	for _, c := range importing.Consents(person, values, source, by.Day()) {
		c.Office, c.Area, c.RecordedAt, c.RecordedBy, c.HappenedAt = i.Office, area, by.At, by.Officer, by.At
		st.Consents = append(st.Consents, c)
	}
}

// refresh brings the figures up to date after an import was shown or taken back; it goes on where a stopped one was.
func (im *importer) refresh(ctx context.Context, id string) error {
	i, err := im.db.ImportByID(ctx, loa.ImportID(id))
	if err != nil {
		return err
	}
	switch i.State {
	case loa.ImportRefreshing:
		if err := im.clashing(ctx, i); err != nil {
			return err
		}
		if err := im.standings(ctx, i); err != nil {
			return err
		}
		return im.db.FinishImport(ctx, i, loa.ImportApplied)
	case loa.ImportUndoing:
		return im.refreshUndone(ctx, i)
	}
	return nil
}

// standingsRead people are read at once while others are written.
const standingsRead = 4000

// standings writes down what an import that was shown says about who is covered.
func (im *importer) standings(ctx context.Context, i loa.Import) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	out, failed := make(chan *store.Standings), make(chan error, 1)
	go func() {
		defer close(out)
		for after := loa.PersonID(""); ; {
			s, err := im.db.ReadStandings(ctx, i, after, standingsRead)
			if err != nil || s.Last == "" {
				failed <- err
				return
			}
			after = s.Last
			select {
			case out <- s:
			case <-ctx.Done():
				failed <- ctx.Err()
				return
			}
		}
	}()
	pace := newPace(im.db)
	for s := range out {
		for s.Len() > 0 {
			begun := time.Now()
			if err := im.db.SaveStandings(ctx, i, s.Cut(pace.rows)); err != nil {
				return err
			}
			pace.took(time.Since(begun))
		}
	}
	return <-failed
}

// refreshUndone brings the figures up to date after an import was taken back.
func (im *importer) refreshUndone(ctx context.Context, i loa.Import) error {
	after, pace := loa.PersonID(""), newPace(im.db)
	for {
		begun := time.Now()
		next, err := im.db.RefreshPage(ctx, i, after, pace.rows)
		if err != nil {
			return err
		}
		pace.took(time.Since(begun))
		if after = next; after == "" {
			return im.db.FinishImport(ctx, i, loa.ImportUndone)
		}
	}
}

// resume takes up every import a stopped process left behind; by, if given, only those somebody asked for.
func (im *importer) resume(ctx context.Context, by loa.OfficerID) error {
	left, err := im.db.UnfinishedImports(ctx)
	if err != nil {
		return err
	}
	for _, i := range left {
		if by != "" && i.MadeBy != by {
			continue
		}
		do := map[string]func(context.Context, string) error{loa.ImportReading: im.preview, loa.ImportApplying: im.apply, loa.ImportRefreshing: im.refresh, loa.ImportUndoing: im.refresh}[i.State]
		if e := do(ctx, string(i.ID)); e != nil && !errors.Is(e, store.ErrElsewhere) {
			err = errors.Join(err, fmt.Errorf("resume import %s: %w", i.ID, e)) // one that fails does not keep the others waiting
		}
	}
	return err
}
