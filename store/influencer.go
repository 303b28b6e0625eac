package store

import (
	"context"
	"database/sql"
	"fmt"

	"loa"
	"loa/vn"
)

const influencerColumns = `i.id, i.office_id, i.area_id, i.role, i.name, i.phone, i.person_id, i.introduced_by, i.from_on, i.to_on, i.note`

func scanInfluencer(r interface{ Scan(...any) error }) (i loa.Influencer, err error) {
	return i, r.Scan(&i.ID, &i.Office, &i.Area, &i.Role, &i.Name, &i.Phone, &i.Person, &i.IntroducedBy, &i.From, &i.To, &i.Note)
}

// Influencers are the people villages of the scope listen to: those of a day, or with an empty day all there ever were. The
// village heads stand first.
func (db *DB) Influencers(ctx context.Context, in loa.Scope, on loa.Day) ([]loa.Influencer, error) {
	where, args := inScope(in, "a.path", 3)
	rows, err := db.read.QueryContext(ctx, `SELECT `+influencerColumns+` FROM influencer i JOIN area a ON a.id = i.area_id
		WHERE i.office_id = $1 AND ($2 = '' OR i.from_on <= $2 AND i.to_on >= $2) AND `+where+`
		ORDER BY a.path, CASE WHEN i.role = 'village_head' THEN 0 ELSE 1 END, i.folded, i.id LIMIT 5000`, append([]any{in.Office, on}, args...)...)
	list, err := collect(rows, err, func(r *sql.Rows) (loa.Influencer, error) { return scanInfluencer(r) })
	if err != nil {
		return nil, fmt.Errorf("read who is listened to: %w", err)
	}
	return list, nil
}

// InfluencersOf are all people of one area, those of today first.
func (db *DB) InfluencersOf(ctx context.Context, in loa.Scope, area loa.AreaID) ([]loa.Influencer, error) {
	if err := areaInScope(ctx, db.read, in, area); err != nil {
		return nil, err
	}
	rows, err := db.read.QueryContext(ctx, `SELECT `+influencerColumns+` FROM influencer i WHERE i.office_id = $1 AND i.area_id = $2
		ORDER BY i.to_on DESC, CASE WHEN i.role = 'village_head' THEN 0 ELSE 1 END, i.folded, i.id LIMIT 200`, in.Office, area)
	list, err := collect(rows, err, func(r *sql.Rows) (loa.Influencer, error) { return scanInfluencer(r) })
	if err != nil {
		return nil, fmt.Errorf("read who a village listens to: %w", err)
	}
	return list, nil
}

// AddInfluencer notes who a village listens to, in which role and since when.
func (db *DB) AddInfluencer(ctx context.Context, in loa.Scope, by loa.By, i loa.Influencer) (loa.Influencer, error) {
	i.Name, i.Office = vn.Tidy(i.Name), in.Office
	if i.ID == "" {
		i.ID = loa.InfluencerID(loa.NewID())
	}
	if i.To == "" {
		i.To = loa.OpenEnd
	}
	if err := i.Check(); err != nil {
		return i, err
	}
	err := db.tx(ctx, func(tx *sql.Tx) error {
		if _, err := areaForWrite(ctx, tx, in, i.Area); err != nil {
			return err
		}
		if i.Person != "" {
			if _, err := personForFact(ctx, tx, in, i.Person); err != nil {
				return err
			}
		}
		change, err := nextChange(ctx, tx, in.Office, 1)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO influencer (id, office_id, area_id, role, name, folded, phone, person_id, introduced_by, from_on, to_on, note, change_no)
			VALUES (`+placeholders(1, 13)+`)`, i.ID, i.Office, i.Area, i.Role, i.Name, vn.Fold(i.Name), i.Phone, i.Person, i.IntroducedBy, i.From, i.To, i.Note, change)
		if err != nil {
			return fmt.Errorf("note who is listened to: %w", err)
		}
		return addAudit(ctx, tx, in.Office, by, "created", "influencer", string(i.ID), i.Role)
	})
	return i, err
}

func influencerForWrite(ctx context.Context, tx *sql.Tx, in loa.Scope, area loa.AreaID, id loa.InfluencerID) (i loa.Influencer, change int64, err error) {
	if _, err := areaForWrite(ctx, tx, in, area); err != nil {
		return i, 0, err
	}
	err = tx.QueryRowContext(ctx, `SELECT `+influencerColumns+`, i.change_no FROM influencer i WHERE i.id = $1 AND i.area_id = $2 AND i.office_id = $3`, id, area, in.Office).
		Scan(&i.ID, &i.Office, &i.Area, &i.Role, &i.Name, &i.Phone, &i.Person, &i.IntroducedBy, &i.From, &i.To, &i.Note, &change)
	return i, change, notFound(err)
}

// EndInfluencer says which day was the last in the role; loa.OpenEnd takes that back.
func (db *DB) EndInfluencer(ctx context.Context, in loa.Scope, by loa.By, area loa.AreaID, id loa.InfluencerID, last loa.Day) error {
	return db.tx(ctx, func(tx *sql.Tx) error {
		old, change, err := influencerForWrite(ctx, tx, in, area, id)
		if err != nil {
			return err
		}
		now := old
		now.To = last
		if err := now.Check(); err != nil {
			return err
		}
		_, err = saveRecord(ctx, tx, in, by, "influencer", string(id), change, 0, []recordField{{"to_on", old.To, now.To}})
		return err
	})
}

// SaveInfluencer puts right what is noted of somebody.
func (db *DB) SaveInfluencer(ctx context.Context, in loa.Scope, by loa.By, i loa.Influencer) error {
	i.Name = vn.Tidy(i.Name)
	return db.tx(ctx, func(tx *sql.Tx) error {
		old, change, err := influencerForWrite(ctx, tx, in, i.Area, i.ID)
		if err != nil {
			return err
		}
		i.To = old.To
		if err := i.Check(); err != nil {
			return err
		}
		if i.Person != "" && i.Person != old.Person {
			if _, err := personForFact(ctx, tx, in, i.Person); err != nil {
				return err
			}
		}
		_, err = saveRecord(ctx, tx, in, by, "influencer", string(i.ID), change, 0, []recordField{{"role", old.Role, i.Role}, {"name", old.Name, i.Name}, {"phone", old.Phone, i.Phone},
			{"person_id", old.Person, i.Person}, {"introduced_by", old.IntroducedBy, i.IntroducedBy}, {"from_on", old.From, i.From}, {"note", old.Note, i.Note}})
		return err
	})
}
