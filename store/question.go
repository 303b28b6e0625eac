package store

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"

	"loa"
	"loa/vn"
)

const questionColumns = factColumns + `, happened_at, session_id, person_id, segment_id, form, text, n, owner_id, promised`

func scanQuestion(r interface{ Scan(...any) error }, more ...any) (q loa.Question, err error) {
	var recorded, change, happened int64
	into := append(scanFact(&q.Fact, &recorded, &change), &happened, &q.Session, &q.Person, &q.Segment, &q.Form, &q.Text, &q.N, &q.Owner, &q.Promised)
	err = r.Scan(append(into, more...)...)
	q.RecordedAt, q.HappenedAt = instant(recorded), instant(happened)
	return q, err
}

// AddQuestion records what somebody asked. At a session the form, the day and, when none is named, the village are the
// session's; whoever records it owns it unless another is named.
func (db *DB) AddQuestion(ctx context.Context, in loa.Scope, by loa.By, q loa.Question) error {
	if q.N == 0 {
		q.N = 1
	}
	if q.N < 0 || q.N > 10000 {
		return loa.Refuse(loa.Invalid, "n", "out_of_range")
	}
	return db.tx(ctx, func(tx *sql.Tx) error {
		if q.Session != "" {
			s, err := sessionByID(ctx, tx, in, q.Session)
			if err != nil {
				return err
			}
			if s.State == loa.Cancelled {
				return loa.Refuse(loa.Conflict, "", "session_cancelled")
			}
			q.Form, q.HappenedOn = s.Form, min(s.On, by.Day())
			if q.Area == "" {
				q.Area = s.Area
			}
		}
		if q.Owner == "" {
			q.Owner = by.Officer
		}
		if err := db.addQuestion(ctx, tx, in, by, q); err != nil {
			return err
		}
		return db.queueQuestion(ctx, tx, in, by, q, viaOfQuestion(q))
	})
}

// addQuestion writes the fact, and lets the question be found by its words.
func (db *DB) addQuestion(ctx context.Context, tx *sql.Tx, in loa.Scope, by loa.By, q loa.Question) error {
	q.Text = vn.Tidy(q.Text)
	if err := q.Check(); err != nil {
		return err
	}
	if q.Area == "" {
		return loa.Refuse(loa.Invalid, "area", "required")
	}
	if err := areaInScope(ctx, tx, in, q.Area); err != nil {
		return err
	}
	if q.Person != "" {
		if _, err := personForFact(ctx, tx, in, q.Person); err != nil {
			return err
		}
	}
	if q.Form != "" && !q.Form.Valid() {
		return loa.Refuse(loa.Invalid, "form", "not_in_list")
	}
	if q.Corrects == "" { // who has left since must not hinder a correction
		if err := officerInOffice(ctx, tx, in, q.Owner); err != nil {
			return err
		}
	}
	if q.Segment != "" {
		if err := segmentInOffice(ctx, tx, in, q.Segment); err != nil {
			return err
		}
	}
	q.Office, q.RecordedAt, q.RecordedBy = in.Office, by.At, by.Officer
	if q.HappenedAt.IsZero() {
		q.HappenedAt = by.At
	}
	err := addPersonFact(ctx, tx, by, "question", questionColumns+`, folded`, q.Fact, q.Person, func(change int64) []any {
		return append(factArgs(q.Fact, change), millis(q.HappenedAt), q.Session, q.Person, q.Segment, q.Form, q.Text, q.N, q.Owner, q.Promised, vn.Fold(q.Text))
	})
	if err != nil || q.Void {
		return err
	}
	return db.keepWords(ctx, tx, q.Office, wordsOfQuestion, string(q.ID), q.Text)
}

// CorrectQuestion writes a question anew with what the edit changes; the old one stays readable and its answers move along.
func (db *DB) CorrectQuestion(ctx context.Context, in loa.Scope, by loa.By, id loa.FactID, edit func(q *loa.Question)) (loa.FactID, error) {
	var fresh loa.FactID
	err := db.tx(ctx, func(tx *sql.Tx) error {
		if _, err := nextChange(ctx, tx, in.Office, 0); err != nil { // two officers who correct at once take turns
			return err
		}
		line, err := questionByID(ctx, tx, in, id)
		if err != nil {
			return err
		}
		q, old := line.Question, line.Question
		edit(&q)
		if q == old {
			fresh = old.ID
			return nil
		}
		q.ID, q.Corrects = loa.FactID(loa.NewID()), old.ID
		fresh = q.ID
		if err := db.addQuestion(ctx, tx, in, by, q); err != nil {
			return err
		}
		if err := db.moveAnswers(ctx, tx, q, old); err != nil || q.Owner == old.Owner || q.Owner == "" {
			return err
		}
		return tellOwner(ctx, tx, by, q)
	})
	return fresh, err
}

