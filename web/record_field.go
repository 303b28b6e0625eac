package web

import (
	"net/http"
	"strconv"
	"strings"

	"loa"
)

// fieldRef is a field of a plain record that a form may change, by the name its history uses.
type fieldRef struct {
	name string
	get  func() string
	set  func(string)
}

func refText[S ~string](name string, p *S) fieldRef {
	return fieldRef{name, func() string { return string(*p) }, func(v string) { *p = S(v) }}
}

func refNumber(name string, p *int) fieldRef {
	return fieldRef{name, func() string {
		if *p == 0 {
			return ""
		}
		return strconv.Itoa(*p)
	}, func(v string) { *p, _ = strconv.Atoi(v) }} // only ever given what get wrote
}

// takeTheirs puts what others wrote into the fields a form left as it had read them, so that saving again overwrites nothing.
func (s *Server) takeTheirs(r *http.Request, id string, read int64, mine, theirs []fieldRef) error {
	then, err := s.DB.ValuesAt(r.Context(), id, read)
	if err != nil {
		return err
	}
	for i, f := range mine {
		if old, changed := then[f.name]; changed && old == f.get() {
			f.set(theirs[i].get())
		}
	}
	return nil
}

// historyLine is one change of one field in words.
type historyLine struct {
	Field, Old, New, At string
	Officer             string
}

// wordsOf writes a list of codes in words.
func wordsOf(r *http.Request, prefix, codes string) (out string) {
	for _, c := range strings.Fields(codes) {
		out = joinWords(out, t(r, prefix+c))
	}
	return out
}

// recordHistory are the changes of a plain record, newest first.
func (s *Server) recordHistory(r *http.Request, id, room string) ([]historyLine, error) {
	list, err := s.DB.Versions(r.Context(), id)
	if err != nil {
		return nil, err
	}
	officers, err := s.officerNames(r)
	if err != nil {
		return nil, err
	}
	places, err := s.placeNames(r)
	if err != nil {
		return nil, err
	}
	out := make([]historyLine, len(list))
	for i, v := range list {
		out[i] = historyLine{Field: t(r, room+".field."+v.Field), Old: s.recordText(r, v.Field, v.Old, places, officers), New: s.recordText(r, v.Field, v.New, places, officers),
			At: moment(v.RecordedAt), Officer: officers.by[v.RecordedBy].Name}
	}
	return out, nil
}

// recordText is a kept value of a partner, collector or employer in words.
func (s *Server) recordText(r *http.Request, field, value string, places map[loa.AreaID]string, officers officerNames) string {
	if value == "" {
		return "–"
	}
	switch field {
	case "kind":
		return t(r, "partner_kind."+value)
	case "officer_id":
		return officers.by[loa.OfficerID(value)].Name
	case "employees_on":
		return loa.Day(value).Vietnamese()
	case "parent_id":
		return t(r, "collector.organisation")
	case "area_id":
		return territoryText(r, value, places)
	case "consent_by":
		return officers.by[loa.OfficerID(value)].Name
	case "consent_on", "consent_until":
		return loa.Day(value).Vietnamese()
	case "how":
		return t(r, "consent.how."+value)
	case "schemes":
		return wordsOf(r, "scheme.", value)
	case "audiences":
		return wordsOf(r, "segment.", value)
	case "person_id":
		return t(r, "story.linked")
	case "attachment_id":
		return t(r, "story.proof_kept")
	}
	return fieldText(r, field, value, nil)
}

// recordClashes are the fields somebody else changed while a form was open, with both values in words.
func (s *Server) recordClashes(r *http.Request, clashes []loa.FieldChange, room string) ([]clashLine, error) {
	officers, err := s.officerNames(r)
	if err != nil {
		return nil, err
	}
	places, err := s.placeNames(r)
	if err != nil {
		return nil, err
	}
	out := make([]clashLine, len(clashes))
	for i, c := range clashes {
		out[i] = clashLine{t(r, room+".field."+c.Field), s.recordText(r, c.Field, c.Old, places, officers), s.recordText(r, c.Field, c.New, places, officers)}
	}
	return out, nil
}

// readPhone reads a telephone number into its kept form.
func readPhone(f *form, name string) string {
	v := f.text(name)
	if v == "" {
		return ""
	}
	phone, ok := phoneOf(v)
	if !ok {
		f.bad(name, "error.bad_phone")
		return v
	}
	return phone
}
