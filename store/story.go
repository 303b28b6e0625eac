package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"loa"
	"loa/vn"
)

const storyColumns = `s.id, s.office_id, s.area_id, s.name, s.person_id, s.schemes, s.audiences, s.how, s.proof, s.attachment_id, s.consent_by, s.consent_on, s.consent_until,
	s.state, s.synthetic, s.created_at, s.created_by, s.changed_by, s.approved_at, s.approved_by, s.ended_at, s.ended_by, s.why, s.change_no`

func scanStory(r interface{ Scan(...any) error }, more ...any) (s loa.Story, err error) {
	var schemes, audiences string
	var created, approved, ended int64
	err = r.Scan(append([]any{&s.ID, &s.Office, &s.Area, &s.Name, &s.Person, &schemes, &audiences, &s.Consent.How, &s.Consent.Proof, &s.Consent.Attachment, &s.Consent.Officer,
		&s.Consent.On, &s.Consent.Until, &s.State, &s.Synthetic, &created, &s.CreatedBy, &s.ChangedBy, &approved, &s.ApprovedBy, &ended, &s.EndedBy, &s.Why, &s.ChangeNo}, more...)...)
	for _, w := range strings.Fields(schemes) {
		s.Schemes = append(s.Schemes, loa.Scheme(w))
	}
	s.Audiences = strings.Fields(audiences)
	s.CreatedAt, s.ApprovedAt, s.EndedAt = instant(created), instant(approved), instant(ended)
	return s, err
}

func storyArgs(s loa.Story) []any {
	return []any{s.ID, s.Office, s.Area, s.Name, s.Person, strings.Join(texts(s.Schemes), " "), strings.Join(s.Audiences, " "), s.Consent.How, s.Consent.Proof, s.Consent.Attachment, s.Consent.Officer,
		s.Consent.On, s.Consent.Until, s.State, s.Synthetic, millis(s.CreatedAt), s.CreatedBy, s.ChangedBy, millis(s.ApprovedAt), s.ApprovedBy, millis(s.EndedAt), s.EndedBy, s.Why, s.ChangeNo}
}

// StoryLine is a story with why the register forbids to tell it, empty when it does not.
type StoryLine struct {
	loa.Story
	Silenced string // refused died
}

// StorySearch narrows the officers' own list of stories.
type StorySearch struct {
	State    string // draft approved withdrawn expired; empty for all
	Scheme   loa.Scheme
	Audience string
	Area     loa.AreaID // at or below it
	Words    string
	On       loa.Day
}

// Stories are the stories of the scope in every state, those that wait for approval first, then the newest.
func (db *DB) Stories(ctx context.Context, in loa.Scope, f StorySearch) ([]StoryLine, error) {
	where, args := inScope(in, "a.path", 2)
	if f.Area != "" {
		var path string
		if err := db.read.QueryRowContext(ctx, `SELECT path FROM area WHERE id = $1`, f.Area).Scan(&path); err != nil {
			return nil, notFound(err)
		}
		where, args = inScope(in.Narrow(path), "a.path", 2)
	}
	args = append([]any{in.Office}, args...)
	for _, w := range vn.Words(vn.Fold(f.Words)) {
		args = append(args, "% "+w+"%")
		where += ` AND ' ' || s.folded LIKE $` + strconv.Itoa(len(args))
	}
	rows, err := db.read.QueryContext(ctx, `SELECT `+storyColumns+` FROM story s JOIN area a ON a.id = s.area_id WHERE s.office_id = $1 AND `+where+`
		ORDER BY CASE s.state WHEN 'draft' THEN 0 WHEN 'approved' THEN 1 ELSE 2 END, s.created_at DESC, s.id`+limit(1000), args...)
	list, err := collect(rows, err, func(r *sql.Rows) (loa.Story, error) { return scanStory(r) })
	if err != nil {
		return nil, fmt.Errorf("read the stories: %w", err)
	}
	list = slices.DeleteFunc(list, func(s loa.Story) bool {
		state := string(s.State)
		if s.State == loa.StoryApproved && s.Expired(f.On) {
			state = "expired"
		}
		return f.State != "" && f.State != state || f.Scheme != "" && !slices.Contains(s.Schemes, f.Scheme) || f.Audience != "" && !slices.Contains(s.Audiences, f.Audience)
	})
	return db.storyLines(ctx, list)
}

// Story is one story of the scope in any state.
func (db *DB) Story(ctx context.Context, in loa.Scope, id loa.StoryID) (StoryLine, error) {
	s, err := storyIn(ctx, db.read, in, id)
	if err != nil {
		return StoryLine{}, err
	}
	list, err := db.storyLines(ctx, []loa.Story{s})
	if err != nil {
		return StoryLine{}, err
	}
	return list[0], nil
}

// storyLines adds the tellings and what the register says of the people.
func (db *DB) storyLines(ctx context.Context, list []loa.Story) ([]StoryLine, error) {
	if err := addTellings(ctx, db.read, list); err != nil {
		return nil, err
	}
	silent, err := silenced(ctx, db.read, list)
	if err != nil {
		return nil, err
	}
	out := make([]StoryLine, len(list))
	for i, s := range list {
		out[i] = StoryLine{s, silent[s.Person]}
	}
	return out, nil
}

