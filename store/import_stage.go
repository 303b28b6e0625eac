package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"loa"
	"loa/vn"
)

// Staged is one person as an import will leave them: a new record whole, or what it changes.
type Staged struct {
	New           bool
	Person        loa.Person          // new: the whole record; changed: its ID
	Edit          func(p *loa.Person) // changed: carries the changes out on the record as it stands when it is staged
	Household     *loa.Household      // one to be made with this person
	Number        *loa.Household      // a household that is given its number: its ID and Code
	Contributions []loa.Contribution  // cards and covers the list states
	Consents      []loa.Consent
}

// ErrElsewhere stops a process that works on an import which another one has taken up: nothing is written twice.
var ErrElsewhere = errors.New("another process works on this import")

// HideBatch begins to stage: from here on, rows of the batch are written but not seen.
func (db *DB) HideBatch(ctx context.Context, batch loa.ImportID, by loa.By) error {
	return db.tx(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO hidden_batch (id, since) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING`, batch, millis(by.At))
		if err != nil {
			return fmt.Errorf("hide the batch: %w", err)
		}
		return nil
	})
}

// Staging writes the people of one import where nobody sees them until it is shown.
type Staging struct {
	db     *DB
	office loa.OfficeID
	by     loa.By
	batch  loa.ImportID
	done   int             // rows staged so far
	named  map[string]bool // names that are in the dictionary of search already
	kept   keptStatements
}

// Staging begins the staging of an import, or goes on where it was stopped.
func (db *DB) Staging(i loa.Import, by loa.By) *Staging {
	return &Staging{db: db, office: i.Office, by: by, batch: i.ID, done: i.Done, named: map[string]bool{}}
}

// Write stages some people by one transaction. Staging the same people again changes nothing, so a stopped import can be resumed.
func (s *Staging) Write(ctx context.Context, people []Staged) error {
	if s.db.onStage != nil {
		s.db.onStage()
	}
	var named []string
	err := s.db.bulk(ctx, func(tx *sql.Tx) error {
		change, err := nextChange(ctx, tx, s.office, 1)
		if err != nil {
			return err
		}
		st := stager{filler: &filler{ctx: ctx, tx: tx, dialect: s.db.dialect, kept: &s.kept}, Staging: s, change: change}
		for _, step := range []func([]Staged) error{st.households, st.newPeople, st.changes, st.numbers, st.facts} {
			if err := step(people); err != nil {
				return fmt.Errorf("stage the import: %w", err)
			}
		}
		if named, err = st.names(people); err != nil {
			return fmt.Errorf("stage the import: %w", err)
		}
		res, err := tx.ExecContext(ctx, `UPDATE import_run SET rows_done = rows_done + $1 WHERE id = $2 AND rows_done = $3 AND state = $4`, len(people), s.batch, s.done, loa.ImportApplying)
		if err != nil {
			return fmt.Errorf("count what is staged: %w", err)
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, ErrElsewhere)
		}
		return nil
	})
	if err != nil {
		return err
	}
	s.done += len(people)
	for _, n := range named {
		s.named[n] = true
	}
	return s.kept.keep(ctx, s.db.write)
}

// Close ends the staging.
func (s *Staging) Close() error { return s.kept.close() }

// StagedHead says who is the head of a household that an import makes.
type StagedHead struct {
	Household loa.HouseholdID
	Person    loa.PersonID
}

// Heads corrects who is the head of some households of the import.
func (s *Staging) Heads(ctx context.Context, heads []StagedHead) error {
	return s.db.tx(ctx, func(tx *sql.Tx) error {
		for _, h := range heads {
			if _, err := tx.ExecContext(ctx, `UPDATE household_row SET head_id = $1 WHERE id = $2 AND batch = $3`, h.Person, h.Household, s.batch); err != nil {
				return fmt.Errorf("name the head of a household: %w", err)
			}
			if _, err := tx.ExecContext(ctx, `UPDATE person_row SET relation = 'head' WHERE id = $1 AND batch = $2`, h.Person, s.batch); err != nil {
				return fmt.Errorf("name the head of a household: %w", err)
			}
		}
		return nil
	})
}

// OnStage is called before every staged batch; tests stop imports there.
func (db *DB) OnStage(fn func()) { db.onStage = fn }

type stager struct {
	*filler
	*Staging
	change int64
}

const ifNew = ` ON CONFLICT DO NOTHING`

func (st *stager) households(people []Staged) error {
	var made []*loa.Household
	for i := range people {
		if h := people[i].Household; h != nil {
			made = append(made, h)
		}
	}
	return insertAll(st.filler, "household_row", `id, batch, office_id, area_id, code, head_id, address, walk_order, phone, note, change_no`, ifNew, made, func(to []any, p **loa.Household) []any {
		h := *p
		return append(to, string(h.ID), string(st.batch), string(st.office), string(h.Area), h.Code, string(h.Head), h.Address, h.WalkOrder, h.Phone, h.Note, st.change)
	})
}

func (st *stager) newPeople(people []Staged) error {
	var fresh []*loa.Person
	for i := range people {
		if people[i].New {
			fresh = append(fresh, &people[i].Person)
		}
	}
	made, by := millis(st.by.At), string(st.by.Officer)
	return insertAll(st.filler, "person_row", `id, batch, office_id, area_id, household_id, name, folded, sort_key, sound_key, born_year, born_on, sex, ethnic, language, literacy,
		poverty, poverty_from, poverty_to, occupation, relation, phone, phone_owner, national_id, national_id_index, national_id_tail, si_number, si_number_index, si_number_tail,
		note, created_at, created_by, change_no`, ifNew, fresh, func(to []any, x **loa.Person) []any {
		p := *x
		return append(to, string(p.ID), string(st.batch), string(st.office), string(p.Area), string(p.Household), p.Name, vn.Fold(p.Name), vn.SortKey(p.Name), vn.SoundKey(p.Name),
			p.BornYear, string(p.BornOn), string(p.Sex), p.Ethnic, p.Language, p.Literacy, p.Poverty, string(p.PovertyFrom), string(p.PovertyTo), p.Occupation, p.Relation, p.Phone, p.PhoneOwner,
			p.NationalID.Cipher, p.NationalID.Index, p.NationalID.Tail, p.SINumber.Cipher, p.SINumber.Index, p.SINumber.Tail, p.Note, made, by, st.change)
	})
}

// names adds to the dictionary of search what is not in it; a name that nobody has any more does no harm there.
func (st *stager) names(people []Staged) (added []string, err error) {
	seen := map[string]bool{}
	var words [][2]string
	for i := range people {
		folded := vn.Fold(people[i].Person.Name)
		if folded == "" || seen[folded] || st.named[folded] {
			continue
		}
		seen[folded] = true
		added = append(added, folded)
		for _, w := range vn.Words(folded) {
			words = append(words, [2]string{w, folded})
		}
	}
	if err := insertAll(st.filler, "name", `folded`, ifNew, added, func(to []any, n *string) []any { return append(to, *n) }); err != nil {
		return nil, err
	}
	return added, insertAll(st.filler, "name_word", `word, folded`, ifNew, words, func(to []any, w *[2]string) []any { return append(to, w[0], w[1]) })
}

// personCopy and householdCopy are the columns a changed row takes over from the one it replaces.
const (
	personCopy = `office_id, area_id, household_id, name, folded, sort_key, sound_key, born_year, born_on, sex, ethnic, language, literacy, poverty, poverty_from, poverty_to,
	occupation, relation, phone, phone_owner, phone_shared, phone_bad, national_id, national_id_index, national_id_tail, si_number, si_number_index, si_number_tail, note, merged_into,
	created_at, created_by`
	householdCopy = `office_id, area_id, code, head_id, address, walk_order, phone, note, ended, merged_into`
)

// copies makes a second row of the batch for each row the import changes, and marks the one that is seen as gone with it. An
// officer's edit in between is written into both.
func (st *stager) copies(table, view, columns string, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	list := st.marks(3, len(ids))
	_, err := st.tx.ExecContext(st.ctx, `INSERT INTO `+table+` (id, batch, change_no, `+columns+`) SELECT id, `+st.marks(1, 2)+`, `+columns+` FROM `+view+` WHERE id IN (`+list+`) ON CONFLICT DO NOTHING`,
		append([]any{string(st.batch), st.change}, anys(ids)...)...)
	if err != nil {
		return fmt.Errorf("copy rows of %s: %w", table, err)
	}
	_, err = st.tx.ExecContext(st.ctx, `UPDATE `+table+` SET gone = `+st.marks(1, 1)+` WHERE batch <> `+st.marks(2, 1)+` AND id IN (`+list+`) AND (gone = '' OR gone IN (SELECT id FROM hidden_batch))
		AND batch NOT IN (SELECT id FROM hidden_batch)`, append([]any{string(st.batch), string(st.batch)}, anys(ids)...)...)
	if err != nil {
		return fmt.Errorf("mark the replaced rows of %s: %w", table, err)
	}
	return nil
}

// changes writes the changed fields into the copies, and the history that goes with them.
func (st *stager) changes(people []Staged) error {
	edits := map[loa.PersonID]func(*loa.Person){}
	var ids []string
	for i := range people {
		if p := &people[i]; !p.New {
			edits[p.Person.ID] = p.Edit
			ids = append(ids, string(p.Person.ID))
		}
	}
	if len(ids) == 0 {
		return nil
	}
	if err := st.copies("person_row", "person", personCopy, ids); err != nil {
		return err
	}
	rows, err := st.tx.QueryContext(st.ctx, `SELECT `+personColumns+` FROM person p WHERE p.merged_into = '' AND p.id IN (`+st.marks(1, len(ids))+`)`, anys(ids)...)
	seen, err := collect(rows, err, func(r *sql.Rows) (loa.Person, error) { return scanPerson(r) })
	if err != nil {
		return fmt.Errorf("read whom the import changes: %w", err)
	}
	var versions [][]any
	for i := range seen {
		old, now := &seen[i], seen[i]
		if edit := edits[old.ID]; edit != nil {
			edit(&now)
		}
		changed := differing(personFields, old, &now)
		if len(changed) == 0 {
			continue
		}
		if err := saveBatch(st, "person_row", string(old.ID), personFields, fieldsOf(changed), &now); err != nil {
			return err
		}
		versions = st.versions(versions, "person", string(old.ID), changed)
	}
	return st.addVersions(versions)
}

// numbers gives households that have none the number of the list.
func (st *stager) numbers(people []Staged) error {
	var versions [][]any
	for i := range people {
		h := people[i].Number
		if h == nil {
			continue
		}
		if err := st.copies("household_row", "household", householdCopy, []string{string(h.ID)}); err != nil {
			return err
		}
		var code string
		if err := st.tx.QueryRowContext(st.ctx, `SELECT code FROM household_row WHERE id = `+st.marks(1, 1)+` AND batch = `+st.marks(2, 1), string(h.ID), string(st.batch)).Scan(&code); err != nil {
			return fmt.Errorf("read the number of a household: %w", err)
		}
		if code != "" { // an officer gave it one after the list was compared
			continue
		}
		if err := saveBatch(st, "household_row", string(h.ID), householdFields, []string{"code"}, h); err != nil {
			return err
		}
		versions = st.versions(versions, "household", string(h.ID), []loa.FieldChange{{Field: "code", New: h.Code}})
	}
	return st.addVersions(versions)
}

// saveBatch writes fields of a row into the batch's own version of it alone.
func saveBatch[T any](st *stager, table, id string, columns []field[T], fields []string, row *T) error {
	var set []string
	var args []any
	for _, c := range columns {
		if !loa.OneOf(c.name, fields) {
			continue
		}
		for _, v := range c.kept(row) {
			args = append(args, v.value)
			set = append(set, v.name+" = "+st.marks(len(args), 1))
		}
	}
	args = append(args, id, string(st.batch))
	q := `UPDATE ` + table + ` SET ` + strings.Join(set, ", ") + ` WHERE id = ` + st.marks(len(args)-1, 1) + ` AND batch = ` + st.marks(len(args), 1)
	if _, err := st.tx.ExecContext(st.ctx, q, args...); err != nil {
		return fmt.Errorf("change a row of %s: %w", table, err)
	}
	return nil
}

func (st *stager) versions(to [][]any, noun, id string, changed []loa.FieldChange) [][]any {
	for _, c := range changed {
		at := millis(st.by.At)
		to = append(to, []any{loa.NewID(), string(st.batch), string(st.office), noun, id, c.Field, c.Old, c.New, at, at, string(st.by.Officer), st.change})
	}
	return to
}

func (st *stager) addVersions(rows [][]any) error {
	return insertAll(st.filler, "field_version", `id, batch, office_id, noun, noun_id, field, old_value, new_value, happened_at, recorded_at, recorded_by, change_no`, ifNew, rows, flat)
}

func (st *stager) facts(people []Staged) error {
	var paid, consents [][]any
	for i := range people {
		for _, c := range people[i].Contributions {
			paid = append(paid, append(factArgs(c.Fact, st.change), string(c.Person), string(c.Scheme), string(c.Payer), string(c.Method), string(c.From), string(c.Until), c.Months, c.Income, c.Amount,
				c.StateAmount, string(c.Collector), string(c.Employer), string(c.Lead), c.Receipt, c.Source, string(st.batch)))
		}
		for _, c := range people[i].Consents {
			consents = append(consents, append(factArgs(c.Fact, st.change), millis(c.HappenedAt), string(c.Person), c.Purpose, c.Channel, c.Agreed, c.Proof, "", string(st.batch)))
		}
	}
	if err := insertAll(st.filler, "contribution_fact", contributionColumns+`, batch`, ifNew, paid, flat); err != nil {
		return err
	}
	return insertAll(st.filler, "consent_fact", factColumns+`, happened_at, person_id, purpose, channel, agreed, proof, attachment_id, batch`, ifNew, consents, flat)
}

func flat(to []any, row *[]any) []any { return append(to, *row...) }
