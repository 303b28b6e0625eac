package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"loa"
)

// refuse acts on a refusal at once: nothing more goes to the address, whoever is known to answer it has refused for every purpose, and
// they are told so once, however often they say it.
func (db *DB) refuse(ctx context.Context, tx *sql.Tx, e loa.Incoming, c loa.Conversation, now time.Time, change int64) error {
	before, err := noteRefusal(ctx, tx, e.Office, e.Network, e.Address, e.At, e.Refuses, change)
	if err != nil {
		return err
	}
	by := loa.By{At: now}
	people, err := whoAnswers(ctx, tx, e.Office, e.Network, e.Address)
	if err != nil {
		return err
	}
	for _, p := range people {
		if err := refusedConsents(ctx, tx, by, e, p); err != nil {
			return err
		}
	}
	if err := addAudit(ctx, tx, e.Office, by, "opted_out", "address", e.Network, e.Refuses); err != nil { // the log holds no numbers of people
		return err
	}
	if _, err := tx.ExecContext(ctx, `UPDATE conversation SET state = 'done', waits_since = 0, due_at = 0, put_off_until = 0 WHERE id = $1 AND waits_since = 0`, c.ID); err != nil {
		return fmt.Errorf("close what was refused: %w", err)
	}
	if before || e.Confirm == "" || c.Channel == "" {
		return nil
	}
	id := confirmID(e)
	if _, err = db.addTurn(ctx, tx, e.Office, loa.Turn{ID: id, Conversation: c.ID, Kind: loa.TurnConfirm, Text: e.Confirm, At: now}); err != nil {
		return err
	}
	return db.queueReply(ctx, tx, e.Office, by, loa.Reply{Delivery: loa.DeliveryID(id), Area: c.Area, Person: c.Person, Channel: c.Channel, Network: e.Network, To: e.Address, AboutKind: "conversation", AboutID: string(c.ID),
		Purpose: loa.Administrative, Lang: "vietnamese", Title: e.ConfirmTitle, Text: e.Confirm, ReplyTo: e.Ref})
}

// confirmID is the ID of the word that confirms a refusal, made of what it answers: said again, it is the same.
func confirmID(e loa.Incoming) loa.TurnID {
	sum := sha256.Sum256([]byte(string(e.Office) + "\n" + string(e.Channel) + "\n" + e.Key + "\nconfirm"))
	return loa.TurnID(loa.MintID(e.At, bytes.NewReader(sum[:])))
}

