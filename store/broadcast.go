package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"

	"loa"
	"loa/vn"
)

const broadcastColumns = `b.id, b.office_id, b.area_id, b.title, b.script_id, b.script_version, b.purpose, b.priority, b.ladder, b.outlets, b.audience, b.snapshot_id, b.from_on, b.until_on, b.start_min, b.end_min,
	b.pace, b.fail_limit, b.refuse_limit, b.state, b.author_id, b.changed_by, b.approvals, b.why, b.words, b.reckoned, b.edits, b.created_at, b.edited_at, b.submitted_at, b.sent_at, b.resumed_at, b.fanned, b.link_page, b.session_id, b.session_on, b.change_no`

func scanBroadcast(r interface{ Scan(...any) error }) (b loa.Broadcast, err error) {
	var ladder, outlets, audience, approvals, words, reckoned string
	var created, edited, submitted, sent, resumed int64
	err = r.Scan(&b.ID, &b.Office, &b.Area, &b.Title, &b.Script, &b.ScriptVersion, &b.Purpose, &b.Priority, &ladder, &outlets, &audience, &b.Snapshot, &b.Window.From, &b.Window.Until, &b.Window.Start, &b.Window.End,
		&b.Pace, &b.FailLimit, &b.RefuseLimit, &b.State, &b.Author, &b.ChangedBy, &approvals, &b.Why, &words, &reckoned, &b.Edits, &created, &edited, &submitted, &sent, &resumed, &b.Fanned, &b.LinkPage, &b.Session, &b.SessionOn, &b.ChangeNo)
	if err != nil {
		return b, err
	}
	b.CreatedAt, b.EditedAt, b.SubmittedAt, b.SentAt, b.ResumedAt = instant(created), instant(edited), instant(submitted), instant(sent), instant(resumed)
	if reckoned == "" {
		reckoned = "{}"
	}
	for _, part := range []struct {
		text string
		into any
	}{{ladder, &b.Ladder}, {outlets, &b.Outlets}, {audience, &b.Audience}, {approvals, &b.Approvals}, {words, &b.Words}, {reckoned, &b.Reckoned}} {
		if err := json.Unmarshal([]byte(part.text), part.into); err != nil {
			return b, fmt.Errorf("read broadcast %s: %w", b.ID, err)
		}
	}
	return b, nil
}

// AddBroadcast keeps a new broadcast. The same one sent again changes nothing.
func (db *DB) AddBroadcast(ctx context.Context, in loa.Scope, by loa.By, b loa.Broadcast) error {
	if err := b.Check(); err != nil {
		return err
	}
	if b.State != loa.BroadcastDraft {
		return loa.Refuse(loa.Conflict, "", "broadcast_state")
	}
	return db.tx(ctx, func(tx *sql.Tx) error {
		if err := areaInScope(ctx, tx, in, b.Area); err != nil {
			return err
		}
		var office loa.OfficeID
		switch err := tx.QueryRowContext(ctx, `SELECT office_id FROM broadcast WHERE id = $1`, b.ID).Scan(&office); {
		case err == nil && office == in.Office:
			return nil
		case err == nil:
			return loa.ErrNotFound
		case err != sql.ErrNoRows:
			return fmt.Errorf("find the broadcast: %w", err)
		}
		b.Office, b.Author, b.CreatedAt = in.Office, by.Officer, by.At
		if err := saveBroadcast(ctx, tx, &b); err != nil {
			return err
		}
		return addAudit(ctx, tx, in.Office, by, "created", "broadcast", string(b.ID), "")
	})
}

// ChangeBroadcast takes a broadcast, lets fn change it, and keeps what comes of it, all as one: two officers never undo each other's word.
func (db *DB) ChangeBroadcast(ctx context.Context, in loa.Scope, by loa.By, id loa.BroadcastID, act string, fn func(b *loa.Broadcast) error) (out loa.Broadcast, err error) {
	err = db.txAgain(ctx, func(tx *sql.Tx) error {
		if _, err := nextChange(ctx, tx, in.Office, 0); err != nil { // the office's row is locked: one after another
			return err
		}
		where, args := inScope(in, "a.path", 3)
		out, err = scanBroadcast(tx.QueryRowContext(ctx, `SELECT `+broadcastColumns+` FROM broadcast b JOIN area a ON a.id = b.area_id WHERE b.id = $1 AND b.office_id = $2 AND `+where, append([]any{id, in.Office}, args...)...))
		if err != nil {
			return notFound(err)
		}
		was, before := out, out.State
		if err := fn(&out); err != nil {
			return err
		}
		if err := mayChange(ctx, tx, in, by, was, out); err != nil {
			return err
		}
		if err := keepsPurpose(ctx, tx, out); err != nil {
			return err
		}
		if err := saveBroadcast(ctx, tx, &out); err != nil {
			return err
		}
		if out.State == loa.BroadcastSubmitted && before != out.State { // an emergency wakes people
			if err := tellOfficers(ctx, tx, in.Office, by, loa.NoticeApproval, string(id), out.Priority == loa.Emergency); err != nil {
				return err
			}
		}
		if out.State == loa.BroadcastStopped { // what has not left stays
			if _, err := tx.ExecContext(ctx, `UPDATE delivery SET state = 'stopped', done_at = $1 WHERE broadcast_id = $2 AND broadcast_id <> '' AND state IN ('queued', 'by_hand')`, millis(by.At), id); err != nil { // nobody is called or visited for it either
				return fmt.Errorf("stop the deliveries: %w", err)
			}
		}
		return addAudit(ctx, tx, in.Office, by, act, "broadcast", string(id), out.Why)
	})
	return out, err
}

