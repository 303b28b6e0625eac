package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"loa"
	"loa/vn"
)

// AddStory writes a story down as a draft: nobody is told it before a second officer approves it.
func (db *DB) AddStory(ctx context.Context, in loa.Scope, by loa.By, s loa.Story) (loa.Story, error) {
	s = tidyStory(s)
	s.Office, s.State, s.Synthetic, s.CreatedAt, s.CreatedBy, s.ChangedBy = in.Office, loa.StoryDraft, false, by.At, by.Officer, by.Officer
	if s.ID == "" {
		s.ID = loa.StoryID(loa.NewID())
	}
	if err := checkStory(s, by); err != nil {
		return s, err
	}
	err := db.tx(ctx, func(tx *sql.Tx) error {
		if err := storyLinks(ctx, tx, in, s); err != nil {
			return err
		}
		var err error
		if s.ChangeNo, err = nextChange(ctx, tx, in.Office, 1); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO story (`+bare(storyColumns, "s.")+`, folded) VALUES (`+placeholders(1, 25)+`)`, append(storyArgs(s), storyFolded(s))...); err != nil {
			return fmt.Errorf("save a story: %w", err)
		}
		if err := saveTellings(ctx, tx, s); err != nil {
			return err
		}
		return addAudit(ctx, tx, in.Office, by, "created", "story", string(s.ID), "")
	})
	return s, err
}

func tidyStory(s loa.Story) loa.Story {
	s.Name, s.Consent.Proof = vn.Tidy(s.Name), vn.Tidy(s.Consent.Proof)
	s.Tellings = slices.Clone(s.Tellings)
	for i, t := range s.Tellings {
		s.Tellings[i].Change, s.Tellings[i].Text = vn.Tidy(t.Change), strings.TrimSpace(t.Text)
	}
	return s
}

func checkStory(s loa.Story, by loa.By) error {
	if err := s.Check(); err != nil {
		return err
	}
	if s.Consent.On > by.Day() {
		return loa.Refuse(loa.Invalid, "consent_on", "future_day")
	}
	return nil
}

// storyLinks refuses a place or a person outside the scope.
func storyLinks(ctx context.Context, tx *sql.Tx, in loa.Scope, s loa.Story) error {
	if _, err := areaForWrite(ctx, tx, in, s.Area); err != nil {
		return err
	}
	if s.Person == "" {
		return nil
	}
	_, err := personForFact(ctx, tx, in, s.Person)
	return err
}

// storyFolded is what a search looks through: the name and every word told.
func storyFolded(s loa.Story) string {
	words := s.Name
	for _, t := range s.Tellings {
		words += " " + t.Change + " " + t.Text
	}
	return vn.Fold(words)
}

func saveTellings(ctx context.Context, tx *sql.Tx, s loa.Story) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM story_text WHERE story_id = $1`, s.ID); err != nil {
		return fmt.Errorf("clear how a story is told: %w", err)
	}
	for _, t := range s.Tellings {
		if _, err := tx.ExecContext(ctx, `INSERT INTO story_text (story_id, lang, change, text) VALUES ($1, $2, $3, $4)`, s.ID, t.Lang, t.Change, t.Text); err != nil {
			return fmt.Errorf("save how a story is told: %w", err)
		}
	}
	return nil
}

// SaveStory changes a story. What was approved is a draft again, since nobody has read the new words yet. read is the change number the
// form was filled in at; a story somebody else changed since is refused and nothing is written.
func (db *DB) SaveStory(ctx context.Context, in loa.Scope, by loa.By, s loa.Story, read int64) error {
	s = tidyStory(s)
	if err := checkStory(s, by); err != nil {
		return err
	}
	return db.tx(ctx, func(tx *sql.Tx) error {
		change, err := nextChange(ctx, tx, in.Office, 1)
		if err != nil {
			return err
		}
		old, err := storyIn(ctx, tx, in, s.ID)
		if err != nil {
			return err
		}
		if err := storyLinks(ctx, tx, in, s); err != nil {
			return err
		}
		switch {
		case read > 0 && old.ChangeNo > read:
			return loa.Refuse(loa.Conflict, "", "story_changed")
		case old.State == loa.StoryWithdrawn:
			return loa.Refuse(loa.Conflict, "", "story_withdrawn")
		}
		if s.Consent.Attachment == "" {
			s.Consent.Attachment = old.Consent.Attachment // a form without a file leaves the proof as it is
		}
		was, is := storyFields(old), storyFields(s)
		var names []string
		for _, f := range storyFieldNames {
			if was[f] == is[f] {
				continue
			}
			names = append(names, f)
			if err := addVersion(ctx, tx, in.Office, by, change, "story", string(s.ID), f, was[f], is[f]); err != nil {
				return err
			}
		}
		if len(names) == 0 {
			return nil
		}
		_, err = tx.ExecContext(ctx, `UPDATE story SET area_id = $1, name = $2, folded = $3, person_id = $4, schemes = $5, audiences = $6, how = $7, proof = $8, attachment_id = $9, consent_by = $10,
			consent_on = $11, consent_until = $12, state = 'draft', approved_at = 0, approved_by = '', changed_by = $13, change_no = $14 WHERE id = $15`,
			s.Area, s.Name, storyFolded(s), s.Person, is["schemes"], is["audiences"], s.Consent.How, s.Consent.Proof, s.Consent.Attachment, s.Consent.Officer, s.Consent.On, s.Consent.Until, by.Officer, change, s.ID)
		if err != nil {
			return fmt.Errorf("save a story: %w", err)
		}
		if _, err := tx.ExecContext(ctx, `UPDATE clip SET area_id = $1 WHERE office_id = $2 AND purpose = $3`, s.Area, in.Office, loa.StoryKey(s.ID)); err != nil {
			return fmt.Errorf("move the voices of a story: %w", err)
		}
		if err := saveTellings(ctx, tx, s); err != nil {
			return err
		}
		return addAudit(ctx, tx, in.Office, by, "changed", "story", string(s.ID), strings.Join(names, " "))
	})
}

// storyFieldNames are the fields a story keeps a version of when they change.
var storyFieldNames = func() []string {
	out := []string{"area_id", "name", "person_id", "schemes", "audiences", "how", "proof", "attachment_id", "consent_by", "consent_on", "consent_until"}
	for _, lang := range loa.Tongues {
		out = append(out, "change_"+lang, "text_"+lang)
	}
	return out
}()

func storyFields(s loa.Story) map[string]string {
	out := map[string]string{"area_id": string(s.Area), "name": s.Name, "person_id": string(s.Person), "schemes": strings.Join(texts(s.Schemes), " "), "audiences": strings.Join(s.Audiences, " "),
		"how": s.Consent.How, "proof": s.Consent.Proof, "attachment_id": string(s.Consent.Attachment), "consent_by": string(s.Consent.Officer), "consent_on": string(s.Consent.On), "consent_until": string(s.Consent.Until)}
	for _, t := range s.Tellings {
		out["change_"+t.Lang], out["text_"+t.Lang] = t.Change, t.Text
	}
	return out
}

// ApproveStory lets a story be told, with the recordings made of it by others than the approver. It is refused to whoever wrote it, and
// where the register forbids to tell about the person.
func (db *DB) ApproveStory(ctx context.Context, in loa.Scope, by loa.By, id loa.StoryID) error {
	return db.moveStory(ctx, in, by, id, "approved", func(tx *sql.Tx, s loa.Story) error {
		if err := s.MayApprove(by.Officer, by.Day()); err != nil {
			return err
		}
		silent, err := silenced(ctx, tx, []loa.Story{s})
		if err != nil {
			return err
		}
		if why := silent[s.Person]; why != "" {
			code := "story_" + why // story_refused, story_died
			return loa.Refuse(loa.Conflict, "", code)
		}
		if _, err := tx.ExecContext(ctx, `UPDATE story SET state = 'approved', approved_at = $1, approved_by = $2, ended_at = 0, ended_by = '', why = '' WHERE id = $3`, millis(by.At), by.Officer, id); err != nil {
			return fmt.Errorf("approve a story: %w", err)
		}
		clips, err := clipsWhere(ctx, tx, `c.office_id = $1 AND c.purpose = $2 AND c.state = 'draft' ORDER BY c.created_at, c.id`, in.Office, loa.StoryKey(id))
		if err != nil {
			return err
		}
		for _, c := range clips {
			if c.MayApprove(by.Officer) == nil {
				if err := useClip(ctx, tx, by, c); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// WithdrawStory takes a story out of every place at once, without a question and by any officer of the place: the person changed their mind.
func (db *DB) WithdrawStory(ctx context.Context, in loa.Scope, by loa.By, id loa.StoryID, why string) error {
	return db.moveStory(ctx, in, by, id, "withdrawn", func(tx *sql.Tx, s loa.Story) error {
		if s.State == loa.StoryWithdrawn {
			return loa.Refuse(loa.Conflict, "", "story_withdrawn")
		}
		_, err := tx.ExecContext(ctx, `UPDATE story SET state = 'withdrawn', approved_at = 0, approved_by = '', ended_at = $1, ended_by = $2, why = $3 WHERE id = $4`, millis(by.At), by.Officer, vn.Tidy(why), id)
		return err
	})
}

// RestoreStory makes a withdrawn story a draft again; it is told only when a second officer approves it anew.
func (db *DB) RestoreStory(ctx context.Context, in loa.Scope, by loa.By, id loa.StoryID) error {
	return db.moveStory(ctx, in, by, id, "restored", func(tx *sql.Tx, s loa.Story) error {
		if s.State != loa.StoryWithdrawn {
			return loa.Refuse(loa.Conflict, "", "story_not_withdrawn")
		}
		_, err := tx.ExecContext(ctx, `UPDATE story SET state = 'draft', ended_at = 0, ended_by = '', why = '', changed_by = $1 WHERE id = $2`, by.Officer, id)
		return err
	})
}

func (db *DB) moveStory(ctx context.Context, in loa.Scope, by loa.By, id loa.StoryID, act string, move func(tx *sql.Tx, s loa.Story) error) error {
	return db.tx(ctx, func(tx *sql.Tx) error {
		change, err := nextChange(ctx, tx, in.Office, 1)
		if err != nil {
			return err
		}
		s, err := storyIn(ctx, tx, in, id)
		if err != nil {
			return err
		}
		if err := move(tx, s); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE story SET change_no = $1 WHERE id = $2`, change, id); err != nil {
			return fmt.Errorf("move a story: %w", err)
		}
		return addAudit(ctx, tx, in.Office, by, act, "story", string(id), "")
	})
}
