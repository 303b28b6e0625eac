package web

import (
	"net/http"
	"strconv"
	"strings"

	"loa"
	"loa/i18n"
	"loa/store"
)

type auditPage struct {
	Tabs       []tabLine
	Lines      []auditLine
	Filter     store.AuditFilter
	From, To   string
	Filtered   bool
	Officers   []option
	Acts       []option
	Nouns      []option
	Export     string
	Older      string
	Newest     string
	Checked    bool
	Whole      bool
	Sentence   string
	Head       string
	FormErrors map[string]string
}

type auditLine struct {
	No                                  int64
	When, Officer, Initials, Act, About string
	URL, Detail, Hash                   string
}

const auditPerPage = 50

// auditList is the office's log, newest first.
func (s *Server) auditList(w http.ResponseWriter, r *http.Request) error {
	b, err := s.auditPage(r)
	if err != nil {
		return err
	}
	return s.auditDraw(w, r, b, 0)
}

func (s *Server) auditDraw(w http.ResponseWriter, r *http.Request, b auditPage, status int) error {
	return s.render(w, r, "admin_audit", page{Title: t(r, "audit.title"), Context: t(r, "audit.context"), Active: "audit", Status: status, Body: b})
}

func (s *Server) auditPage(r *http.Request) (auditPage, error) {
	f, ctx, in := readForm(r), r.Context(), whoOf(r).Whole
	b := auditPage{Filter: store.AuditFilter{Officer: loa.OfficerID(f.text("officer")), Act: f.text("act"), Noun: f.text("noun"), NounID: f.text("id"), From: f.day("from"), To: f.day("to")},
		From: f.text("from"), To: f.text("to"), FormErrors: f.Errors}
	b.Tabs = adminTabs(r, "audit")
	b.Export = "/admin/audit/export?" + r.URL.Query().Encode()
	b.Filtered = b.Filter != store.AuditFilter{}
	before, err := strconv.ParseInt(f.text("before"), 10, 64)
	if err != nil {
		before = 0 // an address that was cut off shows the newest
	}
	entries, err := s.DB.AuditLog(ctx, in, b.Filter, before, auditPerPage+1)
	if err != nil {
		return b, err
	}
	officers, err := s.DB.Officers(ctx, in)
	if err != nil {
		return b, err
	}
	names := map[loa.OfficerID]loa.Officer{}
	for _, o := range officers {
		names[o.ID] = o
		b.Officers = append(b.Officers, option{string(o.ID), o.Name})
	}
	if before > 0 {
		b.Newest = s.auditURL(r, 0)
	}
	if len(entries) > auditPerPage {
		entries = entries[:auditPerPage]
		b.Older = s.auditURL(r, entries[auditPerPage-1].No)
	}
	for _, a := range entries {
		b.Lines = append(b.Lines, auditLineOf(r, a, names))
	}
	acts, nouns, err := s.DB.AuditWords(ctx, in)
	if err != nil {
		return b, err
	}
	b.Acts, b.Nouns = wordOptions(r, "act.", acts), wordOptions(r, "noun.", nouns)
	return b, nil
}

// auditURL is the same filter from another entry on.
func (s *Server) auditURL(r *http.Request, before int64) string {
	q := r.URL.Query()
	q.Del("before")
	if before > 0 {
		q.Set("before", strconv.FormatInt(before, 10))
	}
	return "/admin/audit?" + q.Encode()
}

func auditLineOf(r *http.Request, a loa.Audit, names map[loa.OfficerID]loa.Officer) auditLine {
	l := auditLine{No: a.No, When: moment(a.At), Act: word(r, "act.", a.Act), About: word(r, "noun.", a.Noun), Detail: auditDetail(r, a.Detail), Hash: a.Hash[:8]}
	switch o, known := names[a.Officer]; {
	case known:
		l.Officer, l.Initials = o.Name, o.Initials()
	case a.Officer == "":
		l.Officer, l.Initials = t(r, "audit.nobody"), "–"
	default:
		l.Officer, l.Initials = string(a.Officer[:min(8, len(a.Officer))]), "?"
	}
	if o, ok := names[loa.OfficerID(a.NounID)]; ok && a.Noun == "officer" {
		l.About += " " + o.Name
	}
	if a.NounID != "" {
		l.URL = nounURL(whoOf(r), a.Noun, a.NounID)
	}
	return l
}