// keepsPurpose refuses a broadcast on its way out whose script was written for a stricter purpose: whoever changes it, by whatever page.
func keepsPurpose(ctx context.Context, tx *sql.Tx, b loa.Broadcast) error {
	if b.State != loa.BroadcastSubmitted && b.State != loa.BroadcastApproved && b.State != loa.BroadcastSending {
		return nil
	}
	var s loa.Script
	err := tx.QueryRowContext(ctx, `SELECT purpose FROM script WHERE id = $1 AND version = $2 AND office_id = $3`, b.Script, b.ScriptVersion, b.Office).Scan(&s.Purpose)
	switch {
	case err == sql.ErrNoRows:
		return nil // one that is gone says nothing: nothing can be made of it
	case err != nil:
		return fmt.Errorf("read the purpose of a script: %w", err)
	}
	return b.Keeps(s)
}

func saveBroadcast(ctx context.Context, tx *sql.Tx, b *loa.Broadcast) error {
	change, err := nextChange(ctx, tx, b.Office, 1)
	if err != nil {
		return err
	}
	b.ChangeNo = change
	return writeBroadcast(ctx, tx, b)
}

func writeBroadcast(ctx context.Context, tx *sql.Tx, b *loa.Broadcast) error {
	texts := make([]string, 6)
	for i, v := range []any{b.Ladder, b.Outlets, b.Audience, b.Approvals, b.Words, b.Reckoned} {
		raw, err := json.Marshal(v)
		if err != nil {
			return fmt.Errorf("write the broadcast: %w", err)
		}
		texts[i] = string(raw)
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO broadcast (id, office_id, area_id, title, folded, script_id, script_version, purpose, priority, ladder, outlets, audience, snapshot_id, from_on, until_on, start_min, end_min,
		pace, fail_limit, refuse_limit, state, author_id, changed_by, approvals, why, words, reckoned, edits, created_at, edited_at, submitted_at, sent_at, resumed_at, link_page, session_id, session_on, change_no) VALUES (`+placeholders(1, 37)+`)
		ON CONFLICT (id) DO UPDATE SET title = excluded.title, folded = excluded.folded, script_id = excluded.script_id, script_version = excluded.script_version, purpose = excluded.purpose, priority = excluded.priority, ladder = excluded.ladder, outlets = excluded.outlets,
		audience = excluded.audience, snapshot_id = excluded.snapshot_id, from_on = excluded.from_on, until_on = excluded.until_on, start_min = excluded.start_min, end_min = excluded.end_min, pace = excluded.pace, fail_limit = excluded.fail_limit,
		refuse_limit = excluded.refuse_limit, state = excluded.state, changed_by = excluded.changed_by, approvals = excluded.approvals, why = excluded.why, words = excluded.words, reckoned = excluded.reckoned,
		edits = excluded.edits, edited_at = excluded.edited_at, submitted_at = excluded.submitted_at, sent_at = excluded.sent_at, resumed_at = excluded.resumed_at, link_page = excluded.link_page, session_id = excluded.session_id, session_on = excluded.session_on, change_no = excluded.change_no`,
		b.ID, b.Office, b.Area, b.Title, vn.Fold(b.Title), b.Script, b.ScriptVersion, b.Purpose, b.Priority, texts[0], texts[1], texts[2], b.Snapshot, b.Window.From, b.Window.Until, b.Window.Start, b.Window.End,
		b.Pace, b.FailLimit, b.RefuseLimit, b.State, b.Author, b.ChangedBy, texts[3], b.Why, texts[4], texts[5], b.Edits, millis(b.CreatedAt), millis(b.EditedAt), millis(b.SubmittedAt), millis(b.SentAt), millis(b.ResumedAt), b.LinkPage, b.Session, b.SessionOn, b.ChangeNo)
	if err != nil {
		return fmt.Errorf("save the broadcast: %w", err)
	}
	return nil
}

// Broadcast is one broadcast of the scope.
func (db *DB) Broadcast(ctx context.Context, in loa.Scope, id loa.BroadcastID) (loa.Broadcast, error) {
	where, args := inScope(in, "a.path", 3)
	b, err := scanBroadcast(db.read.QueryRowContext(ctx, `SELECT `+broadcastColumns+` FROM broadcast b JOIN area a ON a.id = b.area_id WHERE b.id = $1 AND b.office_id = $2 AND `+where, append([]any{id, in.Office}, args...)...))
	return b, notFound(err)
}

// QueueDeliveries puts the next people of a broadcast into the ledger and remembers how far it came, as one: after a kill the rest
// follows and nobody twice. upTo is the last person looked at, "~" when there are no more. Whom another process put in meanwhile is left
// out, and a broadcast that was stopped takes nobody in any more, which is a Conflict.
func (db *DB) QueueDeliveries(ctx context.Context, id loa.BroadcastID, list []loa.Delivery, upTo string) error {
	return db.bulkInto(ctx, func(tx *sql.Tx, add func(loa.BroadcastID, []loa.Delivery) error) error { // how far it came is in the same log: what a power cut takes is done again
		var state loa.BroadcastState
		var fanned string
		if err := tx.QueryRowContext(ctx, `SELECT state, fanned FROM broadcast WHERE id = $1`+db.forUpdate(), id).Scan(&state, &fanned); err != nil {
			return notFound(err)
		}
		if state != loa.BroadcastSending && state != loa.BroadcastPaused {
			return loa.Refuse(loa.Conflict, "", "broadcast_state")
		}
		if fanned >= upTo {
			return nil
		}
		list := list
		if fanned != "" && fanned < loa.AllFanned {
			list = slices.DeleteFunc(slices.Clone(list), func(d loa.Delivery) bool { return d.Person != "" && string(d.Person) <= fanned })
		}
		if err := add(id, list); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE broadcast SET fanned = $1 WHERE id = $2`, upTo, id); err != nil {
			return fmt.Errorf("note how far: %w", err)
		}
		return nil
	})
}

