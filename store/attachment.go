package store

import (
	"context"
	"database/sql"
	"fmt"

	"loa"
)

// MaxAttachments is how many photos and sheets one record may carry.
const MaxAttachments = 40

const attachmentColumns = `id, office_id, area_id, noun, noun_id, kind, mime, sha256, size, width, height, recorded_at, recorded_by`

func scanAttachment(r interface{ Scan(...any) error }, more ...any) (a loa.Attachment, err error) {
	var recorded int64
	err = r.Scan(append([]any{&a.ID, &a.Office, &a.Area, &a.Noun, &a.NounID, &a.Kind, &a.MIME, &a.SHA256, &a.Size, &a.Width, &a.Height, &recorded, &a.RecordedBy}, more...)...)
	a.RecordedAt = instant(recorded)
	return a, err
}

// AddAttachment keeps a picture that was already made anew, beside the record it shows. Its area decides who may see it.
func (db *DB) AddAttachment(ctx context.Context, in loa.Scope, by loa.By, a loa.Attachment) error {
	return db.tx(ctx, func(tx *sql.Tx) error {
		if err := areaInScope(ctx, tx, in, a.Area); err != nil {
			return err
		}
		if _, err := nextChange(ctx, tx, in.Office, 1); err != nil {
			return err
		}
		var n int
		if err := tx.QueryRowContext(ctx, `SELECT count(*) FROM attachment WHERE noun_id = $1 AND removed_at = 0`, a.NounID).Scan(&n); err != nil {
			return fmt.Errorf("count attachments: %w", err)
		}
		if n >= MaxAttachments {
			return loa.Refuse(loa.TooMuch, "file", "attachments_full", MaxAttachments)
		}
		if err := insertAttachment(ctx, tx, in.Office, by, a); err != nil {
			return err
		}
		return addAudit(ctx, tx, in.Office, by, "attached", a.Noun, a.NounID, a.Kind)
	})
}

func insertAttachment(ctx context.Context, tx *sql.Tx, office loa.OfficeID, by loa.By, a loa.Attachment) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO attachment (`+attachmentColumns+`, bytes) VALUES (`+placeholders(1, 14)+`)`,
		a.ID, office, a.Area, a.Noun, a.NounID, a.Kind, a.MIME, a.SHA256, a.Size, a.Width, a.Height, millis(by.At), by.Officer, a.Bytes)
	if err != nil {
		return fmt.Errorf("save an attachment: %w", err)
	}
	return nil
}

// Attachments are the pictures beside a record, oldest first, without their bytes.
func (db *DB) Attachments(ctx context.Context, in loa.Scope, nounID string) ([]loa.Attachment, error) {
	where, args := inScope(in, "a.path", 2)
	rows, err := db.read.QueryContext(ctx, `SELECT `+prefixed("t", attachmentColumns)+` FROM attachment t JOIN area a ON a.id = t.area_id
		WHERE t.noun_id = $1 AND t.removed_at = 0 AND `+where+` ORDER BY t.recorded_at, t.id`, append([]any{nounID}, args...)...)
	return collect(rows, err, func(r *sql.Rows) (loa.Attachment, error) { return scanAttachment(r) })
}

// Attachment is one picture with its bytes.
func (db *DB) Attachment(ctx context.Context, in loa.Scope, id loa.AttachmentID) (loa.Attachment, error) {
	where, args := inScope(in, "a.path", 2)
	var raw []byte
	a, err := scanAttachment(db.read.QueryRowContext(ctx, `SELECT `+prefixed("t", attachmentColumns)+`, t.bytes FROM attachment t JOIN area a ON a.id = t.area_id
		WHERE t.id = $1 AND t.removed_at = 0 AND `+where, append([]any{id}, args...)...), &raw)
	a.Bytes = raw
	return a, notFound(err)
}

// RemoveAttachment hides a picture, or brings a hidden one back; the bytes stay until a backup without it is wanted.
func (db *DB) RemoveAttachment(ctx context.Context, in loa.Scope, by loa.By, id loa.AttachmentID, remove bool) (a loa.Attachment, err error) {
	err = db.tx(ctx, func(tx *sql.Tx) error {
		where, args := inScope(in, "a.path", 2)
		a, err = scanAttachment(tx.QueryRowContext(ctx, `SELECT `+prefixed("t", attachmentColumns)+` FROM attachment t JOIN area a ON a.id = t.area_id
			WHERE t.id = $1 AND `+where, append([]any{id}, args...)...))
		if err != nil {
			return notFound(err)
		}
		if _, err := nextChange(ctx, tx, in.Office, 1); err != nil {
			return err
		}
		at, act := int64(0), "restored"
		if remove {
			at, act = millis(by.At), "removed"
		}
		if _, err := tx.ExecContext(ctx, `UPDATE attachment SET removed_at = $1 WHERE id = $2`, at, id); err != nil {
			return fmt.Errorf("remove an attachment: %w", err)
		}
		return addAudit(ctx, tx, in.Office, by, act, "attachment", string(id), a.Kind)
	})
	return a, err
}
