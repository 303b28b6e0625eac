package store

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"

	"loa"
	"loa/vn"
)

const officeColumns = `id, name, short_name, slug, superior, place, symbol, province_id, anchor_id, change_no, synthetic, as_of, seed, created_at`

func scanOffice(r interface{ Scan(...any) error }) (o loa.Office, err error) {
	var created int64
	err = r.Scan(&o.ID, &o.Name, &o.ShortName, &o.Slug, &o.Superior, &o.Place, &o.Symbol, &o.Province, &o.Anchor, &o.ChangeNo, &o.Synthetic, &o.AsOf, &o.Seed, &created)
	o.CreatedAt = instant(created)
	return o, err
}

// Offices are all offices of this database; a grassroots one has one, a province some twelve.
func (db *DB) Offices(ctx context.Context) ([]loa.Office, error) {
	rows, err := db.read.QueryContext(ctx, `SELECT `+officeColumns+` FROM office ORDER BY id`)
	return collect(rows, err, func(r *sql.Rows) (loa.Office, error) { return scanOffice(r) })
}

// Office is one office; who may see it is decided by the grants of the officer who asks.
func (db *DB) Office(ctx context.Context, id loa.OfficeID) (loa.Office, error) {
	o, err := scanOffice(db.read.QueryRowContext(ctx, `SELECT `+officeColumns+` FROM office WHERE id = $1`, id))
	return o, notFound(err)
}

// ChangeNo is the office's change counter: while it stands still, nothing a page shows has changed.
func (db *DB) ChangeNo(ctx context.Context, id loa.OfficeID) (n int64, err error) {
	err = db.read.QueryRowContext(ctx, `SELECT change_no FROM office WHERE id = $1`, id).Scan(&n)
	return n, notFound(err)
}

func insertOffice(ctx context.Context, tx *sql.Tx, o loa.Office) error {
	slug, err := freeSlug(ctx, tx, o.ShortName)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO office (`+officeColumns+`) VALUES (`+placeholders(1, 14)+`)`,
		o.ID, o.Name, o.ShortName, slug, o.Superior, o.Place, o.Symbol, o.Province, o.Anchor, o.ChangeNo, o.Synthetic, o.AsOf, o.Seed, millis(o.CreatedAt))
	if err != nil {
		return fmt.Errorf("save the office: %w", err)
	}
	return nil
}

// OfficeBySlug is the office behind a public address; it takes no scope, since it is how somebody without one arrives.
func (db *DB) OfficeBySlug(ctx context.Context, slug string) (loa.Office, error) {
	if slug == "" {
		return loa.Office{}, loa.ErrNotFound
	}
	o, err := scanOffice(db.read.QueryRowContext(ctx, `SELECT `+officeColumns+` FROM office WHERE slug = $1`, slug))
	return o, notFound(err)
}

// freeSlug is the word of an office in addresses, with a number behind it when another office has it.
func freeSlug(ctx context.Context, q querier, name string) (string, error) {
	word := loa.Slug(name)
	for n := 1; ; n++ {
		slug := word
		if n > 1 {
			slug = fmt.Sprintf("%s-%d", word, n)
		}
		var taken bool
		if err := q.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM office WHERE slug = $1)`, slug).Scan(&taken); err != nil {
			return "", fmt.Errorf("look for the office's word: %w", err)
		}
		if !taken {
			return slug, nil
		}
	}
}

// nameOffices gives offices made before there were public addresses their word.
func (db *DB) nameOffices(ctx context.Context) error {
	return db.tx(ctx, func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, `SELECT `+officeColumns+` FROM office WHERE slug = '' ORDER BY id`)
		list, err := collect(rows, err, func(r *sql.Rows) (loa.Office, error) { return scanOffice(r) })
		if err != nil {
			return fmt.Errorf("read the offices: %w", err)
		}
		for _, o := range list {
			slug, err := freeSlug(ctx, tx, o.ShortName)
			if err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx, `UPDATE office SET slug = $1 WHERE id = $2`, slug, o.ID); err != nil {
				return fmt.Errorf("name the office: %w", err)
			}
		}
		return nil
	})
}

// Settings are an office's own, over the defaults.
func (db *DB) Settings(ctx context.Context, id loa.OfficeID) (loa.Settings, error) {
	s := loa.DefaultSettings
	rows, err := db.read.QueryContext(ctx, `SELECT key, value FROM setting WHERE office_id = $1`, id)
	if err != nil {
		return s, fmt.Errorf("read settings: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var key, value string
		if err := rows.Scan(&key, &value); err != nil {
			return s, err
		}
		if key == "public_phone" {
			s.PublicPhone = value
			continue
		}
		n, err := strconv.Atoi(value)
		if err != nil {
			return s, fmt.Errorf("setting %s is not a number: %w", key, err)
		}
		switch key {
		case "due_days":
			s.DueDays = n
		case "cut_off_day":
			s.CutOffDay = n
		case "one_time_hours":
			s.OneTime = n
		case "public_off":
			s.PublicOff = n == 1
		case "public_contacts":
			s.Contacts = n == 1
		}
	}
	return s, rows.Err()
}

// SaveSettings writes an office's settings and records which changed.
func (db *DB) SaveSettings(ctx context.Context, id loa.OfficeID, by loa.By, s loa.Settings) error {
	if s.DueDays < 0 || s.DueDays > 365 {
		return loa.Refuse(loa.Invalid, "due_days", "out_of_range")
	}
	if s.CutOffDay < 0 || s.CutOffDay > 31 {
		return loa.Refuse(loa.Invalid, "cut_off_day", "out_of_range")
	}
	if s.OneTime < 1 || s.OneTime > 720 {
		return loa.Refuse(loa.Invalid, "one_time_hours", "out_of_range")
	}
	if s.PublicPhone != "" {
		phone, ok := vn.Phone(s.PublicPhone)
		if !ok {
			return loa.Refuse(loa.Invalid, "public_phone", "bad_phone")
		}
		s.PublicPhone = phone
	}
	number := func(on bool) string {
		if on {
			return "1"
		}
		return "0"
	}
	return db.tx(ctx, func(tx *sql.Tx) error {
		if _, err := nextChange(ctx, tx, id, 1); err != nil {
			return err
		}
		for key, value := range map[string]string{"due_days": strconv.Itoa(s.DueDays), "cut_off_day": strconv.Itoa(s.CutOffDay), "one_time_hours": strconv.Itoa(s.OneTime),
			"public_off": number(s.PublicOff), "public_contacts": number(s.Contacts), "public_phone": s.PublicPhone} {
			_, err := tx.ExecContext(ctx, `INSERT INTO setting (office_id, key, value, changed_at, changed_by) VALUES ($1, $2, $3, $4, $5)
				ON CONFLICT (office_id, key) DO UPDATE SET value = excluded.value, changed_at = excluded.changed_at, changed_by = excluded.changed_by`,
				id, key, value, by.At.UnixMilli(), by.Officer)
			if err != nil {
				return fmt.Errorf("save setting %s: %w", key, err)
			}
		}
		return addAudit(ctx, tx, id, by, "changed", "settings", string(id), fmt.Sprintf("due_days=%d cut_off_day=%d one_time_hours=%d public_off=%s public_contacts=%s", s.DueDays, s.CutOffDay, s.OneTime, number(s.PublicOff), number(s.Contacts)))
	})
}