// tellOwner tells the new owner of a question, once for each way it was asked.
func tellOwner(ctx context.Context, tx *sql.Tx, by loa.By, q loa.Question) error {
	rows, err := tx.QueryContext(ctx, `SELECT id FROM conversation WHERE question_id = $1 AND question_id <> '' ORDER BY id`+limit(20), q.ID)
	list, err := collect(rows, err, func(r *sql.Rows) (id string, err error) { return id, r.Scan(&id) })
	if err != nil {
		return fmt.Errorf("find where a question was asked: %w", err)
	}
	for _, id := range list {
		if err := tellOfficers(ctx, tx, q.Office, by, loa.NoticeGiven, id, false, q.Owner); err != nil {
			return err
		}
	}
	return nil
}

// segmentInOffice refuses a segment of another office.
func segmentInOffice(ctx context.Context, q querier, in loa.Scope, id loa.SegmentID) error {
	var n int
	if err := q.QueryRowContext(ctx, `SELECT count(*) FROM segment WHERE id = $1 AND office_id = $2`, id, in.Office).Scan(&n); err != nil {
		return fmt.Errorf("find the segment: %w", err)
	}
	if n == 0 {
		return loa.ErrNotFound
	}
	return nil
}

// QuestionLine is a question in a list with its newest answer and the session it was asked at.
type QuestionLine struct {
	loa.Question
	Answer       loa.Answer // its ID is empty while nobody answered
	SessionTitle string
	Page         string // the public page it came through; empty when it came another way
	LinkLabel    string // of the link behind it
	LinkKind     loa.LinkKind
	Spoken       int
	ToCall       bool // somebody left a number that still waits
}

// Waits says that nobody has answered yet.
func (l QuestionLine) Waits() bool { return l.Answer.ID == "" }

// ToTell says that an answer was promised, is there, and the asker does not know it yet.
func (l QuestionLine) ToTell() bool {
	return l.Promised && l.Answer.ID != "" && l.Answer.ToldOn == ""
}

// QuestionFilter is what a list of questions is narrowed to.
type QuestionFilter struct {
	State    string  // waiting, tell, promised (asked for and not told yet), answered, outdated; empty: all
	On       loa.Day // the day by which an answer is out of date
	From, To loa.Day // asked between these days, both counted
	Area     loa.AreaID
	Segment  loa.SegmentID
	Form     loa.Form
	Owner    loa.OfficerID
	Session  loa.SessionID
	Words    string
	Page     string     // ask, call: what came through public pages; public: either
	ToCall   bool       // somebody left a number that still waits
	Link     loa.LinkID // came through it
	Villages bool       // in the order of villages instead of age
	Newest   bool
	Offset   int
	Limit    int

	dialect
	found string // those with the words, as look found them
}

const questionFrom = ` FROM question q JOIN area a ON a.id = q.area_id
	LEFT JOIN answer w ON w.id = (SELECT x.id FROM answer x WHERE x.question_id = q.id ORDER BY x.recorded_at DESC, x.id DESC LIMIT 1)
	LEFT JOIN session s ON s.id = q.session_id LEFT JOIN asker k ON k.question_id = q.id LEFT JOIN link ln ON ln.id = k.link_id AND k.link_id <> '' `

const questionLineColumns = `, COALESCE(w.id, ''), COALESCE(w.text, ''), COALESCE(w.cites, ''), COALESCE(w.valid_from, ''), COALESCE(w.valid_to, ''), COALESCE(w.told_on, ''), COALESCE(w.recorded_at, 0), COALESCE(w.recorded_by, ''), COALESCE(s.title, ''), COALESCE(k.page, ''),
	COALESCE(ln.label, ''), COALESCE(ln.kind, ''), COALESCE(ln.spoken, 0), k.phone IS NOT NULL AND k.phone <> '' AND k.outcome <> 'reached'`

