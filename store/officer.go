package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"loa"
	"loa/vn"
)

const officerColumns = `o.id, o.office_id, o.login_name, o.name, o.position, o.phone, o.email, o.zalo, o.language, o.languages, o.collector_id, o.must_change, o.one_time_until, o.disabled_at, o.created_at`

func scanOfficer(r interface{ Scan(...any) error }, more ...any) (o loa.Officer, err error) {
	var languages string
	var oneTime, disabled, created int64
	err = r.Scan(append([]any{&o.ID, &o.Office, &o.LoginName, &o.Name, &o.Position, &o.Phone, &o.Email, &o.Zalo, &o.Language, &languages, &o.Collector, &o.MustChange, &oneTime, &disabled, &created}, more...)...)
	o.Languages, o.OneTime, o.DisabledAt, o.CreatedAt = strings.Fields(languages), instant(oneTime), instant(disabled), instant(created)
	return o, err
}

// Officers are all who sign in to the scope's office, by given name, those who were disabled included: their names still
// stand beside what they did.
func (db *DB) Officers(ctx context.Context, in loa.Scope) ([]loa.Officer, error) {
	if in.Empty() {
		return nil, nil
	}
	rows, err := db.read.QueryContext(ctx, `SELECT `+officerColumns+` FROM officer o WHERE o.office_id = $1 ORDER BY o.sort_key, o.id`, in.Office)
	return collect(rows, err, func(r *sql.Rows) (loa.Officer, error) { return scanOfficer(r) })
}

// Officer is one who signs in to the scope's office.
func (db *DB) Officer(ctx context.Context, in loa.Scope, id loa.OfficerID) (loa.Officer, error) {
	o, err := db.OfficerByID(ctx, id)
	if err == nil && (in.Empty() || o.Office != in.Office) {
		return loa.Officer{}, loa.ErrNotFound
	}
	return o, err
}

// OfficerByID is the officer behind a login; it takes no scope, since it is how a scope is found.
func (db *DB) OfficerByID(ctx context.Context, id loa.OfficerID) (loa.Officer, error) {
	o, err := scanOfficer(db.read.QueryRowContext(ctx, `SELECT `+officerColumns+` FROM officer o WHERE o.id = $1`, id))
	return o, notFound(err)
}

// Credentials are what sign-in compares with: the officer behind a login name and the hash of the password.
func (db *DB) Credentials(ctx context.Context, loginName string) (o loa.Officer, hash string, err error) {
	o, err = scanOfficer(db.read.QueryRowContext(ctx, `SELECT `+officerColumns+`, o.password_hash FROM officer o WHERE o.login_name = $1`, loginName), &hash)
	return o, hash, notFound(err)
}

// AnyOfficer says whether somebody could sign in at all; nobody can before the first set-up.
func (db *DB) AnyOfficer(ctx context.Context) (any bool, err error) {
	err = db.read.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM officer)`).Scan(&any)
	return any, err
}

// SaveOfficer makes or changes an officer of the scope's office.
func (db *DB) SaveOfficer(ctx context.Context, in loa.Scope, by loa.By, o loa.Officer) error {
	if err := o.Check(); err != nil {
		return err
	}
	return db.tx(ctx, func(tx *sql.Tx) error {
		if err := wholeOffice(ctx, tx, in); err != nil {
			return err
		}
		if err := freeLoginName(ctx, tx, o); err != nil {
			return err
		}
		change, err := nextChange(ctx, tx, in.Office, 1)
		if err != nil {
			return err
		}
		old, err := scanOfficer(tx.QueryRowContext(ctx, `SELECT `+officerColumns+` FROM officer o WHERE o.id = $1`, o.ID))
		if err == sql.ErrNoRows {
			o.Office = in.Office
			if err := insertOfficer(ctx, tx, o, by, change); err != nil {
				return err
			}
			return addAudit(ctx, tx, in.Office, by, "created", "officer", string(o.ID), "")
		}
		if err != nil {
			return fmt.Errorf("read the officer: %w", err)
		}
		if old.Office != in.Office {
			return loa.ErrNotFound
		}
		_, err = tx.ExecContext(ctx, `UPDATE officer SET login_name = $1, name = $2, sort_key = $3, position = $4, phone = $5, email = $6, language = $7, languages = $8,
			collector_id = $9, change_no = $10 WHERE id = $11`,
			o.LoginName, o.Name, vn.SortKey(o.Name), o.Position, o.Phone, o.Email, o.Language, strings.Join(o.Languages, " "), o.Collector, change, o.ID)
		if err != nil {
			return fmt.Errorf("save officer %s: %w", o.ID, err)
		}
		return addAudit(ctx, tx, in.Office, by, "changed", "officer", string(o.ID), changedFields(old, o))
	})
}

func changedFields(a, b loa.Officer) string {
	var out []string
	for _, f := range []struct {
		name string
		same bool
	}{{"login_name", a.LoginName == b.LoginName}, {"name", a.Name == b.Name}, {"position", a.Position == b.Position}, {"phone", a.Phone == b.Phone}, {"email", a.Email == b.Email}, {"zalo", a.Zalo == b.Zalo},
		{"language", a.Language == b.Language}, {"languages", strings.Join(a.Languages, " ") == strings.Join(b.Languages, " ")}, {"collector", a.Collector == b.Collector}} {
		if !f.same {
			out = append(out, f.name)
		}
	}
	return strings.Join(out, " ")
}

func insertOfficer(ctx context.Context, tx *sql.Tx, o loa.Officer, by loa.By, change int64) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO officer (id, office_id, login_name, name, sort_key, position, phone, email, language, languages, collector_id, must_change, created_at, change_no)
		VALUES (`+placeholders(1, 14)+`)`,
		o.ID, o.Office, o.LoginName, o.Name, vn.SortKey(o.Name), o.Position, o.Phone, o.Email, o.Language, strings.Join(o.Languages, " "), o.Collector, true, millis(by.At), change)
	if err != nil {
		return fmt.Errorf("save officer %s: %w", o.ID, err)
	}
	return nil
}

