package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"loa"
)

// QueueReply puts one message outside of any broadcast into the ledger. The same reply sent twice is one.
func (db *DB) QueueReply(ctx context.Context, in loa.Scope, by loa.By, r loa.Reply) error {
	return db.tx(ctx, func(tx *sql.Tx) error {
		if err := areaInScope(ctx, tx, in, r.Area); err != nil {
			return err
		}
		return db.queueReply(ctx, tx, in.Office, by, r)
	})
}

func (db *DB) queueReply(ctx context.Context, tx *sql.Tx, office loa.OfficeID, by loa.By, r loa.Reply) error {
	if err := r.Check(); err != nil {
		return err
	}
	var of loa.OfficeID
	if err := tx.QueryRowContext(ctx, `SELECT office_id FROM channel WHERE id = $1`, r.Channel).Scan(&of); err != nil || of != office {
		if err == nil {
			err = sql.ErrNoRows
		}
		return notFound(err)
	}
	params, err := json.Marshal(r.Params)
	if err != nil {
		return fmt.Errorf("write a reply: %w", err)
	}
	media, err := json.Marshal(r.Media)
	if err != nil {
		return fmt.Errorf("write a reply: %w", err)
	}
	res, err := tx.ExecContext(ctx, `INSERT INTO reply (delivery_id, office_id, about_kind, about_id, purpose, title, text, reply_to, template, params, media, author_id, created_at) VALUES (`+placeholders(1, 13)+`) ON CONFLICT (delivery_id) DO NOTHING`,
		r.Delivery, office, r.AboutKind, r.AboutID, r.Purpose, r.Title, r.Text, r.ReplyTo, r.Template, string(params), string(media), by.Officer, millis(by.At))
	if err != nil {
		return fmt.Errorf("keep a reply: %w", err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return err
	}
	return db.addDeliveries(ctx, tx, "", []loa.Delivery{{ID: r.Delivery, Office: office, Area: r.Area, Person: r.Person, Channel: r.Channel, Network: r.Network, To: r.To, Lang: r.Lang, State: loa.DeliveryQueued, NotBefore: by.At}})
}

// Replies are the words behind deliveries outside of any broadcast.
func (db *DB) Replies(ctx context.Context, ids []loa.DeliveryID) (map[loa.DeliveryID]loa.Reply, error) {
	out := map[loa.DeliveryID]loa.Reply{}
	if len(ids) == 0 {
		return out, nil
	}
	rows, err := db.read.QueryContext(ctx, `SELECT delivery_id, office_id, about_kind, about_id, purpose, title, text, reply_to, template, params, media, author_id, created_at FROM reply WHERE delivery_id IN (`+placeholders(1, len(ids))+`)`, anyOf(ids)...)
	list, err := collect(rows, err, func(r *sql.Rows) (x loa.Reply, err error) {
		var params, media string
		var created int64
		if err := r.Scan(&x.Delivery, &x.Office, &x.AboutKind, &x.AboutID, &x.Purpose, &x.Title, &x.Text, &x.ReplyTo, &x.Template, &params, &media, &x.Author, &created); err != nil {
			return x, err
		}
		x.CreatedAt = instant(created)
		if err := json.Unmarshal([]byte(params), &x.Params); err != nil {
			return x, err
		}
		return x, json.Unmarshal([]byte(media), &x.Media)
	})
	if err != nil {
		return nil, fmt.Errorf("read replies: %w", err)
	}
	about := map[string]loa.AnswerWindow{}
	for _, x := range list {
		if x.AboutKind == "conversation" {
			about[x.AboutID] = loa.AnswerWindow{}
		}
	}
	if err := db.windows(ctx, about); err != nil {
		return nil, err
	}
	for _, x := range list {
		x.Window = about[x.AboutID]
		out[x.Delivery] = x
	}
	return out, nil
}

// windows fills in how long answers in some conversations may go out.
func (db *DB) windows(ctx context.Context, about map[string]loa.AnswerWindow) error {
	if len(about) == 0 {
		return nil
	}
	ids := slices.Sorted(maps.Keys(about))
	rows, err := db.read.QueryContext(ctx, `SELECT `+conversationColumns+` FROM conversation c WHERE c.id IN (`+placeholders(1, len(ids))+`)`, anyOf(ids)...)
	list, err := collect(rows, err, func(r *sql.Rows) (loa.Conversation, error) { return scanConversation(r) })
	if err != nil {
		return fmt.Errorf("read how long answers may go out: %w", err)
	}
	for _, c := range list {
		about[string(c.ID)] = c.Window()
	}
	return nil
}
