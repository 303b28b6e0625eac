package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"loa"
)

// useAnswer counts one use of an answer.
func useAnswer(ctx context.Context, tx *sql.Tx, in loa.Scope, by loa.By, area loa.AreaID, u loa.AnswerUse) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO answer_use (id, office_id, area_id, answer_id, version, lang, via, question_id, conversation_id, person_id, used_at, used_by) VALUES (`+placeholders(1, 12)+`)`,
		loa.NewID(), in.Office, area, u.Answer, u.Version, u.Lang, u.Via, u.Question, u.Conversation, u.Person, millis(by.At), by.Officer)
	if err != nil {
		return fmt.Errorf("count the use of an answer: %w", err)
	}
	return nil
}

// AnswerNext is what those did who were told an answer, as far as it is known who they are.
type AnswerNext struct {
	Uses  int // all of them
	Known int // whose asker is known
	Leads int // who became interested within the time
	Paid  int // who paid
	Again int // who asked again
}

// AnswerFollowed is how long after an answer what its asker does is looked at.
const AnswerFollowed = 90 * 24 * time.Hour

// AnswerNexts are what those did next who were told each answer of an office: a lead, a contribution, another question.
func (db *DB) AnswerNexts(ctx context.Context, in loa.Scope) (map[loa.ReadyAnswerID]AnswerNext, error) {
	where, args := inScope(in, "a.path", 3)
	within := func(table string) string {
		return `EXISTS (SELECT 1 FROM ` + table + ` x WHERE x.person_id = u.person_id AND x.recorded_at > u.used_at AND x.recorded_at <= u.used_at + $1)`
	}
	rows, err := db.read.QueryContext(ctx, `SELECT t.answer_id, count(*), CAST(COALESCE(sum(t.known), 0) AS BIGINT), CAST(COALESCE(sum(t.lead), 0) AS BIGINT), CAST(COALESCE(sum(t.paid), 0) AS BIGINT), CAST(COALESCE(sum(t.again), 0) AS BIGINT) FROM (
		SELECT u.answer_id, CASE WHEN u.person_id <> '' OR u.conversation_id <> '' THEN 1 ELSE 0 END AS known,
			CASE WHEN u.person_id <> '' AND `+within("lead")+` THEN 1 ELSE 0 END AS lead, CASE WHEN u.person_id <> '' AND `+within("contribution")+` THEN 1 ELSE 0 END AS paid,
			CASE WHEN u.person_id <> '' AND `+within("question")+` OR u.conversation_id <> '' AND EXISTS (SELECT 1 FROM turn x WHERE x.conversation_id = u.conversation_id AND x.kind = 'in' AND x.said_at > u.used_at AND x.said_at <= u.used_at + $1) THEN 1 ELSE 0 END AS again
		FROM answer_use u JOIN area a ON a.id = u.area_id WHERE u.office_id = $2 AND `+where+`) t GROUP BY t.answer_id`, append([]any{AnswerFollowed.Milliseconds(), in.Office}, args...)...)
	out := map[loa.ReadyAnswerID]AnswerNext{}
	_, err = collect(rows, err, func(r *sql.Rows) (n AnswerNext, err error) {
		var id loa.ReadyAnswerID
		if err = r.Scan(&id, &n.Uses, &n.Known, &n.Leads, &n.Paid, &n.Again); err == nil {
			out[id] = n
		}
		return n, err
	})
	if err != nil {
		return nil, fmt.Errorf("read what answers led to: %w", err)
	}
	return out, nil
}
