package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"loa"
)

// StoriesFor is the only door to stories that are told: the calculator, leaflets, scripts and public pages ask here each time and keep
// nothing. A story comes out while it is approved, its consent holds on the day, and the register does not forbid it; whatever ends one
// of these takes the story out of every place at once. What is approved is told everywhere in the office.
func (db *DB) StoriesFor(ctx context.Context, office loa.OfficeID, f loa.StoryFilter) (out []loa.Told, err error) {
	err = db.snapshot(ctx, func(tx *sql.Tx) error {
		out, err = storiesFor(ctx, tx, office, f, "")
		return err
	})
	return out, err
}

// storiesFor may be asked for one story alone.
func storiesFor(ctx context.Context, q querier, office loa.OfficeID, f loa.StoryFilter, only loa.StoryID) ([]loa.Told, error) {
	if !f.On.Valid() {
		return nil, loa.Refuse(loa.Invalid, "on", "bad_day")
	}
	under := loa.Range{From: "", To: "\x7f"}
	if f.Commune != "" {
		var path string
		if err := q.QueryRowContext(ctx, `SELECT path FROM area WHERE id = $1 AND office_id = $2`, f.Commune, office).Scan(&path); err != nil {
			return nil, notFound(err)
		}
		under = loa.Under(path)
	}
	places := map[loa.StoryID]string{}
	rows, err := q.QueryContext(ctx, `SELECT `+storyColumns+`, a.kind, a.prefix, a.name FROM story s JOIN area a ON a.id = s.area_id
		WHERE s.office_id = $1 AND s.state = 'approved' AND s.consent_on <= $2 AND s.consent_until >= $2 AND a.path >= $3 AND a.path < $4 AND ($5 = '' OR s.id = $5)
		ORDER BY s.approved_at DESC, s.id`, office, f.On, under.From, under.To, only)
	list, err := collect(rows, err, func(r *sql.Rows) (loa.Story, error) {
		var a loa.Area
		s, err := scanStory(r, &a.Kind, &a.Prefix, &a.Name)
		if a.Kind != loa.OfficeNode { // a story whose commune nobody stated tells no place
			places[s.ID] = a.Label()
		}
		return s, err
	})
	if err != nil {
		return nil, fmt.Errorf("read the stories to tell: %w", err)
	}
	list = slices.DeleteFunc(list, func(s loa.Story) bool { return !s.Told(f.On) || !fitsStory(s, f) })
	silent, err := silenced(ctx, q, list)
	if err != nil {
		return nil, err
	}
	list = slices.DeleteFunc(list, func(s loa.Story) bool { return silent[s.Person] != "" })
	if err := addTellings(ctx, q, list); err != nil {
		return nil, err
	}
	voices, err := storyVoices(ctx, q, office, list)
	if err != nil {
		return nil, err
	}
	var out []loa.Told
	for _, s := range list {
		if t, ok := told(s, voices[s.ID], f); ok {
			t.Place = places[s.ID]
			out = append(out, t)
		}
		if f.Take > 0 && len(out) == f.Take {
			break
		}
	}
	return out, nil
}

func fitsStory(s loa.Story, f loa.StoryFilter) bool {
	scheme := f.Scheme == "" || slices.ContainsFunc(f.Scheme.Parts(), func(x loa.Scheme) bool { return slices.Contains(s.Schemes, x) })
	return scheme && (f.Audience == "" || len(s.Audiences) == 0 || slices.Contains(s.Audiences, f.Audience))
}

// told is a story in a language, by its words or by its recording; without a language, in its first.
func told(s loa.Story, voices []loa.Clip, f loa.StoryFilter) (loa.Told, bool) {
	lang := f.Lang
	first := loa.Telling{}
	if len(s.Tellings) > 0 {
		first = s.Tellings[0]
	}
	if lang == "" {
		lang = first.Lang
	}
	t := loa.Told{Story: s.ID, Name: s.Name, Area: s.Area, Schemes: s.Schemes, Audiences: s.Audiences, Lang: loa.Tongue(lang), Synthetic: s.Synthetic}
	words, written := s.In(lang)
	t.WordsLang, t.Change, t.Text = words.Lang, words.Change, words.Text
	if !written {
		if line, ok := s.In(f.Words); ok {
			first = line
		}
		t.WordsLang, t.Change = first.Lang, first.Change
	}
	for _, c := range voices {
		if c.Lang == t.Lang && t.Clip == "" {
			t.Clip, t.Seconds = c.ID, c.Seconds
		}
	}
	return t, written || t.Clip != ""
}