func scanQuestionLine(r interface{ Scan(...any) error }) (l QuestionLine, err error) {
	var answered int64
	l.Question, err = scanQuestion(r, &l.Answer.ID, &l.Answer.Text, &l.Answer.Cites, &l.Answer.ValidFrom, &l.Answer.ValidTo, &l.Answer.ToldOn, &answered, &l.Answer.RecordedBy, &l.SessionTitle,
		&l.Page, &l.LinkLabel, &l.LinkKind, &l.Spoken, &l.ToCall)
	l.Answer.Question, l.Answer.RecordedAt = l.Question.ID, instant(answered)
	return l, err
}

func (f QuestionFilter) where(in loa.Scope) (string, []any) {
	where, args := inScope(in, "a.path", 1)
	add := func(condition string, value any) {
		args = append(args, value)
		where += ` AND ` + condition + ` $` + strconv.Itoa(len(args))
	}
	switch f.State {
	case "waiting":
		where += ` AND w.id IS NULL`
	case "tell":
		where += ` AND q.promised AND w.id IS NOT NULL AND w.told_on = ''`
	case "promised":
		where += ` AND q.promised AND (w.id IS NULL OR w.told_on = '')`
	case "answered":
		where += ` AND w.id IS NOT NULL`
	case "outdated":
		add(`w.valid_to <> '' AND w.valid_to <`, f.On)
	}
	if f.From != "" {
		add(`q.happened_on >=`, f.From)
	}
	if f.To != "" {
		add(`q.happened_on <=`, f.To)
	}
	if f.Segment != "" {
		add(`q.segment_id =`, f.Segment)
	}
	if f.Form != "" {
		add(`q.form =`, f.Form)
	}
	if f.Owner != "" {
		add(`q.owner_id =`, f.Owner)
	}
	if f.Session != "" {
		add(`q.session_id =`, f.Session)
	}
	if f.Page == "public" {
		where += ` AND k.page IS NOT NULL`
	} else if f.Page != "" {
		add(`k.page =`, f.Page)
	}
	if f.ToCall {
		where += ` AND k.phone <> '' AND k.outcome <> 'reached'`
	}
	if f.Link != "" {
		add(`k.link_id <> '' AND k.link_id =`, f.Link)
	}
	if f.found != "" {
		args = append(args, f.found)
		where += ` AND ` + f.among("q.id", len(args))
	}
	return where, args
}

// QuestionsFound is how many questions a search goes through, the newest that have all the words.
const QuestionsFound = 500

// look finds what was asked, or answered, in these words: without accents, one phrase for another, the newest first.
func (f *QuestionFilter) look(ctx context.Context, db *DB, office loa.OfficeID) error {
	f.dialect = db.dialect
	numbers := wordNumbers(office, wordsOfQuestion, loa.AskedTerms(f.Words))
	if len(numbers) == 0 {
		return nil
	}
	var ids []string
	_, err := walkWords(ctx, db.read, numbers, "", func() bool { return len(ids) >= QuestionsFound }, func(within string, args []any) error {
		rows, err := db.read.QueryContext(ctx, `SELECT w.record_id FROM word w WHERE `+within+` ORDER BY w.record_id DESC`+limit(QuestionsFound), args...)
		some, err := collectIDs(rows, err)
		ids = append(ids, some...)
		return err
	})
	if err != nil {
		return fmt.Errorf("search questions: %w", err)
	}
	f.found, err = asList(db.dialect, ids[:min(len(ids), QuestionsFound)])
	return err
}

// Questions are those a filter asks for, the oldest first, so that who has waited longest stands on top.
func (db *DB) Questions(ctx context.Context, in loa.Scope, f QuestionFilter) ([]QuestionLine, error) {
	in, err := db.narrow(ctx, in, f.Area)
	if err == nil {
		err = f.look(ctx, db, in.Office)
	}
	if err != nil {
		return nil, err
	}
	if f.Limit <= 0 || f.Limit > 1000 {
		f.Limit = 50
	}
	order := `q.happened_on, q.id`
	if f.Newest {
		order = `q.happened_on DESC, q.id DESC`
	}
	if f.Villages {
		order = `a.path, q.happened_on, q.id`
	}
	if f.found != "" {
		return db.questionsFound(ctx, in, f, order)
	}
	where, args := f.where(in)
	args = append(args, f.Limit, max(f.Offset, 0))
	rows, err := db.read.QueryContext(ctx, `SELECT `+prefixed("q", questionColumns)+questionLineColumns+questionFrom+`WHERE `+where+` ORDER BY `+order+
		` LIMIT $`+strconv.Itoa(len(args)-1)+` OFFSET $`+strconv.Itoa(len(args)), args...)
	out, err := collect(rows, err, func(r *sql.Rows) (QuestionLine, error) { return scanQuestionLine(r) })
	if err != nil {
		return nil, fmt.Errorf("list questions: %w", err)
	}
	return out, nil
}

