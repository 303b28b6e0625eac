package web

import (
	"errors"
	"net/http"
	"strings"

	"loa"
)

type segmentForm struct {
	Action, Name string
	Tree         *ruleNode
	Errors       map[string]string
	Fields       []option
	Schemes      []option
	Purposes     []option
	Channels     []option
	States       []option
	Ops          []option
	Live         *liveCount // what the form makes now; nil when nothing was chosen yet
	Cancel       string
}

func (s *Server) segmentNew(w http.ResponseWriter, r *http.Request) error {
	tree := &ruleNode{Op: "all", Parts: []*ruleNode{{}, {}}}
	tree.number("0", 0)
	return s.segmentForm(w, r, segmentForm{Action: "/segments/new", Cancel: "/segments", Tree: tree}, 0, t(r, "segment.new.title"))
}

func (s *Server) segmentEdit(w http.ResponseWriter, r *http.Request) error {
	seg, err := s.DB.Segment(r.Context(), scopeOf(r), loa.SegmentID(r.PathValue("id")))
	if err != nil {
		return err
	}
	f := segmentForm{Action: "/segments/" + string(seg.ID) + "/edit", Cancel: "/segments/" + string(seg.ID), Name: segmentName(r, seg)}
	f.Tree = nodeOf(seg.Rule)
	return s.segmentForm(w, r, f, 0, t(r, "segment.edit.title", f.Name))
}

// segmentForm draws the builder with its lists.
func (s *Server) segmentForm(w http.ResponseWriter, r *http.Request, f segmentForm, status int, title string) error {
	for _, field := range loa.RuleFields {
		f.Fields = append(f.Fields, option{field.Field, t(r, "rule.field."+field.Field)})
	}
	f.Schemes, f.Purposes, f.Channels = optionsOf(r, "scheme.", loa.Schemes), options(r, "purpose.", loa.Purposes), options(r, "channel.", loa.Channels)
	f.States, f.Ops = options(r, "consent.", []string{"agreed", "refused", "unknown"}), options(r, "rule.op.", groupOps)
	names, err := s.villageNames(r)
	if err != nil {
		return err
	}
	fillNode(r, f.Tree, names)
	if rule, ok := f.Tree.rule(); ok && rule.Check() == nil {
		live, err := s.liveCount(r, rule)
		if err != nil {
			return err
		}
		f.Live = &live
	}
	return s.render(w, r, "segment_form", page{Title: title, Active: "segments", Body: f, Status: status})
}

// fillNode puts the words and names beside what a tree of the builder holds.
func fillNode(r *http.Request, n *ruleNode, names map[loa.AreaID]string) {
	for _, p := range n.Parts {
		fillNode(r, p, names)
	}
	n.Kind, n.Choices = loa.RuleKind(n.Field), ruleChoices(r, n.Field)
	switch n.Field {
	case "area":
		for _, v := range n.Values {
			name := names[loa.AreaID(v)]
			if name == "" {
				name = t(r, "rule.other_area")
			}
			n.Kept = append(n.Kept, option{v, name})
		}
	case "consent":
		if len(n.Values) > 0 {
			copy(n.Consent[:], strings.SplitN(n.Values[0], ":", 3))
		}
	}
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
	rule, tree, err := readRule(f)
	back.Tree, back.Name, back.Errors = tree, f.text("name"), f.Errors
	if act := f.text("do"); act != "" { // a part more or less, or a field chosen: the form comes back
		tree.turn(act)
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
	if err != nil {
		return err
	}
	live, err := s.liveCount(r, rule)
	if err != nil {
		return err
	}
	return s.part(w, r, "segment_form", "live_count", live)
}

func (s *Server) liveCount(r *http.Request, rule loa.Rule) (liveCount, error) {
	q, x, err := s.query(r, rule)
	if err != nil {
		return liveCount{}, err
	}
	out := liveCount{N: x.Count(q), Rule: s.ruleSentence(r, rule)}
	out.Per, err = s.perCommune(r, x.CountByArea(q))
	return out, err
}
