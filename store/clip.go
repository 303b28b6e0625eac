package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"

	"loa"
	"loa/vn"
)

const clipColumns = `c.id, c.office_id, c.area_id, c.purpose, c.lang, c.dialect, c.speaker, c.says, c.attachment_id, c.mime, c.sha256, c.size, c.seconds, c.state, c.synthetic,
	c.created_at, c.created_by, c.approved_at, c.approved_by, c.ended_at, c.ended_by, c.until_on, c.machine, c.levelled, c.cut_from, c.script_version, c.fits`

func scanClip(r interface{ Scan(...any) error }, more ...any) (c loa.Clip, err error) {
	var created, approved, ended int64
	var fits string
	err = r.Scan(append([]any{&c.ID, &c.Office, &c.Area, &c.Key, &c.Lang, &c.Dialect, &c.Speaker, &c.Says, &c.Attachment, &c.MIME, &c.SHA256, &c.Size, &c.Seconds, &c.State, &c.Synthetic,
		&created, &c.CreatedBy, &approved, &c.ApprovedBy, &ended, &c.EndedBy, &c.Until, &c.Machine, &c.Levelled, &c.CutFrom, &c.Version, &fits}, more...)...)
	if err == nil {
		err = json.Unmarshal([]byte(fits), &c.Fits)
	}
	c.CreatedAt, c.ApprovedAt, c.EndedAt = instant(created), instant(approved), instant(ended)
	return c, err
}

func clipArgs(c loa.Clip) []any {
	fits, err := json.Marshal(slices.Concat([]loa.Fit{}, c.Fits))
	if err != nil {
		panic(err) // numbers, names and moments
	}
	return []any{c.ID, c.Office, c.Area, c.Key, c.Lang, c.Dialect, c.Speaker, c.Says, c.Attachment, c.MIME, c.SHA256, c.Size, c.Seconds, c.State, c.Synthetic,
		millis(c.CreatedAt), c.CreatedBy, millis(c.ApprovedAt), c.ApprovedBy, millis(c.EndedAt), c.EndedBy, c.Until, c.Machine, c.Levelled, c.CutFrom, c.Version, string(fits)}
}

func clipsWhere(ctx context.Context, q querier, where string, args ...any) ([]loa.Clip, error) {
	rows, err := q.QueryContext(ctx, `SELECT `+clipColumns+` FROM clip c WHERE `+where, args...)
	list, err := collect(rows, err, func(r *sql.Rows) (loa.Clip, error) { return scanClip(r) })
	if err != nil {
		return nil, fmt.Errorf("read recordings: %w", err)
	}
	return list, nil
}

// Clips are the recordings of the office for one purpose, in every state, newest first; without a purpose all but those of stories and scripts.
func (db *DB) Clips(ctx context.Context, in loa.Scope, key string) ([]loa.Clip, error) {
	if in.Empty() {
		return nil, nil
	}
	return clipsWhere(ctx, db.read, `c.office_id = $1 AND ($2 = '' AND c.purpose NOT LIKE 'story.%' AND c.purpose NOT LIKE 'script.%' OR c.purpose = $2) ORDER BY c.created_at DESC, c.id DESC`+limit(1000), in.Office, key)
}

// Clip is one recording with its bytes, for the officers of the office.
func (db *DB) Clip(ctx context.Context, in loa.Scope, id loa.ClipID) (loa.Clip, error) {
	c, err := clipIn(ctx, db.read, in, id)
	if err != nil {
		return c, err
	}
	return c, clipBytes(ctx, db.read, &c)
}