// questionsFound are the questions of one page of what a search found: first which they are, by what the filter and the order need, then
// all that is shown of those few.
func (db *DB) questionsFound(ctx context.Context, in loa.Scope, f QuestionFilter, order string) ([]QuestionLine, error) {
	where, args := f.where(in)
	from := ` FROM question q JOIN area a ON a.id = q.area_id `
	if f.State != "" || f.Page != "" || f.ToCall || f.Link != "" {
		from = questionFrom
	}
	args = append(args, f.Limit, max(f.Offset, 0))
	rows, err := db.read.QueryContext(ctx, `SELECT q.id`+from+`WHERE `+where+` ORDER BY `+order+` LIMIT $`+strconv.Itoa(len(args)-1)+` OFFSET $`+strconv.Itoa(len(args)), args...)
	ids, err := collectIDs(rows, err)
	if err != nil {
		return nil, fmt.Errorf("search questions: %w", err)
	}
	these, err := asList(db.dialect, ids)
	if err != nil {
		return nil, err
	}
	rows, err = db.read.QueryContext(ctx, `SELECT `+prefixed("q", questionColumns)+questionLineColumns+questionFrom+`WHERE `+db.among("q.id", 1)+` ORDER BY `+order, these)
	out, err := collect(rows, err, func(r *sql.Rows) (QuestionLine, error) { return scanQuestionLine(r) })
	if err != nil {
		return nil, fmt.Errorf("list questions: %w", err)
	}
	return out, nil
}

// CountQuestions counts what a filter asks for.
func (db *DB) CountQuestions(ctx context.Context, in loa.Scope, f QuestionFilter) (n int64, err error) {
	if in, err = db.narrow(ctx, in, f.Area); err != nil {
		return 0, err
	}
	if err := f.look(ctx, db, in.Office); err != nil {
		return 0, err
	}
	where, args := f.where(in)
	if err := db.read.QueryRowContext(ctx, `SELECT count(*)`+questionFrom+`WHERE `+where, args...).Scan(&n); err != nil {
		return 0, fmt.Errorf("count questions: %w", err)
	}
	return n, nil
}

// CountAsked counts how many people asked what a filter asks for, as reports do: a question of three people counts three.
func (db *DB) CountAsked(ctx context.Context, in loa.Scope, f QuestionFilter) (n int64, err error) {
	if in, err = db.narrow(ctx, in, f.Area); err != nil {
		return 0, err
	}
	if err := f.look(ctx, db, in.Office); err != nil {
		return 0, err
	}
	where, args := f.where(in)
	if err := db.read.QueryRowContext(ctx, `SELECT CAST(COALESCE(sum(q.n), 0) AS BIGINT)`+questionFrom+`WHERE `+where, args...).Scan(&n); err != nil {
		return 0, fmt.Errorf("count who asked: %w", err)
	}
	return n, nil
}

// Question is one question inside the scope with its newest answer. The ID of a corrected one answers with the correction.
func (db *DB) Question(ctx context.Context, in loa.Scope, id loa.FactID) (QuestionLine, error) {
	return questionByID(ctx, db.read, in, id)
}

func questionByID(ctx context.Context, q querier, in loa.Scope, id loa.FactID) (QuestionLine, error) {
	for range 50 { // corrections of corrections
		var next loa.FactID
		err := q.QueryRowContext(ctx, `SELECT id FROM question_fact WHERE corrects = $1 AND corrects <> '' ORDER BY change_no DESC, id DESC LIMIT 1`, id).Scan(&next)
		if err == sql.ErrNoRows {
			break
		}
		if err != nil {
			return QuestionLine{}, fmt.Errorf("follow a correction: %w", err)
		}
		id = next
	}
	where, args := inScope(in, "a.path", 2)
	l, err := scanQuestionLine(q.QueryRowContext(ctx, `SELECT `+prefixed("q", questionColumns)+questionLineColumns+questionFrom+`WHERE q.id = $1 AND `+where, append([]any{id}, args...)...))
	return l, notFound(err)
}
