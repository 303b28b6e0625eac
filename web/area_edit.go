package web

import (
	"net/http"
	"strconv"
	"strings"

	"loa"
	"loa/vn"
)

// areaForm is the form of a commune or village, to change one or to add a village.
type areaForm struct {
	Action, Cancel string
	Area           loa.Area
	Middle         string // the centroid as it is typed
	Aliases        string
	More           string // further villages, one a line
	New            bool
	Parent         string
	From           string
	Source         string
	Read           int64
	Parents        []option
	Officers       []option
	Signals        []option
	Loudspeakers   []option
	Prefixes       []string
	Ethnic         []areaTick
	Languages      []areaTick
	Errors         map[string]string
	Clashes        []clashLine
	Up             []option
}

type areaTick struct {
	Value, Label string
	On           bool
}

func ticks(r *http.Request, prefix string, words, chosen []string) []areaTick {
	out := make([]areaTick, len(words))
	for i, w := range words {
		out[i] = areaTick{w, t(r, prefix+w), loa.OneOf(w, chosen)}
	}
	return out
}

func (s *Server) areaForm(w http.ResponseWriter, r *http.Request, f areaForm, title string, status int) error {
	doers, err := s.doers(r, f.Area.FocalOfficer)
	if err != nil {
		return err
	}
	f.Officers = officerOptionsOf(doers)
	if f.Parents, err = s.parentOptions(r); err != nil {
		return err
	}
	f.Signals, f.Loudspeakers = options(r, "signal.", loa.Signals), options(r, "loudspeaker.", loa.Loudspeakers)
	f.Ethnic, f.Languages = ticks(r, "ethnic.", loa.EthnicGroups, f.Area.EthnicGroups), ticks(r, "language.", loa.Languages, f.Area.Languages)
	f.Prefixes = villagePrefixes
	if f.Area.Kind == loa.Commune {
		f.Prefixes = []string{"Xã", "Phường", "Đặc khu", "Thị trấn"}
	}
	return s.render(w, r, "area_form", page{Title: title, Active: "areas", Body: f, Status: status})
}

// parentOptions are the communes a village may lie in, and "not stated".
func (s *Server) parentOptions(r *http.Request) ([]option, error) {
	areas, err := s.areas(r)
	if err != nil {
		return nil, err
	}
	var out []option
	for _, a := range areas {
		if a.Kind == loa.Commune || a.Kind == loa.OfficeNode {
			out = append(out, option{string(a.ID), s.areaName(r, a)})
		}
	}
	return out, nil
}

func (s *Server) areaEdit(w http.ResponseWriter, r *http.Request) error {
	a, err := s.DB.Area(r.Context(), scopeOf(r), loa.AreaID(r.PathValue("id")))
	if err != nil {
		return err
	}
	f := areaForm{Action: "/areas/" + string(a.ID) + "/edit", Cancel: "/areas/" + string(a.ID), Area: a, Middle: middleText(a), Read: a.ChangeNo}
	if f.Aliases, err = s.aliasText(r, a.ID); err != nil {
		return err
	}
	return s.areaForm(w, r, f, t(r, "area.edit_title", s.areaName(r, a)), 0)
}

func (s *Server) aliasText(r *http.Request, id loa.AreaID) (string, error) {
	list, err := s.DB.Aliases(r.Context(), scopeOf(r))
	var names []string
	for _, x := range list {
		if x.Area == id {
			names = append(names, x.Name)
		}
	}
	return strings.Join(names, ", "), err
}

func middleText(a loa.Area) string {
	if a.LatE5 == 0 && a.LonE5 == 0 {
		return ""
	}
	return degrees(a.LatE5) + ", " + degrees(a.LonE5)
}

// readArea fills an area from the form.
func readArea(f *form, a *loa.Area) (aliases []string) {
	a.Name, a.Prefix, a.Note = vn.Tidy(f.text("name")), vn.Tidy(f.text("prefix")), f.text("note")
	a.Signal, a.Loudspeaker, a.FocalOfficer = f.text("signal"), f.text("loudspeaker"), loa.OfficerID(f.text("focal_officer_id"))
	a.TravelDryMin, a.TravelWetMin, a.WalkOrder = int(f.number("travel_dry_min")), int(f.number("travel_wet_min")), int(f.number("walk_order"))
	a.EthnicGroups, a.Languages = f.all("ethnic_groups"), f.all("languages")
	a.LatE5, a.LonE5 = 0, 0
	if text := f.text("centroid"); text != "" {
		lat, lon, ok := readMiddle(text)
		if !ok {
			f.bad("centroid", "error.area_centroid")
		}
		a.LatE5, a.LonE5 = lat, lon
	}
	return strings.FieldsFunc(f.text("aliases"), func(c rune) bool { return c == ',' || c == ';' || c == '\n' })
}

