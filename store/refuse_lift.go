package store

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"time"

	"loa"
)

// liftRefusal opens a person's addresses again that refused before the person agreed anew to messages over that channel. For which purposes
// something may be sent is for the consents to say.
func liftRefusal(ctx context.Context, tx *sql.Tx, c loa.Consent) error {
	if !c.Agreed {
		return nil
	}
	at := c.HappenedAt
	if at.IsZero() {
		y, m, d := c.HappenedOn.Add(1).Parts()
		if at = time.Date(y, time.Month(m), d, 0, 0, 0, 0, loa.Zone); c.RecordedAt.Before(at) {
			at = c.RecordedAt
		}
	}
	args := []any{c.Office, millis(at), c.Person}
	networks := ``
	for _, n := range loa.NetworksOf(c.Channel) {
		args = append(args, n)
		networks += `, $` + strconv.Itoa(len(args))
	}
	if networks == `` {
		return nil
	}
	rows, err := tx.QueryContext(ctx, `UPDATE address SET opted_out_at = 0, opted_out_how = '' WHERE office_id = $1 AND opted_out_at > 0 AND opted_out_at < $2
		AND (person_id = $3 OR network IN ('tel', 'zns') AND address IN (SELECT substr(p.phone, 2) FROM person p WHERE p.id = $3 AND p.phone <> '' AND NOT p.phone_shared)) AND network IN (`+networks[2:]+`) RETURNING network, address`, args...)
	type key struct{ network, to string }
	list, err := collect(rows, err, func(r *sql.Rows) (k key, err error) { return k, r.Scan(&k.network, &k.to) })
	if err != nil {
		return fmt.Errorf("lift a refusal: %w", err)
	}
	for _, k := range list {
		if _, err := tx.ExecContext(ctx, `UPDATE conversation SET refused_at = 0 WHERE office_id = $1 AND network = $2 AND address = $3 AND address <> ''`, c.Office, k.network, k.to); err != nil {
			return fmt.Errorf("lift a refusal: %w", err)
		}
	}
	return nil
}

// TakeBackRefusal says that what was heard as a refusal was none: the address is open again, the refusals it made of the people who answer
// it are void, and what they wrote waits for an answer.
func (db *DB) TakeBackRefusal(ctx context.Context, in loa.Scope, by loa.By, id loa.ConversationID) error {
	return db.changeConversation(ctx, in, by, id, "no_refusal", "", func(tx *sql.Tx, c loa.Conversation, _ int64) error {
		if !c.Refused {
			return loa.Refuse(loa.Conflict, "", "not_refused")
		}
		var at int64
		if err := tx.QueryRowContext(ctx, `SELECT COALESCE(max(said_at), 0) FROM turn WHERE conversation_id = $1 AND kind = 'refusal'`, id).Scan(&at); err != nil {
			return fmt.Errorf("find what was heard: %w", err)
		}
		people, err := whoAnswers(ctx, tx, c.Office, c.Network, c.Address)
		if err != nil {
			return err
		}
		for _, p := range people {
			if err := voidRefusals(ctx, tx, by, id, p); err != nil {
				return err
			}
		}
		if _, err := tx.ExecContext(ctx, `UPDATE address SET opted_out_at = 0, opted_out_how = '' WHERE office_id = $1 AND network = $2 AND address = $3 AND address <> ''`, c.Office, c.Network, c.Address); err != nil {
			return fmt.Errorf("open an address again: %w", err)
		}
		if _, err := tx.ExecContext(ctx, `UPDATE turn SET kind = 'in' WHERE conversation_id = $1 AND kind = 'refusal' AND text <> ''`, id); err != nil {
			return fmt.Errorf("let words be words: %w", err)
		}
		return setConversation(ctx, tx, id, `refused_at = 0, state = 'open', last_kind = CASE WHEN last_kind = 'refusal' THEN 'in' ELSE last_kind END, waits_since = CASE WHEN waits_since > 0 THEN waits_since ELSE $1 END, due_at = CASE WHEN due_at > 0 THEN due_at ELSE $2 END`, at, millis(loa.DueAfter(by.At, c.Network)))
	})
}

// voidRefusals takes back what a person's words in a conversation were written down as.
func voidRefusals(ctx context.Context, tx *sql.Tx, by loa.By, id loa.ConversationID, p answering) error {
	rows, err := tx.QueryContext(ctx, `SELECT `+consentColumns+` FROM consent
		WHERE person_id = $1 AND NOT agreed AND how = 'message' AND happened_at IN (SELECT t.said_at FROM turn t WHERE t.conversation_id = $2 AND t.kind = 'refusal')`, p.id, id)
	list, err := collect(rows, err, scanConsent)
	if err != nil {
		return fmt.Errorf("read what was heard: %w", err)
	}
	for _, c := range list {
		c.Corrects, c.ID, c.Void, c.Why, c.RecordedAt, c.RecordedBy = c.ID, loa.FactID(loa.NewID()), true, "no_refusal", by.At, by.Officer
		if err := writeConsent(ctx, tx, by, c); err != nil {
			return err
		}
	}
	return nil
}
