package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"loa"
)

// AddSteps moves several leads on in one act: all of them or none.
func (db *DB) AddSteps(ctx context.Context, in loa.Scope, by loa.By, steps []loa.EnrolmentStep) error {
	for _, s := range steps {
		if err := s.Check(); err != nil {
			return err
		}
	}
	return db.tx(ctx, func(tx *sql.Tx) error {
		for _, s := range steps {
			if err := addStep(ctx, tx, in, by, s); err != nil {
				return err
			}
		}
		return nil
	})
}

// TakeBackHanded takes a hand-over of several leads back: what this officer handed to the collector at that instant, as far as
// nothing was done with it since. It says how many leads that were.
func (db *DB) TakeBackHanded(ctx context.Context, in loa.Scope, by loa.By, collector loa.CollectorID, at time.Time) (n int, err error) {
	rows, err := db.read.QueryContext(ctx, `SELECT `+stepColumns+` FROM enrolment_step WHERE collector_id = $1 AND office_id = $2 AND recorded_by = $3 AND recorded_at = $4 AND step = 'handed' ORDER BY id`,
		collector, in.Office, by.Officer, millis(at))
	list, err := collect(rows, err, func(r *sql.Rows) (loa.EnrolmentStep, error) { return scanStep(r) })
	if err != nil {
		return 0, fmt.Errorf("find a hand-over: %w", err)
	}
	err = db.tx(ctx, func(tx *sql.Tx) error {
		n = 0
		for _, st := range list {
			steps, err := stepsOf(ctx, tx, loa.FactID(st.Lead))
			if err != nil {
				return err
			}
			if len(steps) == 0 || steps[len(steps)-1].ID != st.ID {
				continue // somebody has gone on with it
			}
			back := loa.EnrolmentStep{Fact: loa.Fact{ID: loa.FactID(loa.NewID()), HappenedOn: st.HappenedOn, HappenedAt: by.At, Corrects: st.ID, Void: true}, Lead: st.Lead, Step: st.Step}
			if err := addStep(ctx, tx, in, by, back); err != nil {
				return err
			}
			n++
		}
		return nil
	})
	return n, err
}