func freeLoginName(ctx context.Context, tx *sql.Tx, o loa.Officer) error {
	var taken bool
	err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM officer WHERE login_name = $1 AND id <> $2)`, o.LoginName, o.ID).Scan(&taken)
	if err != nil {
		return fmt.Errorf("look for the login name: %w", err)
	}
	if taken {
		return loa.Refuse(loa.Conflict, "login_name", "login_name_taken")
	}
	return nil
}

// wholeOffice refuses, as not found, a scope that is only a part of its office: officers and settings belong to all of it.
func wholeOffice(ctx context.Context, q querier, in loa.Scope) error {
	var path string
	err := q.QueryRowContext(ctx, `SELECT a.path FROM office o JOIN area a ON a.id = o.anchor_id WHERE o.id = $1`, in.Office).Scan(&path)
	if err != nil {
		return notFound(err)
	}
	if !in.Holds(path) {
		return loa.ErrNotFound
	}
	return nil
}

// officerForChange finds an officer of the scope's office inside a transaction.
func officerForChange(ctx context.Context, tx *sql.Tx, in loa.Scope, id loa.OfficerID) (loa.Officer, error) {
	if err := wholeOffice(ctx, tx, in); err != nil {
		return loa.Officer{}, err
	}
	o, err := scanOfficer(tx.QueryRowContext(ctx, `SELECT `+officerColumns+` FROM officer o WHERE o.id = $1 AND o.office_id = $2`, id, in.Office))
	return o, notFound(err)
}

// DisableOfficer ends an officer's access at once, signed-in browsers included; what was done stays.
func (db *DB) DisableOfficer(ctx context.Context, in loa.Scope, by loa.By, id loa.OfficerID) error {
	return db.tx(ctx, func(tx *sql.Tx) error {
		if _, err := officerForChange(ctx, tx, in, id); err != nil {
			return err
		}
		if id == by.Officer {
			return loa.Refuse(loa.Denied, "", "own_access")
		}
		if _, err := tx.ExecContext(ctx, `UPDATE officer SET disabled_at = $1 WHERE id = $2`, millis(by.At), id); err != nil {
			return fmt.Errorf("disable officer %s: %w", id, err)
		}
		if err := administratorLeft(ctx, tx, in.Office, by.Day()); err != nil {
			return err
		}
		if err := endLogins(ctx, tx, id, ""); err != nil {
			return err
		}
		return db.officerChanged(ctx, tx, in, by, "disabled", id)
	})
}

// EnableOfficer lets an officer sign in again, with the roles that still hold.
func (db *DB) EnableOfficer(ctx context.Context, in loa.Scope, by loa.By, id loa.OfficerID) error {
	return db.tx(ctx, func(tx *sql.Tx) error {
		if _, err := officerForChange(ctx, tx, in, id); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE officer SET disabled_at = 0 WHERE id = $1`, id); err != nil {
			return fmt.Errorf("enable officer %s: %w", id, err)
		}
		return db.officerChanged(ctx, tx, in, by, "enabled", id)
	})
}