func storyIn(ctx context.Context, q querier, in loa.Scope, id loa.StoryID) (loa.Story, error) {
	var path string
	s, err := scanStory(q.QueryRowContext(ctx, `SELECT `+storyColumns+`, a.path FROM story s JOIN area a ON a.id = s.area_id WHERE s.id = $1`, id), &path)
	if err != nil {
		return s, notFound(err)
	}
	if s.Office != in.Office || !in.Holds(path) {
		return loa.Story{}, loa.ErrNotFound
	}
	one := []loa.Story{s}
	err = addTellings(ctx, q, one)
	return one[0], err
}

// addTellings reads the languages of stories, in the order forms offer them.
func addTellings(ctx context.Context, q querier, list []loa.Story) error {
	at := make(map[loa.StoryID]int, len(list))
	for i, s := range list {
		at[s.ID] = i
		list[i].Tellings = nil
	}
	for start := 0; start < len(list); start += 300 {
		part := list[start:min(start+300, len(list))]
		ids := make([]any, len(part))
		for i, s := range part {
			ids[i] = s.ID
		}
		rows, err := q.QueryContext(ctx, `SELECT story_id, lang, change, text FROM story_text WHERE story_id IN (`+placeholders(1, len(ids))+`)`, ids...)
		err = each(rows, err, func(r *sql.Rows) error {
			var id loa.StoryID
			var t loa.Telling
			if err := r.Scan(&id, &t.Lang, &t.Change, &t.Text); err != nil {
				return err
			}
			s := &list[at[id]]
			s.Tellings = append(s.Tellings, t)
			return nil
		})
		if err != nil {
			return fmt.Errorf("read how stories are told: %w", err)
		}
	}
	for i := range list {
		slices.SortFunc(list[i].Tellings, func(a, b loa.Telling) int {
			return slices.Index(loa.Tongues, a.Lang) - slices.Index(loa.Tongues, b.Lang)
		})
	}
	return nil
}

// silenced says for the people of stories why the register forbids to tell about them. Refusals and a death are looked for in every
// record that was merged with a person's.
func silenced(ctx context.Context, q querier, list []loa.Story) (map[loa.PersonID]string, error) {
	out := map[loa.PersonID]string{}
	var people []loa.PersonID
	for _, s := range list {
		if s.Person != "" && !slices.Contains(people, s.Person) {
			people = append(people, s.Person)
		}
	}
	for start := 0; start < len(people); start += 200 {
		if err := silencedPart(ctx, q, people[start:min(start+200, len(people))], out); err != nil {
			return nil, fmt.Errorf("ask the register about the people of stories: %w", err)
		}
	}
	return out, nil
}

func silencedPart(ctx context.Context, q querier, people []loa.PersonID, out map[loa.PersonID]string) error {
	of := map[loa.PersonID][]loa.PersonID{} // a record → the people of stories it belongs to
	into := map[loa.PersonID][]loa.PersonID{}
	rows, err := q.QueryContext(ctx, `SELECT id, merged_into FROM person WHERE id IN (`+placeholders(1, len(people))+`)`, anyOf(people)...)
	err = each(rows, err, func(r *sql.Rows) error {
		var id, merged loa.PersonID
		if err := r.Scan(&id, &merged); err != nil {
			return err
		}
		of[id] = append(of[id], id)
		if merged == "" {
			merged = id
		} else {
			of[merged] = append(of[merged], id)
		}
		into[merged] = append(into[merged], id)
		return nil
	})
	if err != nil || len(into) == 0 {
		return err
	}
	var kept []any
	for id := range into {
		kept = append(kept, id)
	}
	rows, err = q.QueryContext(ctx, `SELECT id, merged_into FROM person WHERE merged_into <> '' AND merged_into IN (`+placeholders(1, len(kept))+`)`, kept...)
	err = each(rows, err, func(r *sql.Rows) error {
		var id, merged loa.PersonID
		if err := r.Scan(&id, &merged); err != nil {
			return err
		}
		for _, p := range into[merged] {
			if !slices.Contains(of[id], p) {
				of[id] = append(of[id], p)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	var ids []any
	for id := range of {
		ids = append(ids, id)
	}
	died, said := map[loa.PersonID]bool{}, map[loa.PersonID][]loa.Consent{}
	rows, err = q.QueryContext(ctx, `SELECT person_id FROM leaving WHERE reason = 'death' AND person_id IN (`+placeholders(1, len(ids))+`)`, ids...)
	err = eachID(rows, err, func(id loa.PersonID) {
		for _, p := range of[id] {
			died[p] = true
		}
	})
	if err != nil {
		return err
	}
	rows, err = q.QueryContext(ctx, `SELECT person_id, purpose, channel, agreed, happened_on, happened_at, recorded_at FROM consent WHERE person_id IN (`+placeholders(1, len(ids))+`)`, ids...)
	err = each(rows, err, func(r *sql.Rows) error {
		var c loa.Consent
		var happened, recorded int64
		if err := r.Scan(&c.Person, &c.Purpose, &c.Channel, &c.Agreed, &c.HappenedOn, &happened, &recorded); err != nil {
			return err
		}
		c.HappenedAt, c.RecordedAt = instant(happened), instant(recorded)
		for _, p := range of[c.Person] {
			said[p] = append(said[p], c)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, p := range people {
		if why := loa.Silenced(said[p], died[p]); why != "" {
			out[p] = why
		}
	}
	return nil
}
