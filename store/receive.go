package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"loa"
)

// Received is where words were taken in.
type Received struct {
	Conversation loa.ConversationID
	Fresh        bool // it had not been told before
}

// Receive takes in what somebody said or did, once however often it is told: the turn's ID is made of the provider's key, and everything
// that follows from it, the word that confirms a refusal included, happens in the same transaction.
func (db *DB) Receive(ctx context.Context, now time.Time, e loa.Incoming) (out Received, err error) {
	err = db.tx(ctx, func(tx *sql.Tx) error {
		change, err := nextChange(ctx, tx, e.Office, 1) // two of the same take turns
		if err != nil {
			return err
		}
		if e.Gone {
			out.Conversation, out.Fresh, err = db.takeBack(ctx, tx, e, now, change)
			return err
		}
		c, err := conversationAt(ctx, tx, e, change)
		if err != nil {
			return err
		}
		out.Conversation = c.ID
		t := turnOf(c, e)
		if out.Fresh, err = db.addTurn(ctx, tx, e.Office, t); err != nil {
			return err
		}
		if !out.Fresh {
			return nil
		}
		if err := hearIn(ctx, tx, c, e, t, change); err != nil {
			return err
		}
		switch e.Kind {
		case loa.TurnFollow, loa.TurnUnfollow:
			return noteFollower(ctx, tx, e, change)
		case loa.TurnErased:
			return eraseConversation(ctx, tx, loa.By{At: now}, c, t.ID)
		case loa.TurnRefusal:
			return db.refuse(ctx, tx, e, c, now, change)
		}
		return nil
	})
	return out, err
}

// turnOf is the turn behind what came in.
func turnOf(c loa.Conversation, e loa.Incoming) loa.Turn {
	sum := sha256.Sum256([]byte(string(e.Office) + "\n" + string(e.Channel) + "\n" + e.Key))
	t := loa.Turn{ID: loa.TurnID(loa.MintID(e.At, bytes.NewReader(sum[:]))), Conversation: c.ID, Kind: e.Kind, Text: clipped(e.Text, loa.TurnLength), Media: e.Media, Ref: e.Ref, Thread: e.Thread, Name: e.Name, At: e.At}
	if e.Kind == loa.TurnContact {
		t.Text = strings.TrimSpace(e.Name + "\n" + e.Phone)
	}
	return t
}

// clipped cuts what a stranger wrote to what is kept of it.
func clipped(text string, most int) string {
	text = strings.ToValidUTF8(strings.ReplaceAll(text, "\x00", ""), "")
	if r := []rune(text); len(r) > most {
		return string(r[:most])
	}
	return text
}

// conversationAt is the conversation of an address, begun when there is none. Its ID is made of the address, so that two processes begin one.
func conversationAt(ctx context.Context, tx *sql.Tx, e loa.Incoming, change int64) (loa.Conversation, error) {
	c, err := scanConversation(tx.QueryRowContext(ctx, `SELECT `+conversationColumns+` FROM conversation c WHERE c.office_id = $1 AND c.channel_id = $2 AND c.network = $3 AND c.address = $4 AND c.address <> ''`,
		e.Office, e.Channel, e.Network, e.Address))
	if err == nil || err != sql.ErrNoRows {
		return c, err
	}
	c = loa.Conversation{ID: loa.ConversationID(loa.NewID()), Office: e.Office, Area: e.Area, Channel: e.Channel, Network: e.Network, Address: e.Address, Via: loa.ViaOf(e.Network), Name: clipped(e.Name, 200),
		State: loa.ConversationDone, FirstAt: e.At, LastAt: e.At}
	if c.Area == "" {
		if err := tx.QueryRowContext(ctx, `SELECT anchor_id FROM office WHERE id = $1`, e.Office).Scan(&c.Area); err != nil {
			return c, fmt.Errorf("find the office's own node: %w", notFound(err))
		}
	}
	if err := knownAddress(ctx, tx, &c); err != nil {
		return c, err
	}
	return c, addConversation(ctx, tx, c, change)
}

// knownAddress fills in whose address it is, when that was agreed to.
func knownAddress(ctx context.Context, tx *sql.Tx, c *loa.Conversation) error {
	var area loa.AreaID
	err := tx.QueryRowContext(ctx, `SELECT p.id, p.area_id FROM address d JOIN person p ON p.id = d.person_id WHERE d.office_id = $1 AND d.network = $2 AND d.address = $3 AND d.person_id <> ''`, c.Office, c.Network, c.Address).Scan(&c.Person, &area)
	if err == sql.ErrNoRows {
		return nil
	}
	if err != nil {
		return fmt.Errorf("look whose address it is: %w", err)
	}
	c.Area = area
	return nil
}

