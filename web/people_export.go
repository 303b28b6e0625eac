package web

import (
	"fmt"
	"io"
	"net/http"
	"strconv"

	"loa"
	"loa/auth"
	"loa/sheet"
)

// exportBatch is how many people are held in memory while a list goes out.
const exportBatch = 600

// peopleExport hands over everybody the filters leave, row by row. The log says who took out what; with ID numbers it also says why.
func (s *Server) peopleExport(w http.ResponseWriter, r *http.Request) error {
	filter, err := postedFilter(r)
	if err != nil {
		return err
	}
	f := readForm(r)
	numbers, reason := f.on("numbers"), f.text("reason")
	if numbers {
		switch {
		case !whoOf(r).may(loa.RevealID):
			return loa.Refuse(loa.Denied, "", "denied")
		case s.Sealer == nil:
			return loa.Refuse(loa.Conflict, "", "no_key")
		case len([]rune(reason)) < 5:
			return s.personListWith(w, r, filter, t(r, "error.reveal_reason"), http.StatusUnprocessableEntity)
		}
	}
	ids, err := s.exportIDs(r, filter)
	if err != nil {
		return err
	}
	names, err := s.placeNames(r)
	if err != nil {
		return err
	}
	detail := filter.summary("vi", names[loa.AreaID(filter.Area)]) + " n=" + strconv.Itoa(len(ids))
	if numbers {
		detail += " numbers: " + reason
	}
	if err := s.DB.Audit(r.Context(), whoOf(r).Office.ID, s.by(r), "exported", "people", "", detail); err != nil {
		return err
	}
	x := peopleSheet{s: s, r: r, names: names, numbers: numbers}
	if f.text("format") == "csv" {
		download(w, "nguoi-dan-"+string(s.today())+".csv", "text/csv; charset=utf-8")
		x.out = sheet.NewCSV(w)
	} else {
		download(w, "nguoi-dan-"+string(s.today())+".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
		x.out = sheet.NewXLSX(w)
	}
	if err := x.write(ids, filter); err != nil {
		s.Log.Error("export broke off", "path", r.URL.Path, "error", err)
		panic(http.ErrAbortHandler) // half a file must not look like a whole one
	}
	return nil
}

// exportIDs are the people of the list in its order.
func (s *Server) exportIDs(r *http.Request, filter peopleFilter) ([]loa.PersonID, error) {
	if filter.Query != "" {
		lines, _, err := s.searchedPeople(r, filter, searchTake)
		ids := make([]loa.PersonID, len(lines))
		for i, l := range lines {
			ids[i] = l.ID
		}
		return ids, err
	}
	rule, err := filter.rule()
	if err != nil {
		return nil, err
	}
	q, x, err := s.query(r, rule)
	if err != nil {
		return nil, err
	}
	ids, _ := x.Members(q, 0, x.Len())
	return ids, nil
}

// peopleWriter is a workbook or a text file.
type peopleWriter interface {
	Sheet(sheet.Layout) error
	Row(...sheet.Value) error
	io.Closer
}

// peopleSheet writes people row by row.
type peopleSheet struct {
	s       *Server
	r       *http.Request
	out     peopleWriter
	names   map[loa.AreaID]string
	numbers bool
	due     int
}

func (x *peopleSheet) write(ids []loa.PersonID, filter peopleFilter) error {
	r := x.r
	settings, err := x.s.DB.Settings(r.Context(), whoOf(r).Office.ID)
	if err != nil {
		return err
	}
	x.due = settings.DueDays
	titles := []string{whoOf(r).Office.Name, t(r, "people.export.title", x.s.today().Vietnamese(), len(ids)), filter.summary(langOf(r), x.names[loa.AreaID(filter.Area)])}
	if whoOf(r).Office.Synthetic {
		titles = append(titles, t(r, "report.synthetic"))
	}
	head := []string{t(r, "field.name"), t(r, "field.born"), t(r, "field.sex"), t(r, "field.ethnic"), t(r, "person.village"), t(r, "field.occupation"), t(r, "field.relation"), t(r, "field.poverty"),
		t(r, "field.phone"), t(r, "people.no_contact"), t(r, "people.si"), t(r, "people.until"), t(r, "people.hi"), t(r, "people.until")}
	if x.numbers {
		head = append(head, t(r, "field.national_id"), t(r, "field.si_number"))
	}
	if err := x.out.Sheet(sheet.Layout{Name: t(r, "rail.people"), Titles: titles, Heading: head, Widths: []float64{26, 12, 10, 10, 30, 18, 18, 14, 16, 16, 16, 14, 16, 14, 16, 14}}); err != nil {
		return fmt.Errorf("begin the list: %w", err)
	}
	for start := 0; start < len(ids); start += exportBatch {
		if err := x.batch(ids[start:min(start+exportBatch, len(ids))]); err != nil {
			return err
		}
	}
	return x.out.Close()
}

func (x *peopleSheet) batch(ids []loa.PersonID) error {
	ctx, in := x.r.Context(), scopeOf(x.r)
	people, err := x.s.DB.PeopleByID(ctx, in, ids)
	if err != nil {
		return err
	}
	spells, err := x.s.DB.SpellsOf(ctx, in, ids)
	if err != nil {
		return err
	}
	refused, err := x.s.DB.Refusals(ctx, in, "care", ids)
	if err != nil {
		return err
	}
	for _, p := range people {
		cells, err := x.cells(p, spells[p.ID], refused[p.ID])
		if err != nil {
			return err
		}
		if err := x.out.Row(cells...); err != nil {
			return fmt.Errorf("write a person: %w", err)
		}
	}
	return nil
}

func (x *peopleSheet) cells(p loa.Person, spells []loa.Spell, refused map[string]bool) ([]sheet.Value, error) {
	r := x.r
	word := func(prefix, w string) sheet.Value {
		if w == "" {
			return sheet.Text("")
		}
		return sheet.Text(t(r, prefix+w))
	}
	born := sheet.Text("")
	if p.BornOn != "" {
		y, m, d := p.BornOn.Parts()
		born = sheet.Day(sheet.Date{Year: y, Month: m, Day: d})
	} else if p.BornYear > 0 {
		born = sheet.Int(int64(p.BornYear))
	}
	phone, no := phoneAllowed(r, p, refused)
	cells := []sheet.Value{sheet.Text(p.Name), born, word("sex.", string(p.Sex)), word("ethnic.", p.Ethnic), sheet.Text(x.names[p.Area]), word("occupation.", p.Occupation),
		word("relation.", p.Relation), word("poverty.", p.PovertyOn(x.s.today())), sheet.Text(phone), sheet.Text(no)}
	for _, scheme := range []loa.Scheme{loa.VoluntarySI, loa.HI} {
		st := loa.StandingOn(spells, scheme, x.s.today(), x.due)
		until := sheet.Text("")
		if st.CoveredUntil != "" && st.CoveredUntil != loa.OpenEnd {
			y, m, d := st.CoveredUntil.Parts()
			until = sheet.Day(sheet.Date{Year: y, Month: m, Day: d})
		}
		tag := t(r, "status."+string(st.Status))
		if scheme == loa.VoluntarySI {
			tag = x.s.siCell(r, spells, x.due).Tag
		}
		cells = append(cells, sheet.Text(tag), until)
	}
	if !x.numbers {
		return cells, nil
	}
	for _, n := range []struct {
		column string
		sealed loa.Sealed
	}{{"person.national_id", p.NationalID}, {"person.si_number", p.SINumber}} {
		plain := ""
		if n.sealed.Known() {
			var err error
			if plain, err = x.s.Sealer.Open(auth.Place{Office: string(p.Office), Column: n.column, Record: string(p.ID)}, n.sealed.Cipher); err != nil {
				return nil, fmt.Errorf("open a number for the list: %w", err)
			}
		}
		cells = append(cells, sheet.Text(plain))
	}
	return cells, nil
}

func joinWords(a, b string) string {
	if a == "" {
		return b
	}
	return a + ", " + b
}
