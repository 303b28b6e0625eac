package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"loa"
	"loa/vn"
)

const askerColumns = `k.question_id, k.office_id, k.area_id, k.link_id, k.page, k.lang, k.name, k.phone, k.call_when, k.consent, k.asked_at, k.called_on, k.called_by, k.outcome, k.erased_at`

func scanAsker(r interface{ Scan(...any) error }) (a loa.Asker, err error) {
	var at, erased int64
	err = r.Scan(&a.Question, &a.Office, &a.Area, &a.Link, &a.Page, &a.Lang, &a.Name, &a.Phone, &a.When, &a.Consent, &at, &a.CalledOn, &a.CalledBy, &a.Outcome, &erased)
	a.At, a.ErasedAt = instant(at), instant(erased)
	return a, err
}

// askedTwice is how long the same words from the same number count as the same form sent again.
const askedTwice = 24 * time.Hour

// AskPublicly records what somebody without a sign-in asked an office, with who they say they are and the words they agreed to. The
// form sent twice, by the ID of its question with the same words and number, or by the same words from the same number within a day, is
// recorded once; other words under an ID that is taken are another question, under an ID of its own. It takes no scope:
// the question lies in one area of that office, or in its own node, and nothing is read back.
func (db *DB) AskPublicly(ctx context.Context, office loa.OfficeID, at time.Time, q loa.Question, a loa.Asker, consentText string) error {
	by := loa.By{At: at}
	a.Name, a.Question, a.Office, a.At = vn.Tidy(a.Name), q.ID, office, at
	q.Text = vn.Tidy(q.Text)
	if err := a.Check(); err != nil {
		return err
	}
	return db.tx(ctx, func(tx *sql.Tx) error {
		if _, err := nextChange(ctx, tx, office, 0); err != nil { // two of the same take turns
			return err
		}
		known, err := askedBefore(ctx, tx, office, at, &q, a)
		if err != nil {
			return fmt.Errorf("look for the form: %w", err)
		}
		if known {
			return nil
		}
		a.Question = q.ID
		in, owner, err := askedAt(ctx, tx, office, &q.Area)
		if err != nil {
			return err
		}
		q.N, q.HappenedOn, q.HappenedAt, a.Area = 1, loa.DayOf(at), at, q.Area
		if q.Owner == "" {
			q.Owner = owner
		}
		if err := db.addQuestion(ctx, tx, in, by, q); err != nil {
			return err
		}
		if err := db.queueQuestion(ctx, tx, in, by, q, loa.ViaPublic); err != nil {
			return err
		}
		if a.Consent != "" {
			_, err := tx.ExecContext(ctx, `INSERT INTO consent_text (version, lang, text, shown_since) VALUES ($1, $2, $3, $4) ON CONFLICT (version) DO NOTHING`, a.Consent, a.Lang, consentText, millis(at))
			if err != nil {
				return fmt.Errorf("keep the words agreed to: %w", err)
			}
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO asker (question_id, office_id, area_id, link_id, page, lang, name, phone, call_when, consent, asked_at) VALUES (`+placeholders(1, 11)+`)`,
			a.Question, office, a.Area, a.Link, a.Page, a.Lang, a.Name, a.Phone, a.When, a.Consent, millis(at))
		if err != nil {
			return fmt.Errorf("record who asked: %w", err)
		}
		return nil
	})
}

// askedBefore reports whether a form has been recorded. Other words under an ID that is taken, as a browser sends them that went back
// to the form it had kept, are another question: it gets an ID made of that one and the words, so that it too is recorded once.
func askedBefore(ctx context.Context, tx *sql.Tx, office loa.OfficeID, at time.Time, q *loa.Question, a loa.Asker) (bool, error) {
	var same bool
	err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM asker k JOIN question q ON q.id = k.question_id
		WHERE k.phone <> '' AND k.phone = $1 AND k.office_id = $2 AND k.asked_at > $3 AND k.page = $4 AND q.text = $5)`, a.Phone, office, millis(at.Add(-askedTwice)), a.Page, q.Text).Scan(&same)
	if err != nil || same {
		return same, err
	}
	first := q.ID
	for range 2 {
		var taken bool
		err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM question_fact WHERE id = $1), EXISTS (SELECT 1 FROM asker k JOIN question_fact q ON q.id = k.question_id
			WHERE q.id = $1 AND k.office_id = $2 AND k.page = $3 AND k.phone = $4 AND q.text = $5)`, q.ID, office, a.Page, a.Phone, q.Text).Scan(&taken, &same)
		if err != nil || same || !taken {
			return same, err
		}
		words := sha256.Sum256([]byte(strings.Join([]string{string(first), a.Page, a.Phone, q.Text}, "\n")))
		q.ID = loa.FactID(loa.MintID(at.Truncate(24*time.Hour), bytes.NewReader(words[:])))
	}
	return true, nil // of the same words
}

// askedAt is the scope of one area of an office, its own node when none is named, and the officer answerable for it.
func askedAt(ctx context.Context, tx *sql.Tx, office loa.OfficeID, area *loa.AreaID) (in loa.Scope, owner loa.OfficerID, err error) {
	if *area == "" {
		if err := tx.QueryRowContext(ctx, `SELECT anchor_id FROM office WHERE id = $1`, office).Scan(area); err != nil {
			return in, "", notFound(err)
		}
	}
	var path string
	err = tx.QueryRowContext(ctx, `SELECT path FROM area WHERE id = $1 AND office_id = $2 AND path <> ''`, *area, office).Scan(&path)
	if err != nil {
		return in, "", notFound(err)
	}
	in = loa.Scope{Office: office, Ranges: []loa.Range{loa.Under(path)}}
	err = tx.QueryRowContext(ctx, `SELECT o.id FROM area a JOIN officer o ON o.id = a.focal_officer_id WHERE a.office_id = $1 AND a.path <> '' AND substr($2, 1, length(a.path)) = a.path
		AND o.office_id = $1 AND o.disabled_at = 0 ORDER BY length(a.path) DESC LIMIT 1`, office, path).Scan(&owner)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return in, "", fmt.Errorf("find who answers for the place: %w", err)
	}
	return in, owner, nil
}

// Asker is who asked a question through a public page; not found for questions that came another way. A number whose owner has
// refused to be called is left out.
func (db *DB) Asker(ctx context.Context, in loa.Scope, id loa.FactID) (loa.Asker, error) {
	return asker(ctx, db.read, in, id)
}

func asker(ctx context.Context, q querier, in loa.Scope, id loa.FactID) (loa.Asker, error) {
	where, args := inScope(in, "a.path", 2)
	k, err := scanAsker(q.QueryRowContext(ctx, `SELECT `+askerColumns+` FROM asker k JOIN area a ON a.id = k.area_id WHERE k.question_id = $1 AND `+where, append([]any{id}, args...)...))
	if err != nil {
		return k, notFound(err)
	}
	if k.Phone != "" {
		if k.Refused, err = callRefused(ctx, q, k.Office, k.Phone); err != nil {
			return loa.Asker{}, err
		}
		if k.Refused {
			k.Phone = ""
		}
	}
	return k, nil
}

// callRefused says whether somebody of the register with that number has refused to be called: the refusal wins over whatever was
// agreed to on a page that cannot know who filled it in.
func callRefused(ctx context.Context, q querier, office loa.OfficeID, phone string) (bool, error) {
	rows, err := q.QueryContext(ctx, `SELECT c.person_id, c.channel, c.agreed, c.happened_on, c.happened_at, c.recorded_at FROM consent c JOIN person p ON p.id = c.person_id
		WHERE p.office_id = $1 AND p.phone = $2 AND c.purpose = 'care' AND c.channel IN ('call', 'all')`, office, phone)
	list, err := collect(rows, err, func(r *sql.Rows) (c loa.Consent, err error) {
		var happened, recorded int64
		err = r.Scan(&c.Person, &c.Channel, &c.Agreed, &c.HappenedOn, &happened, &recorded)
		c.Purpose, c.HappenedAt, c.RecordedAt = "care", instant(happened), instant(recorded)
		return c, err
	})
	if err != nil {
		return false, fmt.Errorf("look for a refusal: %w", err)
	}
	byPerson := map[loa.PersonID][]loa.Consent{}
	for _, c := range list {
		byPerson[c.Person] = append(byPerson[c.Person], c)
	}
	for _, all := range byPerson {
		if loa.ConsentFor(all, "care", "call") == "refused" {
			return true, nil
		}
	}
	return false, nil
}

// CallAsker notes how calling back ended.
func (db *DB) CallAsker(ctx context.Context, in loa.Scope, by loa.By, id loa.FactID, outcome string) error {
	if !loa.OneOf(outcome, loa.CallOutcomes) {
		return loa.Refuse(loa.Invalid, "outcome", "not_in_list")
	}
	return db.changeAsker(ctx, in, by, id, "changed", outcome, `called_on = $1, called_by = $2, outcome = $3`, by.Day(), by.Officer, outcome)
}

// EraseAsker takes the name and the number away for good, as somebody may ask at any time; the question stays.
func (db *DB) EraseAsker(ctx context.Context, in loa.Scope, by loa.By, id loa.FactID) error {
	return db.changeAsker(ctx, in, by, id, "erased", "", `name = '', phone = '', call_when = '', erased_at = $1`, millis(by.At))
}

func (db *DB) changeAsker(ctx context.Context, in loa.Scope, by loa.By, id loa.FactID, act, detail, set string, values ...any) error {
	return db.tx(ctx, func(tx *sql.Tx) error {
		if _, err := nextChange(ctx, tx, in.Office, 1); err != nil {
			return err
		}
		if _, err := asker(ctx, tx, in, id); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE asker SET `+set+fmt.Sprintf(` WHERE question_id = $%d`, len(values)+1), append(values, id)...); err != nil {
			return fmt.Errorf("change who asked: %w", err)
		}
		if act == "erased" {
			return addAudit(ctx, tx, in.Office, by, "erased", "asker", string(id), detail)
		}
		return addAudit(ctx, tx, in.Office, by, "changed", "asker", string(id), detail)
	})
}