func addConversation(ctx context.Context, tx *sql.Tx, c loa.Conversation, change int64) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO conversation (id, office_id, area_id, channel_id, network, address, via, name, person_id, question_id, state, owner_id, due_at, waits_since, heard_at, last_at, last_text, last_kind, first_at, change_no)
		VALUES (`+placeholders(1, 20)+`) ON CONFLICT (id) DO NOTHING`,
		c.ID, c.Office, c.Area, c.Channel, c.Network, c.Address, c.Via, c.Name, c.Person, c.Question, c.State, c.Owner, millis(c.Due), millis(c.Waits), millis(c.HeardAt), millis(c.LastAt), c.LastText, c.LastKind, millis(c.FirstAt), change)
	if err != nil {
		return fmt.Errorf("begin a conversation: %w", err)
	}
	return nil
}

// addTurn writes a turn once and lets it be found by its words; false when it was there.
func (db *DB) addTurn(ctx context.Context, tx *sql.Tx, office loa.OfficeID, t loa.Turn) (bool, error) {
	media := ""
	if len(t.Media) > 0 {
		raw, err := json.Marshal(t.Media)
		if err != nil {
			return false, fmt.Errorf("keep what came along: %w", err)
		}
		media = string(raw)
	}
	res, err := tx.ExecContext(ctx, `INSERT INTO turn (id, office_id, conversation_id, kind, text, media, ref, thread, name, said_at, officer_id, answer_id, answer_version, question_id, state) VALUES (`+placeholders(1, 15)+`) ON CONFLICT (id) DO NOTHING`,
		t.ID, office, t.Conversation, t.Kind, t.Text, media, t.Ref, t.Thread, t.Name, millis(t.At), t.Officer, t.Answer, t.Version, t.Question, t.State)
	if err != nil {
		return false, fmt.Errorf("keep a turn: %w", err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return false, err
	}
	return true, db.keepWords(ctx, tx, office, wordsOfTurn, string(t.ID), t.Text)
}

// hearIn lets a conversation hear new words: it opens, comes back from wherever it was put off to, and waits since the first unanswered of
// them. Words that come late, after newer ones, change nothing of what is newest.
func hearIn(ctx context.Context, tx *sql.Tx, c loa.Conversation, e loa.Incoming, t loa.Turn, change int64) error {
	at := millis(t.At)
	set, args := `change_no = $2`, []any{c.ID, change, at}
	text := t.Text
	if text == "" && len(t.Media) > 0 {
		text = t.Media[0].Name
	}
	args = append(args, text, t.Kind)
	shows := `last_kind NOT IN ('in', 'contact', 'click', 'out')` // a refusal or a follower hides neither question nor answer
	switch {
	case t.Kind == loa.TurnErased: // nothing of either is left
		shows = `last_at <= $3`
	case t.Kind.Asks():
		shows = `(last_at <= $3 OR ` + shows + `)`
	default:
		shows = `last_at <= $3 AND ` + shows
	}
	set += `, last_text = CASE WHEN ` + shows + ` THEN $4 ELSE last_text END, last_kind = CASE WHEN ` + shows + ` THEN $5 ELSE last_kind END, last_at = CASE WHEN last_at < $3 THEN $3 ELSE last_at END`
	if t.Kind != loa.TurnUnfollow && t.Kind != loa.TurnErased {
		set += `, heard_at = CASE WHEN heard_at < $3 THEN $3 ELSE heard_at END`
	}
	if t.Kind.Asks() {
		args = append(args, millis(loa.DueAfter(t.At, c.Network)))
		set += `, state = 'open', put_off_until = 0, unreached_at = 0, due_at = CASE WHEN waits_since = 0 THEN $6 ELSE due_at END, waits_since = CASE WHEN waits_since = 0 THEN $3 ELSE waits_since END`
	}
	if t.Kind == loa.TurnRefusal {
		set += `, refused_at = CASE WHEN refused_at = 0 THEN $3 ELSE refused_at END`
	}
	if e.Name != "" && e.Kind != loa.TurnErased {
		args = append(args, clipped(e.Name, 200))
		set += fmt.Sprintf(`, name = $%d`, len(args))
	}
	if _, err := tx.ExecContext(ctx, `UPDATE conversation SET `+set+` WHERE id = $1`, args...); err != nil {
		return fmt.Errorf("hear a conversation: %w", err)
	}
	return nil
}

// noteFollower remembers that an address can be written to, or cannot any more.
func noteFollower(ctx context.Context, tx *sql.Tx, e loa.Incoming, change int64) error {
	bad, code := int64(0), ""
	if e.Kind == loa.TurnUnfollow {
		bad, code = millis(e.At), "unfollow"
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO address (office_id, network, address, bad_at, bad_code, change_no) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (office_id, network, address) DO UPDATE SET bad_at = excluded.bad_at, bad_code = excluded.bad_code, change_no = excluded.change_no`, e.Office, e.Network, e.Address, bad, code, change)
	if err != nil {
		return fmt.Errorf("note a follower: %w", err)
	}
	return nil
}

// takeBack empties a turn whose writer took it back.
func (db *DB) takeBack(ctx context.Context, tx *sql.Tx, e loa.Incoming, now time.Time, change int64) (id loa.ConversationID, fresh bool, err error) {
	var turn loa.TurnID
	var text string
	err = tx.QueryRowContext(ctx, `SELECT t.id, t.conversation_id, t.text FROM turn t JOIN conversation c ON c.id = t.conversation_id WHERE t.office_id = $1 AND t.ref = $2 AND t.ref <> '' AND c.channel_id = $3 AND t.gone_at = 0 AND t.kind = 'in' ORDER BY t.id`+limit(1), e.Office, e.Ref, e.Channel).Scan(&turn, &id, &text)
	if err == sql.ErrNoRows {
		return "", false, nil
	}
	if err != nil {
		return "", false, fmt.Errorf("find what was taken back: %w", err)
	}
	if err := dropWords(ctx, tx, e.Office, wordsOfTurn, string(turn), text); err != nil {
		return id, false, err
	}
	if _, err := tx.ExecContext(ctx, `UPDATE turn SET text = '', media = '', gone_at = $1 WHERE id = $2`, millis(now), turn); err != nil {
		return id, false, fmt.Errorf("empty what was taken back: %w", err)
	}
	_, err = tx.ExecContext(ctx, `UPDATE conversation SET last_text = CASE WHEN last_text = $1 THEN '' ELSE last_text END, change_no = $2 WHERE id = $3`, text, change, id)
	if err != nil {
		return id, false, fmt.Errorf("note what was taken back: %w", err)
	}
	return id, true, nil
}