func (db *DB) officerChanged(ctx context.Context, tx *sql.Tx, in loa.Scope, by loa.By, act string, id loa.OfficerID) error {
	change, err := nextChange(ctx, tx, in.Office, 1)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `UPDATE officer SET change_no = $1 WHERE id = $2`, change, id); err != nil {
		return fmt.Errorf("mark officer %s as changed: %w", id, err)
	}
	return addAudit(ctx, tx, in.Office, by, act, "officer", string(id), "")
}

// ResetPassword gives an officer a one-time password, to be changed at the next sign-in, and ends all logins.
func (db *DB) ResetPassword(ctx context.Context, in loa.Scope, by loa.By, id loa.OfficerID, hash string) error {
	settings, err := db.Settings(ctx, in.Office)
	if err != nil {
		return err
	}
	until := by.At.Add(time.Duration(settings.OneTime) * time.Hour)
	return db.tx(ctx, func(tx *sql.Tx) error {
		if _, err := officerForChange(ctx, tx, in, id); err != nil {
			return err
		}
		if id == by.Officer {
			return loa.Refuse(loa.Denied, "", "own_access")
		}
		if _, err := tx.ExecContext(ctx, `UPDATE officer SET password_hash = $1, must_change = $2, one_time_until = $3 WHERE id = $4`, hash, true, millis(until), id); err != nil {
			return fmt.Errorf("reset the password of officer %s: %w", id, err)
		}
		if err := endLogins(ctx, tx, id, ""); err != nil {
			return err
		}
		return addAudit(ctx, tx, in.Office, by, "password_reset", "officer", string(id), "")
	})
}

// ChangeOwnPassword keeps the hash of the officer's new password and signs every other browser out.
func (db *DB) ChangeOwnPassword(ctx context.Context, office loa.OfficeID, by loa.By, hash, keepLogin string) error {
	return db.tx(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `UPDATE officer SET password_hash = $1, must_change = $2, one_time_until = 0 WHERE id = $3`, hash, false, by.Officer); err != nil {
			return fmt.Errorf("change the password: %w", err)
		}
		if err := endLogins(ctx, tx, by.Officer, keepLogin); err != nil {
			return err
		}
		return addAudit(ctx, tx, office, by, "password_changed", "officer", string(by.Officer), "")
	})
}

// SetOwnLanguage keeps the language of the officer's pages; it is nobody else's business and not recorded.
func (db *DB) SetOwnLanguage(ctx context.Context, by loa.By, lang string) error {
	if _, err := db.write.ExecContext(ctx, `UPDATE officer SET language = $1 WHERE id = $2`, lang, by.Officer); err != nil {
		return fmt.Errorf("keep the language: %w", err)
	}
	return nil
}

// SaveOwnOfficer keeps what officers change about themselves: telephone, e-mail and the language of their pages.
func (db *DB) SaveOwnOfficer(ctx context.Context, by loa.By, o loa.Officer) error {
	o.ID = by.Officer
	if err := o.Check(); err != nil {
		return err
	}
	return db.tx(ctx, func(tx *sql.Tx) error {
		old, err := scanOfficer(tx.QueryRowContext(ctx, `SELECT `+officerColumns+` FROM officer o WHERE o.id = $1`, o.ID))
		if err != nil {
			return notFound(err)
		}
		change, err := nextChange(ctx, tx, old.Office, 1)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE officer SET phone = $1, email = $2, zalo = $3, language = $4, change_no = $5 WHERE id = $6`, o.Phone, o.Email, o.Zalo, o.Language, change, o.ID); err != nil {
			return fmt.Errorf("save officer %s: %w", o.ID, err)
		}
		return addAudit(ctx, tx, old.Office, by, "changed", "officer", string(o.ID), changedFields(old, o))
	})
}

// CollectorNames are the collection organisations and agents an officer may belong to.
func (db *DB) CollectorNames(ctx context.Context, in loa.Scope) ([]loa.Collector, error) {
	if in.Empty() {
		return nil, nil
	}
	rows, err := db.read.QueryContext(ctx, `SELECT id, parent_id, name FROM collector WHERE office_id = $1 AND retired_at = 0 ORDER BY folded, id`, in.Office)
	return collect(rows, err, func(r *sql.Rows) (c loa.Collector, err error) { return c, r.Scan(&c.ID, &c.Parent, &c.Name) })
}
