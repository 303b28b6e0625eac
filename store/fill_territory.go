package store

import (
	"fmt"
	"strings"

	"loa"
	"loa/vn"
)

func (f *filler) territory(b *loa.Bulk) error {
	for _, a := range b.Areas {
		a.ChangeNo = f.change(a.Office)
		if f.err != nil {
			return f.err
		}
		if err := insertArea(f.ctx, f.tx, a); err != nil {
			return err
		}
	}
	steps := []func() error{
		func() error {
			return insertAll(f, "area_code", "area_id, code, from_on, to_on, source", "", b.Codes, func(to []any, c *loa.AreaCode) []any {
				return append(to, c.Area, c.Code, c.From, c.To, c.Source)
			})
		},
		func() error {
			return insertAll(f, "area_parent", "area_id, parent_id, from_on, to_on, source", "", b.Parents, func(to []any, p *loa.AreaParent) []any {
				return append(to, p.Area, p.Parent, p.From, p.To, p.Source)
			})
		},
		func() error {
			return insertAll(f, "area_alias", "area_id, name, folded", "", b.Aliases, func(to []any, a *loa.AreaAlias) []any {
				return append(to, a.Area, a.Name, vn.Fold(a.Name))
			})
		},
		func() error {
			return insertAll(f, "office_area", "office_id, area_id, from_on, to_on", "", b.OfficeAreas, func(to []any, o *loa.OfficeArea) []any {
				return append(to, o.Office, o.Area, o.From, o.To)
			})
		},
		func() error {
			n := 0
			return insertAll(f, "area_figure", "id, area_id, kind, value, as_of_on, source, recorded_at, recorded_by", "", b.Figures, func(to []any, a *loa.AreaFigure) []any {
				n++ // the same office made twice has the same IDs
				return append(to, fmt.Sprintf("%.24s%012x", a.Area, n), a.Area, a.Kind, a.Value, a.AsOf, a.Source, millis(b.By.At), b.By.Officer)
			})
		},
		func() error { return f.places(b) },
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// places are the people, markets and festivals of the areas.
func (f *filler) places(b *loa.Bulk) error {
	err := insertAll(f, "influencer", "id, office_id, area_id, role, name, folded, phone, person_id, introduced_by, from_on, to_on, note, change_no", "", b.Influencers,
		func(to []any, i *loa.Influencer) []any {
			return append(to, i.ID, i.Office, i.Area, i.Role, i.Name, vn.Fold(i.Name), i.Phone, i.Person, i.IntroducedBy, i.From, i.To, i.Note, f.change(i.Office))
		})
	if err != nil {
		return err
	}
	err = insertAll(f, "market", "id, office_id, area_id, name, folded, rule, source, note, change_no", "", b.Markets, func(to []any, m *loa.Market) []any {
		return append(to, m.ID, m.Office, m.Area, m.Name, vn.Fold(m.Name), m.Rule, m.Source, m.Note, f.change(m.Office))
	})
	if err != nil {
		return err
	}
	return insertAll(f, "festival", "id, office_id, area_id, name, from_on, to_on, kind, source, change_no", "", b.Festivals, func(to []any, d *loa.FestivalDay) []any {
		return append(to, d.ID, d.Office, d.Area, d.Name, d.From, d.To, d.Kind, d.Source, f.change(d.Office))
	})
}

func (f *filler) officers(b *loa.Bulk) error {
	err := insertAll(f, "officer", `id, office_id, login_name, name, sort_key, position, phone, email, language, password_hash, must_change, demo_token,
		languages, collector_id, disabled_at, created_at, change_no`, "", b.Officers, func(to []any, o *loa.BulkOfficer) []any {
		return append(to, o.ID, o.Office, o.LoginName, o.Name, vn.SortKey(o.Name), o.Position, o.Phone, o.Email, o.Language, o.PasswordHash, o.MustChange, o.DemoToken,
			strings.Join(o.Languages, " "), o.Collector, millis(o.DisabledAt), millis(o.CreatedAt), f.change(o.Office))
	})
	if err != nil {
		return err
	}
	return insertAll(f, "grant_role", "id, officer_id, role, office_id, area_id, from_on, to_on, given_by, given_at, revoked_at", "", b.Grants,
		func(to []any, g *loa.Grant) []any {
			revoked := int64(0)
			if g.Revoked {
				revoked = millis(g.GivenAt)
			}
			return append(to, g.ID, g.Officer, g.Role, g.Office, g.Area, g.From, g.To, g.GivenBy, millis(g.GivenAt), revoked)
		})
}