// noteRefusal marks an address; it answers whether it was marked before.
func noteRefusal(ctx context.Context, tx *sql.Tx, office loa.OfficeID, network, to string, at time.Time, how string, change int64) (before bool, err error) {
	err = tx.QueryRowContext(ctx, `SELECT opted_out_at > 0 FROM address WHERE office_id = $1 AND network = $2 AND address = $3`, office, network, to).Scan(&before)
	if err != nil && err != sql.ErrNoRows {
		return false, fmt.Errorf("look for an earlier refusal: %w", err)
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO address (office_id, network, address, opted_out_at, opted_out_how, change_no) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (office_id, network, address) DO UPDATE SET opted_out_at = CASE WHEN address.opted_out_at = 0 THEN excluded.opted_out_at ELSE address.opted_out_at END, opted_out_how = excluded.opted_out_how, change_no = excluded.change_no`,
		office, network, to, millis(at), how, change)
	if err != nil {
		return false, fmt.Errorf("note the refusal: %w", err)
	}
	return before, nil
}

// answering is somebody known to answer an address.
type answering struct {
	id   loa.PersonID
	area loa.AreaID
}

// whoAnswers are those of the register known to answer an address: linked with their consent, or by the telephone of the register when it
// is their own.
func whoAnswers(ctx context.Context, q querier, office loa.OfficeID, network, to string) ([]answering, error) {
	query, args := `SELECT p.id, p.area_id FROM address d JOIN person p ON p.id = d.person_id WHERE d.office_id = $1 AND d.network = $2 AND d.address = $3 AND d.person_id <> '' AND p.merged_into = ''`, []any{office, network, to}
	if network == "tel" || network == "zns" {
		args = append(args, "+"+strings.TrimPrefix(to, "+"))
		query += ` UNION SELECT p.id, p.area_id FROM person p WHERE p.office_id = $1 AND p.phone = $4 AND p.phone <> '' AND p.merged_into = '' AND NOT p.phone_shared`
	}
	rows, err := q.QueryContext(ctx, query, args...)
	list, err := collect(rows, err, func(r *sql.Rows) (a answering, err error) { return a, r.Scan(&a.id, &a.area) })
	if err != nil {
		return nil, fmt.Errorf("look who answers an address: %w", err)
	}
	return list, nil
}

// refusedConsents writes that somebody refused, for every purpose, with the words they said it in as the proof. Its IDs are made of what
// was told, so that it is written once.
func refusedConsents(ctx context.Context, tx *sql.Tx, by loa.By, e loa.Incoming, p answering) error {
	over := loa.ConsentChannel(loa.ViaOf(e.Network))
	if e.Everywhere {
		over = "all"
	}
	for _, purpose := range loa.Purposes {
		sum := sha256.Sum256([]byte(string(e.Channel) + "\n" + e.Key + "\n" + string(p.id) + "\n" + purpose))
		c := loa.Consent{Fact: loa.Fact{ID: loa.FactID(loa.MintID(e.At, bytes.NewReader(sum[:]))), Office: e.Office, Area: p.area, HappenedOn: loa.DayOf(e.At), HappenedAt: e.At, RecordedAt: by.At},
			Person: p.id, Purpose: purpose, Channel: over, How: "message", Proof: clipped(strings.TrimSpace(e.Text), 200)}
		if err := c.Check(); err != nil {
			return err
		}
		if err := writeConsent(ctx, tx, by, c); err != nil {
			return err
		}
	}
	return nil
}

// writeConsent writes one agreement or refusal as a fact.
func writeConsent(ctx context.Context, tx *sql.Tx, by loa.By, c loa.Consent) error {
	return addPersonFact(ctx, tx, by, "consent", consentColumns, c.Fact, c.Person, func(change int64) []any { return consentArgs(c, change) })
}

// eraseConversation takes away all that is personal in a conversation, as its writer may demand at any time: words, names, whose address it
// was. That somebody wrote, when and how often, stays.
func eraseConversation(ctx context.Context, tx *sql.Tx, by loa.By, c loa.Conversation, but loa.TurnID) error {
	turns, err := turnsOf(ctx, tx, c.ID, "", 0)
	if err != nil {
		return err
	}
	for _, t := range turns {
		if err := dropWords(ctx, tx, c.Office, wordsOfTurn, string(t.ID), t.Text); err != nil {
			return err
		}
	}
	for _, q := range []string{
		`UPDATE turn SET text = '', media = '', name = '' WHERE conversation_id = $1`,
		`DELETE FROM conversation_draft WHERE conversation_id = $1`,
		`UPDATE conversation SET name = '', person_id = '', last_text = '', state = 'done', waits_since = 0, due_at = 0, put_off_until = 0 WHERE id = $1`,
	} {
		if _, err := tx.ExecContext(ctx, q, c.ID); err != nil {
			return fmt.Errorf("erase a conversation: %w", err)
		}
	}
	if c.Address != "" {
		if _, err := tx.ExecContext(ctx, `UPDATE address SET person_id = '', linked_at = 0, consent_id = '' WHERE office_id = $1 AND network = $2 AND address = $3`, c.Office, c.Network, c.Address); err != nil {
			return fmt.Errorf("forget whose address it was: %w", err)
		}
	}
	return addAudit(ctx, tx, c.Office, by, "erased", "conversation", string(c.ID), "")
}
