package store

import (
	"context"
	"database/sql"
	"fmt"

	"loa"
)

// groupsAtMost is how many groups of one account can be chosen from.
const groupsAtMost = 200

// Groups are the groups an account knows of because somebody wrote there, by name; those that want nothing more come too.
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