// moveAnswers lets a corrected question keep its answers, who asked it and its place in the queue, and be found by its new words only.
func (db *DB) moveAnswers(ctx context.Context, tx *sql.Tx, q, before loa.Question) error {
	old := before.ID
	if _, err := tx.ExecContext(ctx, `UPDATE answer SET question_id = $1, area_id = $2 WHERE question_id = $3`, q.ID, q.Area, old); err != nil {
		return fmt.Errorf("carry the answers over: %w", err)
	}
	if _, err := tx.ExecContext(ctx, `UPDATE asker SET question_id = $1, area_id = $2 WHERE question_id = $3`, q.ID, q.Area, old); err != nil {
		return fmt.Errorf("carry who asked over: %w", err)
	}
	rows, err := tx.QueryContext(ctx, `SELECT text FROM answer WHERE question_id = $1 ORDER BY recorded_at, id`, q.ID)
	answers, err := collectIDs(rows, err)
	if err != nil {
		return fmt.Errorf("read what was answered: %w", err)
	}
	for _, text := range answers {
		if err := db.keepWords(ctx, tx, q.Office, wordsOfQuestion, string(q.ID), text); err != nil {
			return err
		}
		if err := dropWords(ctx, tx, q.Office, wordsOfQuestion, string(old), text); err != nil {
			return err
		}
	}
	if err := dropWords(ctx, tx, q.Office, wordsOfQuestion, string(old), before.Text); err != nil {
		return err
	}
	return moveQueued(ctx, tx, q, old)
}

// ConsentText are the words of a version as they were shown.
func (db *DB) ConsentText(ctx context.Context, version string) (text string, err error) {
	err = db.read.QueryRowContext(ctx, `SELECT text FROM consent_text WHERE version = $1`, version).Scan(&text)
	return text, notFound(err)
}