// deliveriesAtOnce is how many rows of the ledger one statement writes.
const deliveriesAtOnce = 50

// deliveryNames are the columns it writes, deliveryValues what stands in them.
var deliveryNames = []string{"id", "office_id", "area_id", "broadcast_id", "person_id", "place_id", "rung", "channel_id", "network", "address", "lang", "state", "consent_id", "code", "not_before", "done_at", "wait_h"}

const deliveryWidth = 17

func deliveryValues(to []any, id loa.BroadcastID, d *loa.Delivery) []any {
	return append(to, string(d.ID), string(d.Office), string(d.Area), string(id), string(d.Person), string(d.Place), d.Rung, string(d.Channel), d.Network, d.To, d.Lang, string(d.State), string(d.Consent), d.Code, millis(d.NotBefore), millis(d.DoneAt), d.Wait)
}

// queueStatement writes so many rows of the ledger.
func (d dialect) queueStatement(rows int) string {
	var q strings.Builder
	q.WriteString(d.insertInto() + `delivery (` + strings.Join(deliveryNames, ", ") + `) VALUES `)
	for i := range rows {
		if i > 0 {
			q.WriteString(", ")
		}
		q.WriteString("(" + d.marks(1+i*deliveryWidth, deliveryWidth) + ")")
	}
	q.WriteString(` ON CONFLICT (broadcast_id, person_id, place_id, rung) WHERE broadcast_id <> '' DO NOTHING`)
	return q.String()
}

// fullStatement is the one of whole pages, for each engine: putting it together takes as long as writing the rows.
var fullStatement = map[bool]func() string{
	false: sync.OnceValue(func() string { return dialect{}.queueStatement(deliveriesAtOnce) }),
	true:  sync.OnceValue(func() string { return dialect{postgres: true}.queueStatement(deliveriesAtOnce) }),
}

func (db *DB) addDeliveries(ctx context.Context, tx *sql.Tx, id loa.BroadcastID, list []loa.Delivery) error {
	args := make([]any, 0, min(len(list), deliveriesAtOnce)*deliveryWidth)
	for part := range slices.Chunk(list, deliveriesAtOnce) {
		args = args[:0]
		for i := range part {
			args = deliveryValues(args, id, &part[i])
		}
		q := ""
		if len(part) == deliveriesAtOnce {
			q = fullStatement[db.postgres]()
		} else {
			q = db.queueStatement(len(part))
		}
		if _, err := tx.ExecContext(ctx, q, args...); err != nil {
			return fmt.Errorf("queue %d deliveries: %w", len(part), err)
		}
	}
	return nil
}

// DeliveryCounts are how many deliveries of a broadcast are in each state.
func (db *DB) DeliveryCounts(ctx context.Context, in loa.Scope, id loa.BroadcastID) (map[loa.DeliveryState]int64, error) {
	where, args := inScope(in, "a.path", 3)
	rows, err := db.read.QueryContext(ctx, `SELECT d.state, count(*) FROM delivery d JOIN area a ON a.id = d.area_id WHERE d.broadcast_id = $1 AND d.broadcast_id <> '' AND d.office_id = $2 AND `+where+` GROUP BY d.state`, append([]any{id, in.Office}, args...)...)
	if err != nil {
		return nil, fmt.Errorf("count the deliveries: %w", err)
	}
	defer rows.Close()
	out := map[loa.DeliveryState]int64{}
	for rows.Next() {
		var state loa.DeliveryState
		var n int64
		if err := rows.Scan(&state, &n); err != nil {
			return nil, err
		}
		out[state] = n
	}
	return out, rows.Err()
}
