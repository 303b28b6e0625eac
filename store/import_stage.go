package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"loa"
	"loa/vn"
)

// Staged is one person as an import will leave them: a new record whole, or the fields that change.
type Staged struct {
	New           bool
	Person        loa.Person         // new: the whole record; changed: ID and the fields named in Columns
	Columns       map[string]any     // changed: column → value
	Versions      []loa.FieldChange  // changed: what the history will say
	Household     *loa.Household     // one to be made with this person
	Contributions []loa.Contribution // cards and covers the list states
	Consents      []loa.Consent
}

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

// Stage writes a batch of people that nobody sees until the import is shown. Staging the same people again changes nothing,
// so a stopped import can be resumed.
func (db *DB) Stage(ctx context.Context, office loa.OfficeID, by loa.By, batch loa.ImportID, people []Staged) error {
	if db.onStage != nil {
		db.onStage()
	}
	return db.tx(ctx, func(tx *sql.Tx) error {
		change, err := nextChange(ctx, tx, office, 1)
		if err != nil {
			return err
		}
		st := stager{ctx: ctx, d: db.dialect, tx: tx, office: office, by: by, batch: batch, change: change}
		for _, step := range []func([]Staged) error{st.households, st.newPeople, st.names, st.copies, st.changes, st.facts} {
			if err := step(people); err != nil {
				return fmt.Errorf("stage the import: %w", err)
			}
		}
		_, err = tx.ExecContext(ctx, `UPDATE import_run SET rows_done = rows_done + $1 WHERE id = $2`, len(people), batch)
		return err
	})
}

// OnStage is called before every staged batch; tests stop imports there.
func (db *DB) OnStage(fn func()) { db.onStage = fn }

type stager struct {
	ctx    context.Context
	d      dialect
	tx     *sql.Tx
	office loa.OfficeID
	by     loa.By
	batch  loa.ImportID
	change int64
}

// insert writes many rows with few statements.
func (st *stager) insert(table, columns string, rows [][]any) error {
	const per = 100
	for start := 0; start < len(rows); start += per {
		part := rows[start:min(start+per, len(rows))]
		var q strings.Builder
		q.WriteString(`INSERT INTO ` + table + ` (` + columns + `) VALUES `)
		args := make([]any, 0, len(part)*len(part[0]))
		for i, r := range part {
			if i > 0 {
				q.WriteString(", ")
			}
			q.WriteString("(" + st.d.marks(len(args)+1, len(r)) + ")")
			args = append(args, r...)
		}
		q.WriteString(` ON CONFLICT DO NOTHING`)
		if _, err := st.tx.ExecContext(st.ctx, q.String(), args...); err != nil {
			return fmt.Errorf("write %s: %w", table, err)
		}
	}
	return nil
}

func (st *stager) households(people []Staged) error {
	var rows [][]any
	for i := range people {
		if h := people[i].Household; h != nil {
			rows = append(rows, []any{string(h.ID), string(st.batch), string(st.office), string(h.Area), h.Code, string(h.Head), h.Address, h.WalkOrder, h.Phone, h.Note, st.change})
		}
	}
	return st.insert("household_row", `id, batch, office_id, area_id, code, head_id, address, walk_order, phone, note, change_no`, rows)
}

func (st *stager) newPeople(people []Staged) error {
	var rows [][]any
	for i := range people {
		p := &people[i].Person
		if !people[i].New {
			continue
		}
		rows = append(rows, []any{string(p.ID), string(st.batch), string(st.office), string(p.Area), string(p.Household), p.Name, vn.Fold(p.Name), vn.SortKey(p.Name), vn.SoundKey(p.Name),
			p.BornYear, string(p.BornOn), string(p.Sex), p.Ethnic, p.Language, p.Literacy, p.Poverty, string(p.PovertyFrom), string(p.PovertyTo), p.Occupation, p.Relation, p.Phone, p.PhoneOwner,
			p.NationalID.Cipher, p.NationalID.Index, p.NationalID.Tail, p.SINumber.Cipher, p.SINumber.Index, p.SINumber.Tail, p.Note, millis(st.by.At), string(st.by.Officer), st.change})
	}
	return st.insert("person_row", `id, batch, office_id, area_id, household_id, name, folded, sort_key, sound_key, born_year, born_on, sex, ethnic, language, literacy,
		poverty, poverty_from, poverty_to, occupation, relation, phone, phone_owner, national_id, national_id_index, national_id_tail, si_number, si_number_index, si_number_tail,
		note, created_at, created_by, change_no`, rows)
}