// clipIn finds a recording. One of a story or a script lies where that lies; any other belongs to the whole office.
func clipIn(ctx context.Context, q querier, in loa.Scope, id loa.ClipID) (loa.Clip, error) {
	c, err := scanClip(q.QueryRowContext(ctx, `SELECT `+clipColumns+` FROM clip c WHERE c.id = $1`, id))
	if err != nil {
		return c, notFound(err)
	}
	if c.Office != in.Office || in.Empty() {
		return loa.Clip{}, loa.ErrNotFound
	}
	if c.Story() != "" {
		if err := areaInScope(ctx, q, in, c.Area); err != nil {
			return loa.Clip{}, err
		}
	}
	if id := c.Script(); id != "" { // whoever reads a script may speak it
		if _, err := scriptSeen(ctx, q, in, id); err != nil {
			return loa.Clip{}, err
		}
	}
	return c, nil
}

func clipBytes(ctx context.Context, q querier, c *loa.Clip) error {
	return notFound(q.QueryRowContext(ctx, `SELECT bytes FROM attachment WHERE id = $1 AND removed_at = 0`, c.Attachment).Scan(&c.Bytes))
}

// AddClip keeps a recording as a draft; it is heard by nobody but officers until a second one approves it.
func (db *DB) AddClip(ctx context.Context, in loa.Scope, by loa.By, c loa.Clip) (loa.Clip, error) {
	c.Dialect, c.Speaker = vn.Tidy(c.Dialect), vn.Tidy(c.Speaker)
	c.Office, c.Size, c.State, c.Synthetic, c.CreatedAt, c.CreatedBy = in.Office, len(c.Bytes), loa.ClipDraft, false, by.At, by.Officer
	if c.ID == "" {
		c.ID = loa.ClipID(loa.NewID())
	}
	if err := c.Check(); err != nil {
		return c, err
	}
	if in.Empty() {
		return c, loa.ErrNotFound
	}
	err := db.tx(ctx, func(tx *sql.Tx) error {
		if _, err := nextChange(ctx, tx, in.Office, 1); err != nil {
			return err
		}
		if id := c.Story(); id != "" {
			s, err := storyIn(ctx, tx, in, id)
			if err != nil {
				return err
			}
			c.Area = s.Area
		} else if id := c.Script(); id != "" {
			s, err := scriptSeen(ctx, tx, in, id)
			if err != nil {
				return err
			}
			c.Area = s.Area
			if c.CutFrom == "" { // a part says what the whole said
				c.Version = s.Version
			}
		} else if err := tx.QueryRowContext(ctx, `SELECT anchor_id FROM office WHERE id = $1`, in.Office).Scan(&c.Area); err != nil {
			return fmt.Errorf("find the office: %w", notFound(err))
		}
		c.Attachment = loa.AttachmentID(loa.NewID())
		a := loa.Attachment{ID: c.Attachment, Area: c.Area, Noun: "clip", NounID: string(c.ID), Kind: "voice", MIME: c.MIME, SHA256: c.SHA256, Size: c.Size, Bytes: c.Bytes}
		if err := insertAttachment(ctx, tx, in.Office, by, a); err != nil {
			return err
		}
		if err := insertClip(ctx, tx, c); err != nil {
			return err
		}
		return addAudit(ctx, tx, in.Office, by, "created", "clip", string(c.ID), c.Key+" "+c.Lang)
	})
	return c, err
}

var bareClipColumns = bare(clipColumns, "c.")

func insertClip(ctx context.Context, tx *sql.Tx, c loa.Clip) error {
	if _, err := tx.ExecContext(ctx, `INSERT INTO clip (`+bareClipColumns+`) VALUES (`+placeholders(1, 27)+`)`, clipArgs(c)...); err != nil {
		return fmt.Errorf("save a recording: %w", err)
	}
	return nil
}

// ApproveClip puts a recording in use; the one used so far for the purpose, language and dialect stays in the history.
func (db *DB) ApproveClip(ctx context.Context, in loa.Scope, by loa.By, id loa.ClipID) error {
	return db.tx(ctx, func(tx *sql.Tx) error {
		if _, err := nextChange(ctx, tx, in.Office, 1); err != nil {
			return err
		}
		c, err := clipIn(ctx, tx, in, id)
		if err != nil {
			return err
		}
		if err := c.MayApprove(by.Officer); err != nil {
			return err
		}
		if c.Until != "" && loa.DayOf(by.At) > c.Until {
			return loa.Refuse(loa.Conflict, "", "clip_expired", c.Until)
		}
		return useClip(ctx, tx, by, c)
	})
}

