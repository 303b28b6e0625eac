package web

import (
	"errors"
	"net/http"

	"loa"
)

type segmentForm struct {
	Action, Name string
	Rows         []ruleRow
	Errors       map[string]string
	Fields       []option
	Schemes      []option
	Purposes     []option
	Channels     []option
	States       []option
	Choices      map[string][]option
	Deep         string // a rule the builder cannot show, in words
	Cancel       string
}

func (s *Server) segmentNew(w http.ResponseWriter, r *http.Request) error {
	return s.segmentForm(w, r, segmentForm{Action: "/segments/new", Cancel: "/segments"}, 0, t(r, "segment.new.title"))
}

func (s *Server) segmentEdit(w http.ResponseWriter, r *http.Request) error {
	seg, err := s.DB.Segment(r.Context(), scopeOf(r), loa.SegmentID(r.PathValue("id")))
	if err != nil {
		return err
	}
	f := segmentForm{Action: "/segments/" + string(seg.ID) + "/edit", Cancel: "/segments/" + string(seg.ID), Name: segmentName(r, seg)}
	rows, ok := rowsOf(seg.Rule)
	if !ok {
		f.Deep = s.ruleText(r, seg.Rule)
	}
	f.Rows = rows
	return s.segmentForm(w, r, f, 0, t(r, "segment.edit.title", f.Name))
}

// segmentForm draws the builder with its lists and some empty rows to fill.
func (s *Server) segmentForm(w http.ResponseWriter, r *http.Request, f segmentForm, status int, title string) error {
	for _, field := range loa.RuleFields {
		f.Fields = append(f.Fields, option{field.Field, t(r, "rule.field."+field.Field)})
	}
	f.Schemes, f.Purposes, f.Channels = optionsOf(r, "scheme.", loa.Schemes), options(r, "purpose.", loa.Purposes), options(r, "channel.", loa.Channels)
	f.States = options(r, "consent.", []string{"agreed", "refused", "unknown"})
	names, err := s.villageNames(r)
	if err != nil {
		return err
	}
	for i := range f.Rows {
		row := &f.Rows[i]
		row.Kind = loa.RuleKind(row.Field)
		if row.Field == "area" && len(row.Values) > 0 && row.AreaText == "" {
			row.AreaText = names[loa.AreaID(row.Values[0])]
		}
		row.Choices = ruleChoices(r, row.Field)
	}
	empty := 2
	if len(f.Rows) == 0 {
		empty = 3
	}
	last := 0
	if len(f.Rows) > 0 {
		last = f.Rows[len(f.Rows)-1].Group + 1
	}
	for i := 0; i < empty && len(f.Rows) < builderRows; i++ {
		f.Rows = append(f.Rows, ruleRow{Group: last + i})
	}
	return s.render(w, r, "segment_form", page{Title: title, Active: "segments", Body: f, Status: status})
}

// ruleChoices are the words a field of a closed list offers, with "not known" where a record may lack it.
func ruleChoices(r *http.Request, field string) []option {
	words := loa.RuleWords(field)
	if len(words) == 0 || field == "lead" {
		return nil
	}
	out := options(r, field+".", words)
	if loa.RuleKind(field) == "words" {
		out = append(out, option{"", t(r, "rule.unknown")})
	}
	return out
}

func (s *Server) segmentCreate(w http.ResponseWriter, r *http.Request) error {
	return s.segmentSave(w, r, loa.Segment{ID: loa.SegmentID(loa.NewID()), Sort: 1000}, segmentForm{Action: "/segments/new", Cancel: "/segments"}, t(r, "segment.new.title"))
}

func (s *Server) segmentUpdate(w http.ResponseWriter, r *http.Request) error {
	seg, err := s.DB.Segment(r.Context(), scopeOf(r), loa.SegmentID(r.PathValue("id")))
	if err != nil {
		return err
	}
	f := segmentForm{Action: "/segments/" + string(seg.ID) + "/edit", Cancel: "/segments/" + string(seg.ID)}
	return s.segmentSave(w, r, seg, f, t(r, "segment.edit.title", segmentName(r, seg)))
}

func (s *Server) segmentSave(w http.ResponseWriter, r *http.Request, seg loa.Segment, back segmentForm, title string) error {
	f := readForm(r)
	rule, rows, err := readRule(f)
	back.Rows, back.Name, back.Errors = rows, f.text("name"), f.Errors
	if f.on("more") { // "add a row" without scripts
		return s.segmentForm(w, r, back, 0, title)
	}
	if err = f.take(err); err != nil {
		return err
	}
	if back.Name == "" {
		f.bad("name", "error.required")
	}
	if seg.Code == "" || back.Name != segmentName(r, seg) {
		seg.Name = back.Name
	}
	seg.Rule = rule
	if f.ok() {
		if err := f.take(s.DB.SaveSegment(r.Context(), scopeOf(r), s.by(r), seg)); err != nil {
			return err
		}
	}
	if !f.ok() {
		return s.segmentForm(w, r, back, http.StatusUnprocessableEntity, title)
	}
	return s.done(w, r, "/segments/"+string(seg.ID), t(r, "segment.saved"), "")
}

type liveCount struct {
	N    int
	Rule string
	Err  string
	Per  []communeCount
}

// segmentCount answers the builder while it is being filled in: how many people the rule picks now.
func (s *Server) segmentCount(w http.ResponseWriter, r *http.Request) error {
	f := readForm(r)
	rule, _, err := readRule(f)
	var refusal *loa.Error
	if errors.As(err, &refusal) {
		return s.part(w, r, "segment_form", "live_count", liveCount{Err: t(r, "error."+refusal.Code, refusal.Args...)})
	}
	q, x, err := s.query(r, rule)
	if err != nil {
		return err
	}
	per, err := s.perCommune(r, x.CountByArea(q))
	if err != nil {
		return err
	}
	return s.part(w, r, "segment_form", "live_count", liveCount{N: x.Count(q), Rule: s.ruleText(r, rule), Per: per})
}
