package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"loa"
	"loa/vn"
)

// changeConversation changes one conversation the officer may see and writes what was done into the log.
func (db *DB) changeConversation(ctx context.Context, in loa.Scope, by loa.By, id loa.ConversationID, act, detail string, fn func(tx *sql.Tx, c loa.Conversation, change int64) error) error {
	return db.tx(ctx, func(tx *sql.Tx) error {
		change, err := nextChange(ctx, tx, in.Office, 1) // two officers who act at once take turns
		if err != nil {
			return err
		}
		c, err := conversationByID(ctx, tx, in, by.Officer, id)
		if err != nil {
			return err
		}
		if err := fn(tx, c, change); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE conversation SET change_no = $1 WHERE id = $2`, change, id); err != nil {
			return fmt.Errorf("note the change: %w", err)
		}
		return addAudit(ctx, tx, in.Office, by, act, "conversation", string(id), detail)
	})
}

func setConversation(ctx context.Context, tx *sql.Tx, id loa.ConversationID, set string, args ...any) error {
	if _, err := tx.ExecContext(ctx, `UPDATE conversation SET `+set+fmt.Sprintf(` WHERE id = $%d`, len(args)+1), append(args, id)...); err != nil {
		return fmt.Errorf("change a conversation: %w", err)
	}
	return nil
}

// GiveConversation gives a conversation to an officer, or to nobody.
func (db *DB) GiveConversation(ctx context.Context, in loa.Scope, by loa.By, id loa.ConversationID, owner loa.OfficerID) error {
	return db.changeConversation(ctx, in, by, id, "given", string(owner), func(tx *sql.Tx, c loa.Conversation, _ int64) error {
		if owner != "" {
			if err := officerInOffice(ctx, tx, in, owner); err != nil {
				return err
			}
		}
		if err := setConversation(ctx, tx, id, `owner_id = $1`, owner); err != nil || owner == "" || owner == c.Owner {
			return err
		}
		return tellOfficers(ctx, tx, in.Office, by, loa.NoticeGiven, string(id), false, owner)
	})
}

// PutOffConversation lets a conversation come back at an hour; the zero hour brings it back at once.
func (db *DB) PutOffConversation(ctx context.Context, in loa.Scope, by loa.By, id loa.ConversationID, until time.Time) error {
	if !until.IsZero() && !until.After(by.At) {
		return loa.Refuse(loa.Invalid, "until", "past")
	}
	return db.changeConversation(ctx, in, by, id, "put_off", "", func(tx *sql.Tx, c loa.Conversation, _ int64) error {
		return setConversation(ctx, tx, id, `put_off_until = $1, state = 'open'`, millis(until))
	})
}

// CloseConversation says that nothing is left to do; new words of theirs open it again.
func (db *DB) CloseConversation(ctx context.Context, in loa.Scope, by loa.By, id loa.ConversationID) error {
	return db.changeConversation(ctx, in, by, id, "handled", "", func(tx *sql.Tx, c loa.Conversation, _ int64) error {
		return setConversation(ctx, tx, id, `state = 'done', put_off_until = 0, waits_since = 0, due_at = 0, unreached_at = 0`)
	})
}

// ReopenConversation takes a closing back: whoever wrote last waits again.
func (db *DB) ReopenConversation(ctx context.Context, in loa.Scope, by loa.By, id loa.ConversationID) error {
	return db.changeConversation(ctx, in, by, id, "reopened", "", func(tx *sql.Tx, c loa.Conversation, _ int64) error {
		waits, due := time.Time{}, time.Time{}
		var kind loa.TurnKind // the list shows the question after a refusal too, which ended the waiting
		err := tx.QueryRowContext(ctx, `SELECT kind FROM turn WHERE conversation_id = $1 AND kind IN ('in', 'contact', 'click', 'out', 'refusal') ORDER BY said_at DESC, id DESC`+limit(1), id).Scan(&kind)
		if err != nil && err != sql.ErrNoRows {
			return fmt.Errorf("find who spoke last: %w", err)
		}
		if kind.Asks() {
			waits, due = c.HeardAt, loa.DueAfter(by.At, c.Network)
		}
		return setConversation(ctx, tx, id, `state = 'open', waits_since = $1, due_at = $2`, millis(waits), millis(due))
	})
}

// PlaceConversation says where whoever writes lives, so that the officers of that place see it. The new place may lie outside what its
// giver sees, as long as it is their office's.
func (db *DB) PlaceConversation(ctx context.Context, in, whole loa.Scope, by loa.By, id loa.ConversationID, area loa.AreaID) error {
	return db.changeConversation(ctx, in, by, id, "placed", "", func(tx *sql.Tx, c loa.Conversation, _ int64) error {
		if err := areaInScope(ctx, tx, whole, area); err != nil {
			return err
		}
		return setConversation(ctx, tx, id, `area_id = $1`, area)
	})
}

// NoteConversation adds a note that officers read and nobody else.
func (db *DB) NoteConversation(ctx context.Context, in loa.Scope, by loa.By, id loa.ConversationID, turn loa.TurnID, text string) error {
	t := loa.Turn{ID: turn, Conversation: id, Kind: loa.TurnNote, Text: vn.Tidy(text), At: by.At, Officer: by.Officer}
	if err := t.Check(); err != nil {
		return err
	}
	return db.changeConversation(ctx, in, by, id, "noted", "", func(tx *sql.Tx, c loa.Conversation, _ int64) error {
		_, err := db.addTurn(ctx, tx, in.Office, t)
		return err
	})
}

// LinkConversation says who of the register writes, with the consent that allows it: without one a follower stays a stranger. The consent is
// written as a fact, and the address is that person's from then on.
func (db *DB) LinkConversation(ctx context.Context, in loa.Scope, by loa.By, id loa.ConversationID, c loa.Consent) error {
	if c.How == "" || vn.Fold(c.Proof) == "" && c.How != "paper" {
		return loa.Refuse(loa.Invalid, "how", "link_needs_consent")
	}
	return db.changeConversation(ctx, in, by, id, "linked", "", func(tx *sql.Tx, k loa.Conversation, change int64) error {
		p, err := personForFact(ctx, tx, in, c.Person)
		if err != nil {
			return err
		}
		c.Office, c.Area, c.RecordedAt, c.RecordedBy = p.Office, p.Area, by.At, by.Officer
		c.Person, c.Purpose, c.Channel, c.Agreed = p.Survivor, "care", loa.ConsentChannel(k.Via), true
		c.HappenedOn, c.HappenedAt = by.Day(), by.At
		if err := c.Check(); err != nil {
			return err
		}
		if err := writeConsent(ctx, tx, by, c); err != nil {
			return err
		}
		if k.Address != "" {
			_, err := tx.ExecContext(ctx, `INSERT INTO address (office_id, network, address, person_id, linked_at, consent_id, change_no) VALUES ($1, $2, $3, $4, $5, $6, $7)
				ON CONFLICT (office_id, network, address) DO UPDATE SET person_id = excluded.person_id, linked_at = excluded.linked_at, consent_id = excluded.consent_id, change_no = excluded.change_no`,
				in.Office, k.Network, k.Address, p.Survivor, millis(by.At), c.ID, change)
			if err != nil {
				return fmt.Errorf("link an address: %w", err)
			}
		}
		return setConversation(ctx, tx, id, `person_id = $1, area_id = $2`, p.Survivor, p.Area)
	})
}

// UnlinkConversation takes it back that a person writes here; the consent stays as it was said.
func (db *DB) UnlinkConversation(ctx context.Context, in loa.Scope, by loa.By, id loa.ConversationID) error {
	return db.changeConversation(ctx, in, by, id, "unlinked", "", func(tx *sql.Tx, k loa.Conversation, change int64) error {
		if k.Address != "" {
			if _, err := tx.ExecContext(ctx, `UPDATE address SET person_id = '', linked_at = 0, consent_id = '', change_no = $1 WHERE office_id = $2 AND network = $3 AND address = $4`, change, in.Office, k.Network, k.Address); err != nil {
				return fmt.Errorf("unlink an address: %w", err)
			}
		}
		return setConversation(ctx, tx, id, `person_id = ''`)
	})
}

// RefuseConversation notes what somebody said in their own words, or to an officer: that they want nothing more. It acts as the words on
// the list do.
func (db *DB) RefuseConversation(ctx context.Context, in loa.Scope, by loa.By, id loa.ConversationID) error {
	return db.changeConversation(ctx, in, by, id, "heard_refusal", "", func(tx *sql.Tx, c loa.Conversation, change int64) error {
		e := loa.Incoming{Office: in.Office, Channel: c.Channel, Key: "officer:" + string(by.Officer) + ":" + fmt.Sprint(change), Kind: loa.TurnRefusal, Network: c.Network, Address: c.Address, At: by.At, Text: c.LastText, Refuses: "officer"}
		if c.Address == "" {
			return loa.Refuse(loa.Conflict, "", "no_address")
		}
		if err := setConversation(ctx, tx, id, `refused_at = $1, state = 'done', waits_since = 0, due_at = 0, put_off_until = 0`, millis(by.At)); err != nil {
			return err
		}
		t := turnOf(c, e)
		t.Officer, t.Text = by.Officer, ""
		if _, err := db.addTurn(ctx, tx, in.Office, t); err != nil {
			return err
		}
		return db.refuse(ctx, tx, e, c, by.At, change)
	})
}

// EraseConversation takes away all that is personal, on demand of whoever wrote.
func (db *DB) EraseConversation(ctx context.Context, in loa.Scope, by loa.By, id loa.ConversationID) error {
	return db.tx(ctx, func(tx *sql.Tx) error {
		if _, err := nextChange(ctx, tx, in.Office, 1); err != nil {
			return err
		}
		c, err := conversationByID(ctx, tx, in, by.Officer, id)
		if err != nil {
			return err
		}
		return eraseConversation(ctx, tx, by, c, "")
	})
}