// FitClip notes an officer's word that a recording says the version of its script that is in use now.
func (db *DB) FitClip(ctx context.Context, in loa.Scope, by loa.By, id loa.ClipID) error {
	return db.tx(ctx, func(tx *sql.Tx) error {
		if _, err := nextChange(ctx, tx, in.Office, 1); err != nil {
			return err
		}
		c, err := clipIn(ctx, tx, in, id)
		if err != nil {
			return err
		}
		version, err := versionInUse(ctx, tx, c)
		if err != nil {
			return err
		}
		if version == 0 && c.Script() != "" {
			return loa.Refuse(loa.Conflict, "", "script_state")
		}
		if err := c.Fit(by, version); err != nil {
			return err
		}
		if err := keepFits(ctx, tx, c); err != nil {
			return err
		}
		return addAudit(ctx, tx, c.Office, by, "confirmed", "clip", string(c.ID), fmt.Sprint("v", version))
	})
}

// versionInUse is the newest approved version of the script a recording says; 0 when there is none.
func versionInUse(ctx context.Context, tx *sql.Tx, c loa.Clip) (version int, err error) {
	err = tx.QueryRowContext(ctx, `SELECT COALESCE(max(version), 0) FROM script WHERE id = $1 AND office_id = $2 AND state = 'approved'`, c.Script(), c.Office).Scan(&version)
	if err != nil {
		return 0, fmt.Errorf("find the version in use: %w", err)
	}
	return version, nil
}

func keepFits(ctx context.Context, tx *sql.Tx, c loa.Clip) error {
	fits, err := json.Marshal(c.Fits)
	if err != nil {
		return fmt.Errorf("write whose word a recording has: %w", err)
	}
	if _, err := tx.ExecContext(ctx, `UPDATE clip SET fits = $1 WHERE id = $2`, string(fits), c.ID); err != nil {
		return fmt.Errorf("keep whose word a recording has: %w", err)
	}
	return nil
}

func useClip(ctx context.Context, tx *sql.Tx, by loa.By, c loa.Clip) error {
	_, err := tx.ExecContext(ctx, `UPDATE clip SET state = 'replaced', ended_at = $1, ended_by = $2 WHERE office_id = $3 AND purpose = $4 AND lang = $5 AND dialect = $6 AND state = 'approved'`,
		millis(by.At), by.Officer, c.Office, c.Key, c.Lang, c.Dialect)
	if err != nil {
		return fmt.Errorf("replace a recording: %w", err)
	}
	if _, err := tx.ExecContext(ctx, `UPDATE clip SET state = 'approved', approved_at = $1, approved_by = $2, ended_at = 0, ended_by = '' WHERE id = $3`, millis(by.At), by.Officer, c.ID); err != nil {
		return fmt.Errorf("approve a recording: %w", err)
	}
	if c.Script() != "" { // whoever approves it heard it beside the words that are in use
		version, err := versionInUse(ctx, tx, c)
		if err != nil {
			return err
		}
		if c.State = loa.ClipApproved; version > 0 && version >= c.Version {
			if err := c.Fit(by, version); err != nil {
				return err
			}
			if err := keepFits(ctx, tx, c); err != nil {
				return err
			}
		}
	}
	return addAudit(ctx, tx, c.Office, by, "approved", "clip", string(c.ID), c.Key+" "+c.Lang)
}

