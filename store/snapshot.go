package store

import (
	"context"
	"database/sql"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/klauspost/compress/zstd"

	"loa"
)

// partOfSnapshot is how many people lie together.
const partOfSnapshot = 8192

// SaveSnapshot freezes who was meant at the moment a segment was used. Members are in order.
func (db *DB) SaveSnapshot(ctx context.Context, in loa.Scope, by loa.By, s loa.Snapshot) error {
	return db.tx(ctx, func(tx *sql.Tx) error {
		packed := []byte{}
		if len(s.Members) <= partOfSnapshot {
			var err error
			if packed, err = packMembers(s.Members); err != nil {
				return err
			}
		} else if err := saveParts(ctx, tx, s); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO snapshot (id, office_id, segment_id, area_id, rule, used_by, used_id, as_of_on, taken_at, taken_by, n, members)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
			s.ID, in.Office, s.Segment, s.Area, s.Rule.JSON(), s.UsedBy, s.UsedID, s.AsOf, millis(by.At), by.Officer, len(s.Members), packed)
		if err != nil {
			return fmt.Errorf("save the snapshot: %w", err)
		}
		return nil
	})
}

func saveParts(ctx context.Context, tx *sql.Tx, s loa.Snapshot) error {
	if !slices.IsSorted(s.Members) {
		return fmt.Errorf("save a snapshot: its members are in no order")
	}
	for part := range slices.Chunk(s.Members, partOfSnapshot) {
		packed, err := packMembers(part)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO snapshot_part (snapshot_id, last_id, members) VALUES ($1, $2, $3)`, s.ID, part[len(part)-1], packed); err != nil {
			return fmt.Errorf("save a part of the snapshot: %w", err)
		}
	}
	return nil
}

// Frozen reads who is in a snapshot of the scope's office, in order and a page at a time: those behind a person, no more than so many.
// It holds one part of them.
func (db *DB) Frozen(in loa.Scope, id loa.SnapshotID) func(ctx context.Context, after loa.PersonID, take int) ([]loa.PersonID, error) {
	var held []loa.PersonID // the part read last
	whole := false          // it is all there is
	return func(ctx context.Context, after loa.PersonID, take int) ([]loa.PersonID, error) {
		if !whole && (len(held) == 0 || after < held[0] || after >= held[len(held)-1]) {
			var packed, part []byte
			var n int
			err := db.read.QueryRowContext(ctx, `SELECT s.n, s.members, p.members FROM snapshot s LEFT JOIN snapshot_part p ON p.snapshot_id = s.id AND p.last_id > $1 WHERE s.id = $2 AND s.office_id = $3 ORDER BY p.last_id LIMIT 1`, after, id, in.Office).Scan(&n, &packed, &part)
			if err != nil {
				return nil, notFound(err)
			}
			if whole = len(packed) > 0; !whole {
				if packed = part; packed == nil {
					return nil, nil // nobody comes behind
				}
			}
			if held, err = unpackMembers(packed); err != nil {
				return nil, err
			}
		}
		from, found := slices.BinarySearch(held, after)
		if found {
			from++
		}
		return held[from:min(from+take, len(held))], nil
	}
}

// Snapshots are the frozen segments behind one use.
func (db *DB) Snapshots(ctx context.Context, in loa.Scope, usedID string) ([]loa.Snapshot, error) {
	rows, err := db.read.QueryContext(ctx, `SELECT `+snapshotColumns+`, s.members FROM snapshot s WHERE s.used_id = $1 AND s.office_id = $2 ORDER BY s.taken_at, s.id`, usedID, in.Office)
	list, err := collect(rows, err, func(r *sql.Rows) (loa.Snapshot, error) { return scanSnapshot(r, true) })
	for i := range list {
		if err == nil {
			list[i].Members, err = db.wholeOf(ctx, list[i])
		}
	}
	return list, err
}

// wholeOf are all members of a snapshot as it was read.
func (db *DB) wholeOf(ctx context.Context, s loa.Snapshot) ([]loa.PersonID, error) {
	if len(s.Members) == s.N {
		return s.Members, nil
	}
	rows, err := db.read.QueryContext(ctx, `SELECT members FROM snapshot_part WHERE snapshot_id = $1 ORDER BY last_id`, s.ID)
	parts, err := collect(rows, err, func(r *sql.Rows) (b []byte, err error) { return b, r.Scan(&b) })
	if err != nil {
		return nil, fmt.Errorf("read the parts of a snapshot: %w", err)
	}
	out := make([]loa.PersonID, 0, s.N)
	for _, packed := range parts {
		part, err := unpackMembers(packed)
		if err != nil {
			return nil, err
		}
		out = append(out, part...)
	}
	return out, nil
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
	if members && len(packed) > 0 {
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
	if err != nil {
		return s, notFound(err)
	}
	s.Members, err = db.wholeOf(ctx, s)
	return s, err
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
