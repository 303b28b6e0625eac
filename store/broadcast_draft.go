package store

import (
	"context"
	"database/sql"
	"fmt"

	"loa"
)

// SaveDraft keeps a broadcast that is being written as it stands, finished or not; it is checked when it is submitted. Writing takes no
// change number: nothing that is reckoned anywhere follows from a draft, and it is saved with every pause in typing.
func (db *DB) SaveDraft(ctx context.Context, in loa.Scope, by loa.By, b loa.Broadcast) (out loa.Broadcast, err error) {
	if len([]rune(b.Title)) > loa.BroadcastTitle {
		return b, loa.Refuse(loa.Invalid, "title", "too_long", loa.BroadcastTitle)
	}
	err = db.tx(ctx, func(tx *sql.Tx) error {
		change, err := nextChange(ctx, tx, in.Office, 0) // one after another
		if err != nil {
			return err
		}
		if err := areaInScope(ctx, tx, in, b.Area); err != nil {
			return err
		}
		old, err := scanBroadcast(tx.QueryRowContext(ctx, `SELECT `+broadcastColumns+` FROM broadcast b WHERE b.id = $1`, b.ID))
		fresh := err == sql.ErrNoRows
		switch {
		case fresh:
			old = loa.Broadcast{State: loa.BroadcastDraft, Author: by.Officer, CreatedAt: by.At}
		case err != nil:
			return fmt.Errorf("find the broadcast: %w", err)
		case old.Office != in.Office:
			return loa.ErrNotFound
		case old.State != loa.BroadcastDraft:
			return loa.Refuse(loa.Conflict, "", "broadcast_state")
		}
		if !fresh {
			if err := areaInScope(ctx, tx, in, old.Area); err != nil {
				return err
			}
		}
		another := by.Officer != old.Author && by.Officer != old.ChangedBy
		out = b
		out.Office, out.State, out.Author, out.ChangedBy, out.CreatedAt = in.Office, loa.BroadcastDraft, old.Author, old.ChangedBy, old.CreatedAt
		out.Why, out.Snapshot, out.Approvals, out.Reckoned, out.SubmittedAt, out.SentAt, out.ResumedAt = old.Why, old.Snapshot, nil, old.Reckoned, old.SubmittedAt, old.SentAt, old.ResumedAt
		out.Edits, out.EditedAt, out.ChangeNo = old.Edits+1, by.At, change
		if another {
			out.ChangedBy = by.Officer
		}
		if err := writeBroadcast(ctx, tx, &out); err != nil {
			return err
		}
		switch { // the log says who began and who joined in, not every pause in typing
		case fresh:
			return addAudit(ctx, tx, in.Office, by, "created", "broadcast", string(b.ID), "")
		case another:
			return addAudit(ctx, tx, in.Office, by, "changed", "broadcast", string(b.ID), "")
		}
		return nil
	})
	return out, err
}