// names adds to the dictionary of search; a name that nobody has any more does no harm there.
func (st *stager) names(people []Staged) error {
	seen := map[string]bool{}
	var names, words [][]any
	for i := range people {
		folded := vn.Fold(people[i].Person.Name)
		if folded == "" || seen[folded] {
			continue
		}
		seen[folded] = true
		names = append(names, []any{folded})
		for _, w := range vn.Words(folded) {
			words = append(words, []any{w, folded})
		}
	}
	if err := st.insert("name", `folded`, names); err != nil {
		return err
	}
	return st.insert("name_word", `word, folded`, words)
}

// personCopy are the columns a changed row takes over from the one it replaces.
const personCopy = `office_id, area_id, household_id, name, folded, sort_key, sound_key, born_year, born_on, sex, ethnic, language, literacy, poverty, poverty_from, poverty_to,
	occupation, relation, phone, phone_owner, phone_shared, phone_bad, national_id, national_id_index, national_id_tail, si_number, si_number_index, si_number_tail, note, merged_into,
	created_at, created_by`

// copies makes, for each person the import changes, a second row of the batch and marks the one that is seen as gone with it.
func (st *stager) copies(people []Staged) error {
	for i := range people {
		if people[i].New {
			continue
		}
		id := people[i].Person.ID
		res, err := st.tx.ExecContext(st.ctx, `INSERT INTO person_row (id, batch, change_no, `+personCopy+`) SELECT id, $1, $2, `+personCopy+` FROM person WHERE id = $3 ON CONFLICT DO NOTHING`,
			st.batch, st.change, id)
		if err != nil {
			return fmt.Errorf("copy a person: %w", err)
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			if err != nil {
				return err
			}
			continue // staged before the process was stopped, or merged away since the preview
		}
		_, err = st.tx.ExecContext(st.ctx, `UPDATE person_row SET gone = $1 WHERE id = $2 AND batch <> $1 AND (gone = '' OR gone IN (SELECT id FROM hidden_batch))
			AND batch NOT IN (SELECT id FROM hidden_batch)`, st.batch, id)
		if err != nil {
			return fmt.Errorf("mark the replaced row: %w", err)
		}
	}
	return nil
}

// changes writes the changed fields into the copies, and the history that goes with them.
func (st *stager) changes(people []Staged) error {
	var versions [][]any
	for i := range people {
		p := &people[i]
		if p.New || len(p.Columns) == 0 {
			continue
		}
		set := make([]string, 0, len(p.Columns))
		args := make([]any, 0, len(p.Columns)+2)
		for column, value := range p.Columns {
			args = append(args, value)
			set = append(set, fmt.Sprintf("%s = $%d", column, len(args)))
		}
		args = append(args, string(p.Person.ID), string(st.batch))
		q := `UPDATE person_row SET ` + strings.Join(set, ", ") + fmt.Sprintf(` WHERE id = $%d AND batch = $%d`, len(args)-1, len(args))
		if _, err := st.tx.ExecContext(st.ctx, q, args...); err != nil {
			return fmt.Errorf("change a person: %w", err)
		}
		for _, v := range p.Versions {
			versions = append(versions, []any{loa.NewID(), string(st.batch), string(st.office), "person", string(p.Person.ID), v.Field, v.Old, v.New, millis(st.by.At), millis(st.by.At), string(st.by.Officer), st.change})
		}
	}
	return st.insert("field_version", `id, batch, office_id, noun, noun_id, field, old_value, new_value, happened_at, recorded_at, recorded_by, change_no`, versions)
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
	if err := st.insert("contribution_fact", contributionColumns+`, batch`, paid); err != nil {
		return err
	}
	return st.insert("consent_fact", factColumns+`, happened_at, person_id, purpose, channel, agreed, proof, attachment_id, batch`, consents)
}