// storyVoices are the recordings in use of stories.
func storyVoices(ctx context.Context, q querier, office loa.OfficeID, list []loa.Story) (map[loa.StoryID][]loa.Clip, error) {
	out := map[loa.StoryID][]loa.Clip{}
	for start := 0; start < len(list); start += 300 {
		part := list[start:min(start+300, len(list))]
		keys := []any{office}
		for _, s := range part {
			keys = append(keys, loa.StoryKey(s.ID))
		}
		rows, err := q.QueryContext(ctx, `SELECT `+clipColumns+` FROM clip c WHERE c.office_id = $1 AND c.state = 'approved' AND c.purpose IN (`+placeholders(2, len(part))+`) ORDER BY c.approved_at DESC, c.id`, keys...)
		err = each(rows, err, func(r *sql.Rows) error {
			c, err := scanClip(r)
			out[c.Story()] = append(out[c.Story()], c)
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("read the voices of stories: %w", err)
		}
	}
	return out, nil
}

// UseStory notes where a story was used, refused for one that may not be told on the day.
func (db *DB) UseStory(ctx context.Context, in loa.Scope, by loa.By, u loa.StoryUse) error {
	return db.tx(ctx, func(tx *sql.Tx) error { return useStory(ctx, tx, in, by, u) })
}

// useStory is UseStory inside a transaction that makes what the story stands on. A use noted before under the same ID stays as it is.
func useStory(ctx context.Context, tx *sql.Tx, in loa.Scope, by loa.By, u loa.StoryUse) error {
	if err := u.Check(); err != nil {
		return err
	}
	if in.Empty() {
		return loa.ErrNotFound
	}
	list, err := storiesFor(ctx, tx, in.Office, loa.StoryFilter{On: by.Day()}, u.Story)
	if err != nil {
		return err
	}
	if len(list) == 0 {
		return loa.ErrNotFound
	}
	if _, err := nextChange(ctx, tx, in.Office, 1); err != nil {
		return err
	}
	if u.ID == "" {
		u.ID = loa.NewID()
	}
	done, err := tx.ExecContext(ctx, `INSERT INTO story_use (id, office_id, story_id, kind, ref, batch, copies, used_at, used_by) VALUES (`+placeholders(1, 9)+`) ON CONFLICT (id) DO NOTHING`,
		u.ID, in.Office, u.Story, u.Kind, u.Ref, u.Batch, u.Copies, millis(by.At), by.Officer)
	if err != nil {
		return fmt.Errorf("note the use of a story: %w", err)
	}
	if n, err := done.RowsAffected(); err != nil || n == 0 {
		return err
	}
	return addAudit(ctx, tx, in.Office, by, "used", "story", string(u.Story), u.Kind)
}

// StoryUses are the places a story was used in, newest first.
func (db *DB) StoryUses(ctx context.Context, in loa.Scope, id loa.StoryID) ([]loa.StoryUse, error) {
	if _, err := storyIn(ctx, db.read, in, id); err != nil {
		return nil, err
	}
	rows, err := db.read.QueryContext(ctx, `SELECT id, story_id, kind, ref, batch, copies, used_at, used_by FROM story_use WHERE story_id = $1 ORDER BY used_at DESC, id DESC`+limit(500), id)
	list, err := collect(rows, err, func(r *sql.Rows) (u loa.StoryUse, err error) {
		var at int64
		err = r.Scan(&u.ID, &u.Story, &u.Kind, &u.Ref, &u.Batch, &u.Copies, &at, &u.By)
		u.At = instant(at)
		return u, err
	})
	if err != nil {
		return nil, fmt.Errorf("read where a story was used: %w", err)
	}
	return list, nil
}