// nounURL is the page of the record an entry is about, for those who may open it.
func nounURL(me *who, noun, id string) string {
	for _, p := range []struct {
		noun, path string
		may        loa.Act
	}{{"person", "/people/", loa.ReadPeople}, {"household", "/households/", loa.ReadPeople}, {"session", "/sessions/", loa.ReadOutreach}, {"segment", "/segments/", loa.ReadOutreach}, {"story", "/stories/", loa.ReadOutreach},
		{"officer", "/admin/officers/", loa.Administer}} {
		if p.noun == noun && me.may(p.may) {
			return p.path + id
		}
	}
	return ""
}

// auditDetail writes the codes of an entry in words where there are any.
func auditDetail(r *http.Request, detail string) string {
	parts := strings.Fields(detail)
	for i, p := range parts {
		name, value, pair := strings.Cut(p, "=")
		switch {
		case pair && name == "role":
			parts[i] = word(r, "role.", value)
		case pair && (name == "from" || name == "to"):
			parts[i] = t(r, "admin."+name) + " " + loa.Day(value).Vietnamese()
		case pair && (name == "grant" || value == ""):
			parts[i] = ""
		case pair && name == "area":
			parts[i] = areaLabel(r, loa.AreaID(value))
		case pair:
			parts[i] = auditWord(r, name) + " " + auditWord(r, value)
		default:
			parts[i] = auditWord(r, p)
		}
	}
	return strings.Join(strings.Fields(strings.Join(parts, " ")), " ")
}

// auditWord is a code of an entry in words, wherever a catalogue has it; days and periods are written as the pages write them,
// and a long hash is cut to what tells it apart. What somebody typed stays as it was typed.
func auditWord(r *http.Request, code string) string {
	bare := strings.TrimRight(code, ":,;")
	for _, prefix := range []string{"audit_field.", "scheme.", "form.", "step.", "role.", "field.", "coverage.kind.", "import.kind."} {
		if i18n.Has(langOf(r), prefix+bare) {
			return t(r, prefix+bare) + code[len(bare):]
		}
	}
	from, to, period := strings.Cut(bare, "..")
	switch {
	case period && loa.Day(from).Valid() && loa.Day(to).Valid():
		return loa.Day(from).Vietnamese() + "–" + loa.Day(to).Vietnamese()
	case loa.Day(bare).Valid():
		return loa.Day(bare).Vietnamese()
	case len(bare) == 64 && strings.Trim(bare, "0123456789abcdef") == "":
		return bare[:12] + "…"
	}
	return code
}

func areaLabel(r *http.Request, id loa.AreaID) string {
	for _, a := range whoOf(r).whole {
		if a.ID == id {
			return a.Label()
		}
	}
	return ""
}

// word is the sentence of a code, or the code itself while no catalogue knows it.
func word(r *http.Request, prefix, code string) string {
	if i18n.Has(langOf(r), prefix+code) {
		return t(r, prefix+code)
	}
	return code
}

func wordOptions(r *http.Request, prefix string, codes []string) []option {
	out := make([]option, len(codes))
	for i, c := range codes {
		out[i] = option{c, word(r, prefix, c)}
	}
	return out
}

// auditVerify walks the whole chain and says in plain words whether it holds.
func (s *Server) auditVerify(w http.ResponseWriter, r *http.Request) error {
	me := whoOf(r)
	n, head, err := s.DB.VerifyAudit(r.Context(), me.Office.ID)
	broken := loa.KindOf(err) == loa.Conflict
	if err != nil && !broken {
		return err
	}
	if err := s.DB.Audit(r.Context(), me.Office.ID, s.by(r), "verified", "audit", "", "entries="+strconv.FormatInt(n, 10)); err != nil {
		return err
	}
	b, pageErr := s.auditPage(r)
	if pageErr != nil {
		return pageErr
	}
	b.Checked, b.Whole = true, !broken
	if broken {
		f := readForm(r)
		if err := f.take(err); err != nil {
			return err
		}
		b.Sentence = f.Errors["audit"]
	} else {
		v := &view{Lang: langOf(r)}
		b.Sentence, b.Head = t(r, "audit.whole", v.N(n)), cut(head, 16)
	}
	return s.auditDraw(w, r, b, 0)
}
