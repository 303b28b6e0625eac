package web_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"loa"
	"loa/demo"
	"loa/policy"
	"loa/store"
	"loa/store/storetest"
)

// millionSeeds are the demos put together into one office: about 76,000 people each.
const millionSeeds = 14

// onEachEngine runs a benchmark on SQLite and, where one can be had, on PostgreSQL.
func onEachEngine(b *testing.B, body func(b *testing.B, db *store.DB)) {
	b.Run("sqlite", func(b *testing.B) { body(b, millionOn(b, false)) })
	b.Run("postgres", func(b *testing.B) { body(b, millionOn(b, true)) })
}

// millionOn opens an office of more than a million people, filling it the first time. LOA_BENCH_DIR keeps it from one run to
// the next; without it the office is made anew.
func millionOn(b *testing.B, postgres bool) *store.DB {
	b.Helper()
	dir := os.Getenv("LOA_BENCH_DIR")
	if dir == "" {
		dir = b.TempDir()
	}
	address := filepath.Join(dir, "million.db")
	if postgres {
		if address = storetest.KeptPostgres(b, "loa_bench_million", os.Getenv("LOA_BENCH_DIR") != ""); address == "" {
			b.Skip("no PostgreSQL to be had")
		}
	}
	p, err := policy.Embedded()
	if err != nil {
		b.Fatal(err)
	}
	grace := policy.Grace{Parameters: p}
	db := openBench(b, address, store.Options{Grace: grace, Fast: true})
	offices, err := db.Offices(context.Background())
	if err != nil {
		b.Fatal(err)
	}
	if len(offices) == 0 {
		fillMillion(b, db, grace)
		if err := db.Settle(context.Background()); err != nil {
			b.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		b.Fatal(err)
	}
	db = openBench(b, address, store.Options{Grace: grace})
	b.Cleanup(func() { db.Close() })
	return db
}

func openBench(b *testing.B, address string, o store.Options) *store.DB {
	b.Helper()
	db, err := store.Open(context.Background(), address, o)
	if err != nil {
		b.Fatal(err)
	}
	return db
}

// fillMillion fills one office with the people of many demos, each with its own communes and villages.
func fillMillion(b *testing.B, db *store.DB, grace loa.Grace) {
	b.Helper()
	var first loa.Bulk
	for seed := range millionSeeds {
		bulk, err := demo.Make(demo.Options{Seed: int64(seed + 1), Grace: grace})
		if err != nil {
			b.Fatal(err)
		}
		if seed == 0 {
			first = loa.Bulk{Offices: bulk.Offices, Officers: bulk.Officers[:1]}
		} else {
			bulk = adopted(bulk, first)
		}
		if err := db.Fill(context.Background(), bulk); err != nil {
			b.Fatal(err)
		}
	}
}

// adopted is a demo's territory and people as those of another demo's office.
func adopted(b, first loa.Bulk) loa.Bulk {
	home, mine := first.Offices[0], b.Offices[0]
	area := func(id loa.AreaID) loa.AreaID {
		switch id {
		case mine.Province:
			return home.Province
		case mine.Anchor:
			return home.Anchor
		}
		return id
	}
	fact := func(f *loa.Fact) {
		f.Office, f.Area, f.RecordedBy = home.ID, area(f.Area), first.Officers[0].ID
	}
	out := loa.Bulk{By: b.By, TerritoryFrom: b.TerritoryFrom}
	for _, a := range b.Areas {
		if a.ID != mine.Province && a.ID != mine.Anchor {
			a.Office = home.ID
			out.Areas = append(out.Areas, a)
		}
	}
	for _, p := range b.Parents {
		if p.Area != mine.Anchor && p.Area != mine.Province {
			p.Parent = area(p.Parent)
			out.Parents = append(out.Parents, p)
		}
	}
	for _, o := range b.OfficeAreas {
		if o.Area != mine.Anchor {
			o.Office = home.ID
			out.OfficeAreas = append(out.OfficeAreas, o)
		}
	}
	for _, h := range b.Households {
		h.Office, h.Area = home.ID, area(h.Area)
		out.Households = append(out.Households, h)
	}
	for _, p := range b.People {
		p.Office, p.Area = home.ID, area(p.Area)
		out.People = append(out.People, p)
	}
	for _, c := range b.Contributions {
		fact(&c.Fact)
		c.Collector, c.Employer = "", ""
		out.Contributions = append(out.Contributions, c)
	}
	for _, l := range b.Leavings {
		fact(&l.Fact)
		out.Leavings = append(out.Leavings, l)
	}
	for _, c := range b.Consents {
		fact(&c.Fact)
		out.Consents = append(out.Consents, c)
	}
	for _, v := range b.Visits {
		fact(&v.Fact)
		out.Visits = append(out.Visits, v)
	}
	for _, l := range b.Leads {
		fact(&l.Fact)
		l.Officer = first.Officers[0].ID
		out.Leads = append(out.Leads, l)
	}
	for _, s := range b.Sessions {
		s.Office, s.Area, s.CreatedBy = home.ID, area(s.Area), first.Officers[0].ID
		s.Officers, s.Segments, s.Partners = []loa.OfficerID{first.Officers[0].ID}, nil, nil
		out.Sessions = append(out.Sessions, s)
	}
	for _, a := range b.Attendances {
		fact(&a.Fact)
		out.Attendances = append(out.Attendances, a)
	}
	return out
}