// readMiddle reads "21.82365, 103.36016" as maps copy it; the numbers' own commas are not understood on purpose.
func readMiddle(text string) (lat, lon int64, ok bool) {
	parts := strings.FieldsFunc(text, func(c rune) bool { return c == ',' || c == ' ' || c == ';' })
	if len(parts) != 2 {
		return 0, 0, false
	}
	var at [2]int64
	for i, p := range parts {
		whole, part, _ := strings.Cut(p, ".")
		if len(part) > 5 {
			part = part[:5]
		}
		n, err := strconv.ParseInt(strings.TrimPrefix(whole, "-")+part+strings.Repeat("0", 5-len(part)), 10, 64)
		if err != nil || n < 0 || len(whole) > 4 {
			return 0, 0, false
		}
		if strings.HasPrefix(whole, "-") {
			n = -n
		}
		at[i] = n
	}
	return at[0], at[1], true
}

func (s *Server) areaUpdate(w http.ResponseWriter, r *http.Request) error {
	a, err := s.DB.Area(r.Context(), scopeOf(r), loa.AreaID(r.PathValue("id")))
	if err != nil {
		return err
	}
	now := a
	f := readForm(r)
	aliases := readArea(f, &a)
	read := f.number("read")
	body := areaForm{Action: "/areas/" + string(a.ID) + "/edit", Cancel: "/areas/" + string(a.ID), Area: a, Middle: f.text("centroid"), Aliases: f.text("aliases"), Read: read, Errors: f.Errors}
	if f.ok() {
		merged, names, clashes, err := s.DB.SaveArea(r.Context(), scopeOf(r), s.by(r), a, aliases, read)
		if err := f.take(err); err != nil {
			return err
		}
		if f.ok() && len(clashes) == 0 {
			return s.done(w, r, "/areas/"+string(a.ID), t(r, "area.saved", a.Label()), "")
		}
		if len(clashes) > 0 {
			words, err := s.areaWords(r)
			if err != nil {
				return err
			}
			for _, c := range clashes {
				body.Clashes = append(body.Clashes, clashLine{t(r, "area.field."+c.Field), words.text(r, c.Field, c.Old), words.text(r, c.Field, c.New)})
			}
			body.Area, body.Middle, body.Aliases = merged, middleText(merged), strings.Join(names, ", ")
			body.Read = now.ChangeNo // having seen the other's values, saving again is a choice
		}
	}
	return s.areaForm(w, r, body, t(r, "area.edit_title", now.Label()), http.StatusUnprocessableEntity)
}

func (s *Server) villageNew(w http.ResponseWriter, r *http.Request) error {
	f := areaForm{Action: "/areas/new", Cancel: "/areas", New: true, Parent: r.FormValue("parent"), From: string(s.today()), Area: loa.Area{Kind: loa.Village, Prefix: "Thôn", Name: vn.Tidy(r.FormValue("name"))}}
	return s.areaForm(w, r, f, t(r, "area.new_title"), 0)
}

func (s *Server) villageCreate(w http.ResponseWriter, r *http.Request) error {
	f := readForm(r)
	a := loa.Area{ID: loa.AreaID(loa.NewID()), Kind: loa.Village}
	aliases := readArea(f, &a)
	from := f.day("from")
	parent := loa.AreaID(f.text("parent"))
	if parent == "" {
		f.bad("parent", "error.required")
	}
	more := moreVillages(f, a)
	var act loa.ActID
	added := 0
	if f.ok() {
		list, id, err := s.DB.AddVillages(r.Context(), scopeOf(r), s.by(r), append([]loa.Area{a}, more...), parent, from, f.text("source"), aliases...)
		if loa.KindOf(err) == loa.NotFound {
			return err
		}
		if err := f.take(err); err != nil {
			return err
		}
		act, added = id, len(list)
	}
	if !f.ok() {
		body := areaForm{Action: "/areas/new", Cancel: "/areas", New: true, Area: a, Middle: f.text("centroid"), Aliases: f.text("aliases"), Parent: string(parent), More: f.text("more"), From: f.text("from"), Source: f.text("source"), Errors: f.Errors}
		return s.areaForm(w, r, body, t(r, "area.new_title"), http.StatusUnprocessableEntity)
	}
	if len(more) > 0 {
		return s.done(w, r, "/areas/"+string(parent), t(r, "area.added_many", added), areaUndoURL(act))
	}
	return s.done(w, r, "/areas/"+string(a.ID), t(r, "area.added", a.Label()), areaUndoURL(act))
}

// areaUndoURL is the address that takes an act on the territory back; empty when there is none.
func areaUndoURL(id loa.ActID) string {
	if id == "" {
		return ""
	}
	return "/area-acts/" + string(id) + "/undo"
}

func (s *Server) areaUndo(w http.ResponseWriter, r *http.Request) error {
	if err := s.DB.UndoMoveArea(r.Context(), scopeOf(r), s.by(r), loa.ActID(r.PathValue("id"))); err != nil {
		f := readForm(r)
		if err := f.take(err); err != nil {
			return err
		}
		for _, sentence := range f.Errors {
			s.setFlash(w, r, flash{Kind: "error", Text: sentence})
		}
		http.Redirect(w, r, "/areas", http.StatusSeeOther)
		return nil
	}
	return s.done(w, r, "/areas", t(r, "area.undone"), "")
}
