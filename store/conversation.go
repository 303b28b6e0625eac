package store

import (
	"context"
	"database/sql"
	"fmt"
	"math"
	"strconv"
	"time"

	"loa"
)

const conversationColumns = `c.id, c.office_id, c.area_id, c.channel_id, c.network, c.address, c.via, c.name, c.person_id, c.question_id, c.state, c.owner_id, c.due_at, c.put_off_until, c.waits_since,
	c.heard_at, c.last_at, c.last_text, c.last_kind, c.first_at, c.refused_at, ` + answersFor + `, c.change_no`

// answersFor is for how many hours the account of a conversation answers somebody's newest words.
const answersFor = `COALESCE((SELECT h.answer_h FROM channel h WHERE h.id = c.channel_id), 0)`

func scanConversation(r interface{ Scan(...any) error }, more ...any) (c loa.Conversation, err error) {
	var due, off, waits, heard, last, first, refused, term int64
	err = r.Scan(append([]any{&c.ID, &c.Office, &c.Area, &c.Channel, &c.Network, &c.Address, &c.Via, &c.Name, &c.Person, &c.Question, &c.State, &c.Owner, &due, &off, &waits,
		&heard, &last, &c.LastText, &c.LastKind, &first, &refused, &term, &c.ChangeNo}, more...)...)
	c.Due, c.PutOff, c.Waits, c.HeardAt, c.LastAt, c.FirstAt, c.Refused = instant(due), instant(off), instant(waits), instant(heard), instant(last), instant(first), refused > 0
	c.Term = time.Duration(term) * time.Hour
	return c, err
}

// mine is the condition that keeps a query to the conversations an officer may see: those inside the scope and those given to them by
// somebody who sees more.
func mine(in loa.Scope, me loa.OfficerID, n int) (string, []any) {
	where, args := inScope(in, "a.path", n+1)
	return `(` + where + ` OR c.owner_id = $` + strconv.Itoa(n) + ` AND c.owner_id <> '')`, append([]any{me}, args...)
}

// ConversationFilter is what the queue is narrowed to.
type ConversationFilter struct {
	Me    loa.OfficerID // who asks: what was given to them is theirs wherever it lies
	Now   time.Time
	State string // open, late, unreached, unsure, put_off, done; empty: all
	Owner string // an officer; "none": nobody yet
	Via   string
	Area  loa.AreaID
	Words string
	After string // where an earlier page ended
	Limit int
}

// Conversations is one page of the queue, what is due first on top; done ones and all come the newest first. next leads to the page after
// it; empty when there is none.
func (db *DB) Conversations(ctx context.Context, in loa.Scope, f ConversationFilter) (list []loa.Conversation, next string, err error) {
	if in, err = db.narrow(ctx, in, f.Area); err != nil {
		return nil, "", err
	}
	if f.Limit <= 0 || f.Limit > 200 {
		f.Limit = 50
	}
	if numbers := wordNumbers(in.Office, wordsOfTurn, loa.AskedTerms(f.Words)); len(numbers) > 0 {
		return db.conversationsByWords(ctx, in, f, numbers)
	}
	where, args := f.where(in)
	key, order := f.order()
	if at, id, ok := cutCursor(f.After); ok {
		args = append(args, at, id)
		a, b := `$`+strconv.Itoa(len(args)-1), `$`+strconv.Itoa(len(args))
		sign := ` > `
		if order == " DESC" {
			sign = ` < `
		}
		where += ` AND (` + key + sign + a + ` OR ` + key + ` = ` + a + ` AND c.id` + sign + b + `)`
	}
	rows, err := db.read.QueryContext(ctx, `SELECT `+conversationColumns+` FROM conversation c JOIN area a ON a.id = c.area_id WHERE `+where+` ORDER BY `+key+order+`, c.id`+order+limit(f.Limit+1), args...)
	list, err = collect(rows, err, func(r *sql.Rows) (loa.Conversation, error) { return scanConversation(r) })
	if err != nil {
		return nil, "", fmt.Errorf("read the queue: %w", err)
	}
	if len(list) > f.Limit {
		list = list[:f.Limit]
		last := list[f.Limit-1]
		at := millis(last.LastAt)
		if key == dueOrder {
			if at = millis(last.Due); at == 0 {
				at = neverDue
			}
		}
		next = cursor(at, string(last.ID))
	}
	return list, next, nil
}

// conversationsByWords are those in which something was said with all the words.
func (db *DB) conversationsByWords(ctx context.Context, in loa.Scope, f ConversationFilter, numbers []int64) (list []loa.Conversation, next string, err error) {
	where, args := f.where(in)
	seen, last := map[loa.ConversationID]bool{}, ""
	_, err = walkWords(ctx, db.read, numbers, f.After, func() bool { return len(list) > f.Limit }, func(within string, mine []any) error {
		rows, err := db.read.QueryContext(ctx, `SELECT `+conversationColumns+`, w.record_id FROM word w JOIN turn t ON t.id = w.record_id JOIN conversation c ON c.id = t.conversation_id JOIN area a ON a.id = c.area_id
			WHERE `+shift(within, len(args))+` AND `+where+` ORDER BY w.record_id DESC`, append(append([]any{}, args...), mine...)...)
		_, err = collect(rows, err, func(r *sql.Rows) (loa.Conversation, error) {
			var at string
			c, err := scanConversation(r, &at)
			if !seen[c.ID] && len(list) <= f.Limit {
				seen[c.ID] = true
				if len(list) == f.Limit { // one more is there: the next page begins after the last that is shown
					next = last
				}
				list, last = append(list, c), at
			}
			return c, err
		})
		return err
	})
	if err != nil {
		return nil, "", fmt.Errorf("search the queue: %w", err)
	}
	return list[:min(len(list), f.Limit)], next, nil
}

