package web

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"loa"
	"loa/segmenting"
	"loa/sheet"
	"loa/vn"
)

const segmentPageSize = 50

type segmentPeoplePage struct {
	Name             string
	ID               loa.SegmentID
	People           []segmentPerson
	From, To, Total  int
	PrevURL, NextURL string
	Communes         []option
	Area             string
	MayExport        bool
}

// segmentMembers asks who is in the segment named by the address, in one commune when ?area= names it.
func (s *Server) segmentMembers(r *http.Request) (loa.Segment, segmenting.Query, *segmenting.Index, error) {
	seg, err := s.DB.Segment(r.Context(), scopeOf(r), loa.SegmentID(r.PathValue("id")))
	if err != nil {
		return seg, segmenting.Query{}, nil, err
	}
	q, x, err := s.query(r, seg.Rule)
	if err != nil {
		return seg, q, x, err
	}
	if area := loa.AreaID(r.FormValue("area")); area != "" {
		if q.Within = q.Under(area); q.Within == nil {
			return seg, q, x, loa.ErrNotFound
		}
	}
	return seg, q, x, nil
}

// segmentPeople lists the members by name, a page at a time.
func (s *Server) segmentPeople(w http.ResponseWriter, r *http.Request) error {
	seg, q, x, err := s.segmentMembers(r)
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(r.FormValue("page"))
	if err != nil || n < 1 {
		n = 1
	}
	ids, total := x.Members(q, (n-1)*segmentPageSize, segmentPageSize)
	people, err := s.samplePeople(r, q, x, ids)
	if err != nil {
		return err
	}
	body := segmentPeoplePage{Name: segmentName(r, seg), ID: seg.ID, People: people, From: (n-1)*segmentPageSize + 1, To: (n-1)*segmentPageSize + len(people), Total: total,
		Area: r.FormValue("area"), MayExport: whoOf(r).may(loa.ExportPeople)}
	areas, err := s.areas(r)
	if err != nil {
		return err
	}
	for _, a := range areas {
		if a.Kind == loa.Commune || a.Kind == loa.OfficeNode {
			body.Communes = append(body.Communes, option{string(a.ID), s.areaName(r, a)})
		}
	}
	base := "/segments/" + string(seg.ID)
	if n > 1 {
		body.PrevURL = base + "/people?area=" + body.Area + "&page=" + strconv.Itoa(n-1)
	}
	if body.To < total {
		body.NextURL = base + "/people?area=" + body.Area + "&page=" + strconv.Itoa(n+1)
	}
	return s.render(w, r, "segment_people", page{Title: t(r, "segment.people.title", body.Name), Context: s.ruleSentence(r, seg.Rule), Active: "segments", Body: body})
}

// segmentPrinted is the most people one printed list holds: some fifty sheets. Longer ones are printed commune by commune.
const segmentPrinted = 2000

type segmentPrintPage struct {
	Name     string
	ID       loa.SegmentID
	Villages []printVillage
	N, Total int
	Cut      bool
	Refused  int
}

type printVillage struct {
	Name   string
	People []printPerson
}

type printPerson struct {
	loa.Person
	Tel    string
	NoCall bool
}

// segmentPrint is the list on paper, village by village; printing freezes who was on it, and is recorded.
func (s *Server) segmentPrint(w http.ResponseWriter, r *http.Request) error {
	seg, q, x, err := s.segmentMembers(r)
	if err != nil {
		return err
	}
	ids, total := x.Members(q, 0, segmentPrinted)
	people, err := s.DB.PeopleByID(r.Context(), scopeOf(r), ids)
	if err != nil {
		return err
	}
	names, err := s.villageNames(r)
	if err != nil {
		return err
	}
	above, err := s.communeNames(r)
	if err != nil {
		return err
	}
	away, err := s.notWelcome(r, ids, "visit")
	if err != nil {
		return err
	}
	noCall, err := s.notWelcome(r, ids, "call")
	if err != nil {
		return err
	}
	body := segmentPrintPage{Name: segmentName(r, seg), ID: seg.ID, N: len(people), Total: total, Cut: total > len(people)}
	at := map[loa.AreaID]int{}
	for _, p := range people {
		if away[p.ID] {
			body.Refused++
			continue
		}
		i, ok := at[p.Area]
		if !ok {
			i = len(body.Villages)
			at[p.Area] = i
			body.Villages = append(body.Villages, printVillage{Name: above[p.Area] + ", " + names[p.Area]})
		}
		body.Villages[i].People = append(body.Villages[i].People, printPerson{p, displayPhone(p.Phone), noCall[p.ID]})
	}
	body.N -= body.Refused
	slices.SortFunc(body.Villages, func(a, b printVillage) int { return strings.Compare(vn.Fold(a.Name), vn.Fold(b.Name)) })
	if err := s.used(r, seg.ID, "print", "printed", body.N); err != nil {
		return err
	}
	return s.render(w, r, "segment_print", page{Title: t(r, "segment.people.title", body.Name), Context: s.ruleSentence(r, seg.Rule), Active: "segments", Body: body})
}

