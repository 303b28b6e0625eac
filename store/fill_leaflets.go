package store

import "loa"

// leaflets writes printings with their links and what became of them.
func (f *filler) leaflets(b *loa.Bulk) error {
	office := map[loa.LeafletID]loa.OfficeID{}
	for _, l := range b.Leaflets {
		office[l.ID] = l.Office
	}
	err := insertAll(f, "leaflet_run", "id, office_id, no, scheme, audience, size, language, second, income, on_day, story_id, created_at, created_by, change_no", "", b.LeafletRuns,
		func(to []any, r *loa.LeafletRun) []any {
			return append(to, r.ID, r.Office, r.No, r.Kind.Scheme, r.Kind.Audience, r.Size, r.Language, r.Second, r.Income, r.On, r.Story, millis(r.CreatedAt), r.CreatedBy, f.change(r.Office))
		})
	if err != nil {
		return err
	}
	err = insertAll(f, "leaflet", "id, run_id, office_id, area_id, link_id, printed, change_no", "", b.Leaflets, func(to []any, l *loa.Leaflet) []any {
		return append(to, l.ID, l.Run, l.Office, l.Area, l.Link, l.Printed, f.change(l.Office))
	})
	if err != nil {
		return err
	}
	err = insertAll(f, "leaflet_handed", "id, leaflet_id, session_id, office_id, n, recorded_at, recorded_by", "", b.LeafletsHanded, func(to []any, h *loa.BulkHanded) []any {
		return append(to, h.ID, h.Leaflet, h.Session, office[h.Leaflet], h.N, millis(h.At), h.By)
	})
	if err != nil {
		return err
	}
	err = insertAll(f, "link", "id, office_id, area_id, code, spoken, kind, page, noun, noun_id, officer_id, label, created_at, created_by, change_no", "", b.Links, func(to []any, l *loa.Link) []any {
		return append(to, l.ID, l.Office, l.Area, l.Code, l.Spoken, l.Kind, l.Page, l.Noun, l.NounID, l.Officer, l.Label, millis(l.CreatedAt), l.CreatedBy, f.change(l.Office))
	})
	if err != nil {
		return err
	}
	return insertAll(f, "link_visit", "link_id, on_day, n, people", "", b.LinkVisits, func(to []any, v *loa.BulkVisits) []any { return append(to, v.Link, v.On, v.N, v.People) })
}