// What is only left to be told has no term and stands below all that has one.
const (
	neverDue = math.MaxInt64
	dueOrder = `CASE WHEN c.due_at = 0 THEN 9223372036854775807 ELSE c.due_at END`
)

// order is how a list is read: what is due first, or what is newest.
func (f ConversationFilter) order() (key, direction string) {
	if f.State == "open" || f.State == "late" || f.State == "unreached" {
		return dueOrder, ""
	}
	return `c.last_at`, " DESC"
}

func (f ConversationFilter) where(in loa.Scope) (string, []any) {
	if f.Area != "" {
		f.Me = "" // of that place only
	}
	where, args := mine(in, f.Me, 1)
	args = append(args, in.Office)
	office := `c.office_id`
	if f.State == "unsure" {
		office = `c.office_id || ''` // found by their answers, which are few, and not by walking over all of the office
	}
	where += ` AND ` + office + ` = $` + strconv.Itoa(len(args))
	add := func(condition string, value any) {
		args = append(args, value)
		where += ` AND ` + condition + ` $` + strconv.Itoa(len(args))
	}
	switch f.State {
	case "open":
		where += ` AND c.state = 'open'`
		add(`c.put_off_until <=`, millis(f.Now))
	case "late":
		where += ` AND c.state = 'open' AND c.waits_since > 0`
		add(`c.put_off_until <=`, millis(f.Now))
		add(`c.due_at <`, millis(f.Now))
	case "put_off":
		where += ` AND c.state = 'open'`
		add(`c.put_off_until >`, millis(f.Now))
	case "unreached":
		var condition string
		condition, args = unreachable(f.Now, args)
		where += ` AND ` + condition
	case "unsure":
		var condition string
		condition, args = unsureReplies(in.Office, args)
		where += ` AND ` + condition
	case "done":
		where += ` AND c.state = 'done'`
	}
	switch f.Owner {
	case "":
	case "none":
		where += ` AND c.owner_id = ''`
	default:
		add(`c.owner_id =`, f.Owner)
	}
	if f.Via != "" {
		add(`c.via =`, f.Via)
	}
	return where, args
}

// ConversationsCounted is how far a list is counted: beyond it the page says "more than".
const ConversationsCounted = 1000

// CountConversations counts what a filter asks for, no further than ConversationsCounted.
func (db *DB) CountConversations(ctx context.Context, in loa.Scope, f ConversationFilter) (n int, err error) {
	if in, err = db.narrow(ctx, in, f.Area); err != nil {
		return 0, err
	}
	where, args := f.where(in)
	err = db.read.QueryRowContext(ctx, `SELECT count(*) FROM (SELECT 1 FROM conversation c JOIN area a ON a.id = c.area_id WHERE `+where+limit(ConversationsCounted)+`) x`, args...).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count the queue: %w", err)
	}
	return n, nil
}

// Conversation is one conversation the officer may see.
func (db *DB) Conversation(ctx context.Context, in loa.Scope, me loa.OfficerID, id loa.ConversationID) (loa.Conversation, error) {
	return conversationByID(ctx, db.read, in, me, id)
}

func conversationByID(ctx context.Context, q querier, in loa.Scope, me loa.OfficerID, id loa.ConversationID) (loa.Conversation, error) {
	where, args := mine(in, me, 3)
	c, err := scanConversation(q.QueryRowContext(ctx, `SELECT `+conversationColumns+` FROM conversation c JOIN area a ON a.id = c.area_id WHERE c.id = $1 AND c.office_id = $2 AND `+where, append([]any{id, in.Office}, args...)...))
	return c, notFound(err)
}

// cursor writes where a page ended.
func cursor(at int64, id string) string { return strconv.FormatInt(at, 10) + "." + id }

func cutCursor(s string) (at int64, id string, ok bool) {
	for i := range s {
		if s[i] == '.' {
			n, err := strconv.ParseInt(s[:i], 10, 64)
			return n, s[i+1:], err == nil
		}
	}
	return 0, "", false
}

// shift moves the placeholders of a condition up by n.
func shift(condition string, n int) string {
	if n == 0 {
		return condition
	}
	out := make([]byte, 0, len(condition)+8)
	for i := 0; i < len(condition); i++ {
		if condition[i] != '$' {
			out = append(out, condition[i])
			continue
		}
		end := i + 1
		for end < len(condition) && condition[end] >= '0' && condition[end] <= '9' {
			end++
		}
		number, _ := strconv.Atoi(condition[i+1 : end])
		out = append(out, '$')
		out = strconv.AppendInt(out, int64(number+n), 10)
		i = end - 1
	}
	return string(out)
}