// WithdrawClip takes a recording out of use at once; nothing takes its place.
func (db *DB) WithdrawClip(ctx context.Context, in loa.Scope, by loa.By, id loa.ClipID) error {
	return db.tx(ctx, func(tx *sql.Tx) error {
		if _, err := nextChange(ctx, tx, in.Office, 1); err != nil {
			return err
		}
		c, err := clipIn(ctx, tx, in, id)
		if err != nil {
			return err
		}
		if c.State == loa.ClipWithdrawn {
			return loa.Refuse(loa.Conflict, "", "clip_withdrawn")
		}
		if _, err := tx.ExecContext(ctx, `UPDATE clip SET state = 'withdrawn', ended_at = $1, ended_by = $2 WHERE id = $3`, millis(by.At), by.Officer, id); err != nil {
			return fmt.Errorf("withdraw a recording: %w", err)
		}
		return addAudit(ctx, tx, c.Office, by, "withdrawn", "clip", string(id), c.Key+" "+c.Lang)
	})
}

// SetClipUntil sets the last day a recording may be heard; empty: until it is withdrawn.
func (db *DB) SetClipUntil(ctx context.Context, in loa.Scope, by loa.By, id loa.ClipID, until loa.Day) error {
	if until != "" && !until.Valid() {
		return loa.Refuse(loa.Invalid, "until", "bad_day")
	}
	return db.tx(ctx, func(tx *sql.Tx) error {
		if _, err := nextChange(ctx, tx, in.Office, 1); err != nil {
			return err
		}
		c, err := clipIn(ctx, tx, in, id)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE clip SET until_on = $1 WHERE id = $2`, until, id); err != nil {
			return fmt.Errorf("set the last day of a recording: %w", err)
		}
		return addAudit(ctx, tx, c.Office, by, "changed", "clip", string(id), string(until))
	})
}

// ClipsFor are the recordings that may be heard on a day for a purpose, without their bytes, in the order of Tongues. Those of stories come with
// StoriesFor and from nowhere else, since a story may have ended.
func (db *DB) ClipsFor(ctx context.Context, office loa.OfficeID, key string, on loa.Day) ([]loa.Clip, error) {
	if (loa.Clip{Key: key}).Story() != "" {
		return nil, nil
	}
	list, err := clipsWhere(ctx, db.read, `c.office_id = $1 AND c.purpose = $2 AND c.state = 'approved' AND (c.until_on = '' OR c.until_on >= $3) ORDER BY c.approved_at DESC, c.id`, office, key, on)
	if err != nil {
		return nil, err
	}
	var out []loa.Clip
	for _, lang := range loa.Tongues {
		for _, c := range list {
			if c.Lang == lang {
				out = append(out, c)
			}
		}
	}
	return out, nil
}

// ClipFor is the recording in use for a purpose in a language, without its bytes: the one approved last where there are several dialects.
func (db *DB) ClipFor(ctx context.Context, office loa.OfficeID, key, lang string, on loa.Day) (loa.Clip, error) {
	list, err := db.ClipsFor(ctx, office, key, on)
	if err != nil {
		return loa.Clip{}, err
	}
	for _, c := range list {
		if c.Lang == loa.Tongue(lang) {
			return c, nil
		}
	}
	return loa.Clip{}, loa.ErrNotFound
}

// PublicClip is a recording with its bytes for anybody: only one in use, and one of a story only while the story may be told.
func (db *DB) PublicClip(ctx context.Context, office loa.OfficeID, id loa.ClipID, on loa.Day) (c loa.Clip, err error) {
	err = db.snapshot(ctx, func(tx *sql.Tx) error {
		c, err = scanClip(tx.QueryRowContext(ctx, `SELECT `+clipColumns+` FROM clip c WHERE c.id = $1 AND c.office_id = $2 AND c.state = 'approved'`, id, office))
		if err != nil {
			return notFound(err)
		}
		if !c.Heard(on) {
			return loa.ErrNotFound
		}
		if s := c.Story(); s != "" {
			list, err := storiesFor(ctx, tx, office, loa.StoryFilter{On: on}, s)
			if err != nil {
				return err
			}
			if len(list) == 0 {
				return loa.ErrNotFound
			}
		}
		return clipBytes(ctx, tx, &c)
	})
	if err != nil {
		return loa.Clip{}, err
	}
	return c, nil
}
