package store

import (
	"context"
	"fmt"

	"loa"
)

// Begun looks for the first of each thing a new office makes inside a scope.
func (db *DB) Begun(ctx context.Context, in loa.Scope) (loa.Begun, error) {
	where, args := inScope(in, "a.path", 2)
	row := db.read.QueryRowContext(ctx, `SELECT
		EXISTS (SELECT 1 FROM grant_role WHERE office_id = $1 AND role = 'officer' AND revoked_at = 0),
		EXISTS (SELECT 1 FROM area a WHERE a.office_id = $1 AND a.kind = 'village' AND `+where+`),
		EXISTS (SELECT 1 FROM person p JOIN area a ON a.id = p.area_id WHERE p.office_id = $1 AND p.merged_into = '' AND `+where+`),
		EXISTS (SELECT 1 FROM target WHERE office_id = $1),
		EXISTS (SELECT 1 FROM matrix WHERE office_id = $1 AND state <> 'draft'),
		EXISTS (SELECT 1 FROM session s JOIN area a ON a.id = s.area_id WHERE s.office_id = $1 AND `+where+`)`, append([]any{in.Office}, args...)...)
	var b loa.Begun
	if err := row.Scan(&b.Officers, &b.Villages, &b.People, &b.Targets, &b.Matrix, &b.Sessions); err != nil {
		return b, fmt.Errorf("see how far the office has come: %w", err)
	}
	return b, nil
}
