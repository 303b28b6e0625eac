package store

import (
	"context"
	"database/sql"
	"encoding/hex"
	"fmt"
	"strings"
	"sync"

	"github.com/klauspost/compress/zstd"

	"loa"
)

// SaveSnapshot freezes who was meant at the moment a segment was used.
func (db *DB) SaveSnapshot(ctx context.Context, in loa.Scope, by loa.By, s loa.Snapshot) error {
	packed, err := packMembers(s.Members)
	if err != nil {
		return err
	}
	return db.tx(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO snapshot (id, office_id, segment_id, area_id, rule, used_by, used_id, as_of_on, taken_at, taken_by, n, members)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
			s.ID, in.Office, s.Segment, s.Area, s.Rule.JSON(), s.UsedBy, s.UsedID, s.AsOf, millis(by.At), by.Officer, len(s.Members), packed)
		if err != nil {
			return fmt.Errorf("save the snapshot: %w", err)
		}
		return nil
	})
}

// Snapshots are the frozen segments behind one use.
func (db *DB) Snapshots(ctx context.Context, in loa.Scope, usedID string) ([]loa.Snapshot, error) {
	rows, err := db.read.QueryContext(ctx, `SELECT `+snapshotColumns+`, s.members FROM snapshot s WHERE s.used_id = $1 AND s.office_id = $2 ORDER BY s.taken_at, s.id`, usedID, in.Office)
	return collect(rows, err, func(r *sql.Rows) (loa.Snapshot, error) { return scanSnapshot(r, true) })
}

const snapshotColumns = `s.id, s.office_id, s.segment_id, s.area_id, s.rule, s.used_by, s.used_id, s.as_of_on, s.taken_at, s.taken_by, s.n`

func scanSnapshot(r interface{ Scan(...any) error }, members bool) (s loa.Snapshot, err error) {
	var rule string
	var taken int64
	var packed []byte
	into := []any{&s.ID, &s.Office, &s.Segment, &s.Area, &rule, &s.UsedBy, &s.UsedID, &s.AsOf, &taken, &s.TakenBy, &s.N}
	if members {
		into = append(into, &packed)
	}
	if err := r.Scan(into...); err != nil {
		return s, err
	}
	s.TakenAt = instant(taken)
	if s.Rule, err = loa.ReadRule(rule); err != nil {
		return s, fmt.Errorf("read the rule of snapshot %s: %w", s.ID, err)
	}
	if members {
		s.Members, err = unpackMembers(packed)
	}
	return s, err
}

// SegmentSnapshots are the uses of a segment, newest first, without their members.
func (db *DB) SegmentSnapshots(ctx context.Context, in loa.Scope, segment loa.SegmentID, take int) ([]loa.Snapshot, error) {
	if in.Empty() {
		return nil, nil
	}
	rows, err := db.read.QueryContext(ctx, `SELECT `+snapshotColumns+` FROM snapshot s WHERE s.segment_id = $1 AND s.office_id = $2 ORDER BY s.taken_at DESC, s.id DESC LIMIT $3`, segment, in.Office, take)
	return collect(rows, err, func(r *sql.Rows) (loa.Snapshot, error) { return scanSnapshot(r, false) })
}

// Snapshot is one use of a segment with everybody who was meant then.
func (db *DB) Snapshot(ctx context.Context, in loa.Scope, id loa.SnapshotID) (loa.Snapshot, error) {
	if in.Empty() {
		return loa.Snapshot{}, loa.ErrNotFound
	}
	s, err := scanSnapshot(db.read.QueryRowContext(ctx, `SELECT `+snapshotColumns+`, s.members FROM snapshot s WHERE s.id = $1 AND s.office_id = $2`, id, in.Office), true)
	return s, notFound(err)
}

// packMembers keeps sorted IDs as 16 bytes each, compressed: they share their first bytes.
func packMembers(ids []loa.PersonID) ([]byte, error) {
	raw := make([]byte, 0, 16*len(ids))
	for _, id := range ids {
		b, err := hex.DecodeString(strings.ReplaceAll(string(id), "-", ""))
		if err != nil || len(b) != 16 {
			return nil, fmt.Errorf("pack a snapshot: %q is no ID", id)
		}
		raw = append(raw, b...)
	}
	z, err := packer()
	if err != nil {
		return nil, fmt.Errorf("pack a snapshot: %w", err)
	}
	return z.EncodeAll(raw, nil), nil
}

// packer is the one encoder: making it costs more than packing a list.
var packer = sync.OnceValues(func() (*zstd.Encoder, error) { return zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1)) })

func unpackMembers(packed []byte) ([]loa.PersonID, error) {
	z, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1))
	if err != nil {
		return nil, fmt.Errorf("unpack a snapshot: %w", err)
	}
	defer z.Close()
	raw, err := z.DecodeAll(packed, nil)
	if err != nil || len(raw)%16 != 0 {
		return nil, fmt.Errorf("unpack a snapshot: it is damaged")
	}
	out := make([]loa.PersonID, 0, len(raw)/16)
	for ; len(raw) > 0; raw = raw[16:] {
		h := hex.EncodeToString(raw[:16])
		out = append(out, loa.PersonID(h[:8]+"-"+h[8:12]+"-"+h[12:16]+"-"+h[16:20]+"-"+h[20:]))
	}
	return out, nil
}