// used records that a list of people left the program, and freezes who was on it.
func (s *Server) used(r *http.Request, id loa.SegmentID, by, act string, n int) error {
	snapshot, err := s.takeSnapshot(r, id, loa.AreaID(r.FormValue("area")), by, string(id))
	if err != nil {
		return err
	}
	return s.DB.Audit(r.Context(), whoOf(r).Office.ID, s.by(r), act, "segment", string(id), "n="+strconv.Itoa(n)+" snapshot="+string(snapshot))
}

// segmentExport hands the list over as a spreadsheet, written while it is read.
func (s *Server) segmentExport(w http.ResponseWriter, r *http.Request) error {
	seg, q, x, err := s.segmentMembers(r)
	if err != nil {
		return err
	}
	names, err := s.villageNames(r)
	if err != nil {
		return err
	}
	above, err := s.communeNames(r)
	if err != nil {
		return err
	}
	ids, total := x.Members(q, 0, 1<<30)
	if err := s.used(r, seg.ID, "export", "exported", total); err != nil {
		return err
	}
	titles := []string{whoOf(r).Office.Name, segmentName(r, seg), s.ruleSentence(r, seg.Rule), t(r, "segment.as_of", s.today().Vietnamese())}
	if whoOf(r).Office.Synthetic {
		titles = append(titles, t(r, "report.synthetic"))
	}
	head := []string{t(r, "person.name"), t(r, "person.born"), t(r, "rule.field.sex"), t(r, "person.village"), t(r, "matrix.commune"), t(r, "rule.field.occupation"), t(r, "rule.field.poverty"), t(r, "person.phone"), t(r, "people.no_contact")}
	download(w, "nhom-"+strings.ReplaceAll(vn.Fold(segmentName(r, seg)), " ", "-")+".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
	out := sheet.NewXLSX(w)
	if err := out.Sheet(sheet.Layout{Name: t(r, "segment.sheet"), Titles: titles, Heading: head, Widths: []float64{26, 10, 8, 22, 20, 22, 18, 16, 22}}); err != nil {
		return fmt.Errorf("begin the sheet: %w", err)
	}
	word := func(prefix, v string) sheet.Value {
		if v == "" {
			return sheet.Text("")
		}
		return sheet.Text(t(r, prefix+v))
	}
	for from := 0; from < len(ids); from += 300 {
		part := ids[from:min(from+300, len(ids))]
		people, err := s.DB.PeopleByID(r.Context(), scopeOf(r), part)
		if err != nil {
			return err
		}
		refused, err := s.DB.Refusals(r.Context(), scopeOf(r), "care", part)
		if err != nil {
			return err
		}
		for _, p := range people {
			born := sheet.Text("")
			if p.BornYear > 0 {
				born = sheet.Int(int64(p.BornYear))
			}
			phone, no := phoneAllowed(r, p, refused[p.ID])
			if err := out.Row(sheet.Text(p.Name), born, word("sex.", string(p.Sex)), sheet.Text(names[p.Area]), sheet.Text(above[p.Area]), word("occupation.", p.Occupation), word("poverty.", p.PovertyOn(s.today())), sheet.Text(phone), sheet.Text(no)); err != nil {
				return fmt.Errorf("write a person: %w", err)
			}
		}
	}
	return out.Close()
}
