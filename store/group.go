package store

import (
	"context"
	"database/sql"
	"fmt"

	"loa"
	"loa/vn"
)

// groupsAtMost is how many groups of one account can be chosen from.
const groupsAtMost = 200

// AddGroup enters a group by hand: a conversation in which nobody has written yet. One that is known gets the name and the place it is
// entered with; where the number comes from is noted each time.
func (db *DB) AddGroup(ctx context.Context, in loa.Scope, by loa.By, g loa.Group) (id loa.ConversationID, err error) {
	g.Name, g.Source = vn.Tidy(g.Name), vn.Tidy(g.Source)
	if err := g.Check(); err != nil {
		return "", err
	}
	err = db.tx(ctx, func(tx *sql.Tx) error {
		change, err := nextChange(ctx, tx, in.Office, 1)
		if err != nil {
			return err
		}
		where, args := inScope(in, "a.path", 3)
		var there loa.ChannelID
		if err := tx.QueryRowContext(ctx, `SELECT c.id FROM channel c JOIN area a ON a.id = c.area_id WHERE c.id = $1 AND c.office_id = $2 AND `+where, append([]any{g.Channel, in.Office}, args...)...).Scan(&there); err != nil {
			return notFound(err)
		}
		if err := areaInScope(ctx, tx, in, g.Area); err != nil {
			return err
		}
		c, err := conversationAt(ctx, tx, loa.Incoming{Office: in.Office, Area: g.Area, Channel: g.Channel, Network: loa.GroupNetwork, Address: g.To, Name: g.Name, At: by.At}, change)
		if err != nil {
			return err
		}
		note := loa.Turn{ID: loa.TurnID(loa.NewID()), Conversation: c.ID, Kind: loa.TurnNote, Text: g.Source, At: by.At, Officer: by.Officer}
		if _, err := db.addTurn(ctx, tx, in.Office, note); err != nil {
			return err
		}
		if err := setConversation(ctx, tx, c.ID, `name = $1, area_id = $2, change_no = $3, last_text = CASE WHEN heard_at = 0 THEN $4 ELSE last_text END, last_kind = CASE WHEN heard_at = 0 THEN 'note' ELSE last_kind END`, g.Name, g.Area, change, g.Source); err != nil {
			return err
		}
		id = c.ID
		return addAudit(ctx, tx, in.Office, by, "entered", "conversation", string(c.ID), g.To)
	})
	return id, err
}

// Groups are the groups an account knows of because somebody wrote there or an officer entered them, by name; those that want nothing more come too.
func (db *DB) Groups(ctx context.Context, in loa.Scope, account loa.ChannelID) ([]loa.Conversation, error) {
	where, args := inScope(in, "a.path", 4)
	rows, err := db.read.QueryContext(ctx, `SELECT `+conversationColumns+` FROM conversation c JOIN area a ON a.id = c.area_id WHERE c.office_id = $1 AND c.channel_id = $2 AND c.network = $3 AND c.address <> '' AND `+where+` ORDER BY c.name, c.id`+limit(groupsAtMost),
		append([]any{in.Office, account, loa.GroupNetwork}, args...)...)
	list, err := collect(rows, err, func(r *sql.Rows) (loa.Conversation, error) { return scanConversation(r) })
	if err != nil {
		return nil, fmt.Errorf("read the groups of an account: %w", err)
	}
	return list, nil
}
