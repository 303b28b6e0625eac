package store

import (
	"context"
	"database/sql"
	"fmt"

	"loa"
)

// kitThere says that what is shared stands in the officer's sight: a script, or a broadcast.
func kitThere(ctx context.Context, q querier, in loa.Scope, id string) error {
	if _, err := scriptSeen(ctx, q, in, loa.ScriptID(id)); loa.KindOf(err) != loa.NotFound {
		return err
	}
	where, args := inScope(in, "a.path", 3)
	var there string
	return notFound(q.QueryRowContext(ctx, `SELECT b.id FROM broadcast b JOIN area a ON a.id = b.area_id WHERE b.id = $1 AND b.office_id = $2 AND `+where, append([]any{id, in.Office}, args...)...).Scan(&there))
}

// AddKitPost keeps an officer's word that something was shared.
func (db *DB) AddKitPost(ctx context.Context, in loa.Scope, by loa.By, p loa.KitPost) (loa.KitPost, error) {
	p.Office, p.Officer, p.At = in.Office, by.Officer, by.At
	if p.ID == "" {
		p.ID = loa.NewID()
	}
	if err := p.Check(); err != nil {
		return p, err
	}
	err := db.tx(ctx, func(tx *sql.Tx) error {
		if _, err := nextChange(ctx, tx, in.Office, 1); err != nil {
			return err
		}
		if err := kitThere(ctx, tx, in, p.NounID); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO kit_post (id, office_id, noun_id, officer_id, network, url, posted_at) VALUES (`+placeholders(1, 7)+`)`, p.ID, p.Office, p.NounID, p.Officer, p.Network, p.URL, millis(p.At)); err != nil {
			return fmt.Errorf("keep a post: %w", err)
		}
		return addAudit(ctx, tx, in.Office, by, "posted", "kit", p.NounID, p.Network)
	})
	return p, err
}

// RemoveKitPost takes an officer's own tick back.
func (db *DB) RemoveKitPost(ctx context.Context, in loa.Scope, by loa.By, id string) error {
	return db.tx(ctx, func(tx *sql.Tx) error {
		if _, err := nextChange(ctx, tx, in.Office, 1); err != nil {
			return err
		}
		var noun string
		err := tx.QueryRowContext(ctx, `UPDATE kit_post SET removed_at = $1 WHERE id = $2 AND office_id = $3 AND officer_id = $4 AND removed_at = 0 RETURNING noun_id`, millis(by.At), id, in.Office, by.Officer).Scan(&noun)
		if err != nil {
			return notFound(err)
		}
		return addAudit(ctx, tx, in.Office, by, "removed", "kit", noun, "")
	})
}

// KitPosts are who shared a thing, the newest first.
func (db *DB) KitPosts(ctx context.Context, in loa.Scope, nounID string) ([]loa.KitPost, error) {
	if err := kitThere(ctx, db.read, in, nounID); err != nil {
		return nil, err
	}
	rows, err := db.read.QueryContext(ctx, `SELECT id, office_id, noun_id, officer_id, network, url, posted_at FROM kit_post WHERE office_id = $1 AND noun_id = $2 AND removed_at = 0 ORDER BY posted_at DESC, id DESC`+limit(200), in.Office, nounID)
	list, err := collect(rows, err, func(r *sql.Rows) (p loa.KitPost, err error) {
		var at int64
		err = r.Scan(&p.ID, &p.Office, &p.NounID, &p.Officer, &p.Network, &p.URL, &at)
		p.At = instant(at)
		return p, err
	})
	if err != nil {
		return nil, fmt.Errorf("read who shared it: %w", err)
	}
	return list, nil
}

// StoppedWords are the scripts that were written in place for a broadcast that was stopped for good, and are used by no other.
func (db *DB) StoppedWords(ctx context.Context, office loa.OfficeID) (map[loa.ScriptID]bool, error) {
	rows, err := db.read.QueryContext(ctx, `SELECT b.script_id FROM broadcast b WHERE b.office_id = $1 AND b.state <> 'draft' AND b.script_id <> '' GROUP BY b.script_id
		HAVING SUM(CASE WHEN b.state = 'stopped' AND b.words NOT IN ('', 'null', '[]') THEN 1 ELSE 0 END) > 0 AND SUM(CASE WHEN b.state <> 'stopped' THEN 1 ELSE 0 END) = 0`, office)
	list, err := collect(rows, err, func(r *sql.Rows) (id loa.ScriptID, err error) { return id, r.Scan(&id) })
	if err != nil {
		return nil, fmt.Errorf("read the words of what was stopped: %w", err)
	}
	out := map[loa.ScriptID]bool{}
	for _, id := range list {
		out[id] = true
	}
	return out, nil
}

// KitLink is an officer's own link for a thing shared; not found while it has not been made.
func (db *DB) KitLink(ctx context.Context, in loa.Scope, officer loa.OfficerID, nounID string) (loa.Link, error) {
	l, err := scanLink(db.read.QueryRowContext(ctx, `SELECT `+linkColumns+` FROM link l WHERE l.office_id = $1 AND l.kind = 'kit' AND l.noun_id = $2 AND l.officer_id = $3`, in.Office, nounID, officer))
	return l, notFound(err)
}
