package main

import (
	"context"
	"slices"

	"loa"
	"loa/importing"
)

// clashing marks the rows whose people an officer edited while the list was being applied: the hand keeps the last word, and the row
// becomes a conflict that says so, is counted, and goes back with the rows that were not taken.
func (im *importer) clashing(ctx context.Context, i loa.Import) error {
	edited, err := im.db.EditedMeanwhile(ctx, i.ID)
	if err != nil {
		return err
	}
	var wrong []loa.ImportLine
	for _, e := range edited {
		if f := importing.Overruled(e.Line.Changes, e.Values, sealedTail); f != "" {
			e.Line.Reason = "edited_meanwhile|" + string(f)
			wrong = append(wrong, e.Line)
		}
	}
	for part := range slices.Chunk(wrong, 200) {
		if err := im.db.ClashLines(ctx, i.ID, part); err != nil {
			return err
		}
	}
	return nil
}

// sealedTail is a sealed number of a list as history shows it.
func sealedTail(packed string) string {
	n, err := unpackSealed(packed)
	if err != nil || !n.Known() {
		return ""
	}
	return "•" + n.Tail
}
