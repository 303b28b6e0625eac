package loa

import (
	"slices"
	"strings"
	"time"

	"loa/vn"
)

// ScriptState says whether a script may be used.
type ScriptState string

// The states of a script.
const (
	ScriptDraft     ScriptState = "draft"
	ScriptSubmitted ScriptState = "submitted"
	ScriptApproved  ScriptState = "approved"
	ScriptWithdrawn ScriptState = "withdrawn"
)

// ScriptKinds are the lengths a script is written in, in the order of the form.
var ScriptKinds = []string{"long", "zalo", "sms", "loudspeaker", "post", "leaflet"}

// scriptMost is how many characters a text of each kind may have.
var scriptMost = map[string]int{"long": 8000, "zalo": 2000, "sms": 480, "loudspeaker": 4000, "post": 5000, "leaflet": 160}

// ScriptText are the words of a script in one language and length.
type ScriptText struct {
	Lang string // a tongue
	Kind string
	Text string
}

// Script is one message in several languages and lengths, to send or to read aloud. Its figures are placeholders, filled in on the day.
type Script struct {
	ID         ScriptID
	Office     OfficeID
	Area       AreaID
	Version    int
	Name       string
	Scheme     Scheme // it is about; empty: none
	Group      string // whose figures it tells to everybody; empty: each reader's own, and those of no special group where nobody in particular is spoken to
	Purpose    string
	From       Day
	Until      Day // the last day it may be used; empty: until it is withdrawn
	Texts      []ScriptText
	State      ScriptState
	Why        string // it was sent back or withdrawn
	Author     OfficerID
	ChangedBy  OfficerID
	CreatedAt  time.Time
	ApprovedAt time.Time
	ApprovedBy OfficerID
	Synthetic  bool
	ChangeNo   int64
}

// Places are the placeholders a text may have, with whether they tell something of the person. Those of figures are filled by the
// calculator for the person's group on the day of sending, or block the script where the law has no answer.
var Places = map[string]bool{
	"ten": true, "xung_ho": true, "thon": false, "han": true, "han_the": true, "so_thang": true,
	"co_quan": false, "dien_thoai": false, "can_bo": false, "lien_ket": false, "buoi": false, "ngay_buoi": false,
	"muc_dong": false, "nha_nuoc_ho_tro": false, "ty_le_ho_tro": false, "muc_dong_quy": false, "muc_dong_nam": false, "thu_nhap_thap_nhat": false, "luong_huu": false,
	"bhyt_nguoi_1": false, "bhyt_nguoi_2": false, "bhyt_nguoi_3": false, "bhyt_nguoi_4": false, "bhyt_nguoi_5": false, "luong_co_so": false,
}

// PlacesIn are the placeholders of a text in the order they stand; a brace that is not closed, or a word that is none, is refused.
func PlacesIn(text string) (out []string, err error) {
	for {
		open := strings.IndexAny(text, "{}")
		if open < 0 {
			return out, nil
		}
		end := strings.IndexByte(text[open:], '}')
		if text[open] == '}' || end < 0 {
			return nil, Refuse(Invalid, "text", "brace_open")
		}
		key := text[open+1 : open+end]
		if _, known := Places[key]; !known {
			return nil, Refuse(Invalid, "text", "no_such_place", key)
		}
		out = append(out, key)
		text = text[open+end+1:]
	}
}

// FillPlaces writes a text with its placeholders filled. What cannot be filled is refused by name: nothing goes out with a gap.
func FillPlaces(text string, with func(key string) (string, bool)) (string, error) {
	var b strings.Builder
	for {
		open := strings.IndexByte(text, '{')
		if open < 0 {
			b.WriteString(text)
			return b.String(), nil
		}
		end := strings.IndexByte(text[open:], '}')
		if end < 0 {
			return "", Refuse(Invalid, "text", "brace_open")
		}
		key := text[open+1 : open+end]
		value, ok := with(key)
		if !ok {
			return "", Refuse(Invalid, "text", "place_empty", Phrase("script.place."+key))
		}
		b.WriteString(text[:open])
		b.WriteString(value)
		text = text[open+end+1:]
	}
}

// Personal says whether a text tells something of the person it is for: a telephone that others use too is no place for it.
func Personal(text string) bool {
	places, err := PlacesIn(text)
	return err != nil || slices.ContainsFunc(places, func(key string) bool { return Places[key] })
}

// Words are the words of a script in the first of some languages that it has in a length.
func (s Script) Words(langs []string, kind string) (ScriptText, bool) {
	for _, lang := range langs {
		for _, t := range s.Texts {
			if t.Lang == lang && t.Kind == kind {
				return t, true
			}
		}
	}
	return ScriptText{}, false
}

// Usable says whether a script may be used on a day, as far as it knows itself; that its figures are known comes on top.
func (s Script) Usable(on Day) bool {
	return s.State == ScriptApproved && (s.From == "" || s.From <= on) && (s.Until == "" || on <= s.Until)
}

// ScriptGroups are the groups a script may tell the figures of: those by which the State adds to voluntary SI.
var ScriptGroups = []string{"poor", "near_poor", "ethnic_minority", "island_commune", "other"}

// ScriptMost is how many characters a text of a kind may have; 0: there is no such kind.
func ScriptMost(kind string) int { return scriptMost[kind] }

// ScriptName is how long a name may be, in characters.
const ScriptName = 120

// Check refuses a script that says nothing, too much, or has a placeholder nobody fills.
func (s Script) Check() error {
	switch {
	case vn.Fold(s.Name) == "":
		return Refuse(Invalid, "name", "required")
	case len([]rune(s.Name)) > ScriptName:
		return Refuse(Invalid, "name", "too_long", ScriptName)
	case s.Scheme != "" && !s.Scheme.Valid():
		return Refuse(Invalid, "scheme", "not_in_list")
	case s.Group != "" && !OneOf(s.Group, ScriptGroups):
		return Refuse(Invalid, "group", "not_in_list")
	case !OneOf(s.Purpose, Purposes):
		return Refuse(Invalid, "purpose", "not_in_list")
	case s.From != "" && !s.From.Valid():
		return Refuse(Invalid, "from", "bad_day")
	case s.Until != "" && (!s.Until.Valid() || s.Until < s.From):
		return Refuse(Invalid, "until", "until_before_from")
	case len(s.Texts) == 0:
		return Refuse(Invalid, "text", "script_empty")
	}
	seen := map[[2]string]bool{}
	for _, t := range s.Texts {
		field := t.Lang + "_" + t.Kind
		switch most := scriptMost[t.Kind]; {
		case !OneOf(t.Lang, Tongues) || most == 0:
			return Refuse(Invalid, field, "not_in_list")
		case seen[[2]string{t.Lang, t.Kind}]:
			return Refuse(Invalid, field, "twice")
		case vn.Fold(t.Text) == "":
			return Refuse(Invalid, field, "required")
		case len([]rune(t.Text)) > most:
			return Refuse(Invalid, field, "too_long", most)
		}
		seen[[2]string{t.Lang, t.Kind}] = true
		if err := t.checkPlaces(); err != nil {
			return inField(err, field)
		}
	}
	return nil
}

// inField is a refusal moved to the field it is about.
func inField(err error, field string) error {
	if e, ok := err.(*Error); ok {
		moved := *e
		moved.Field = field
		return &moved
	}
	return err
}

// Submit hands a script over to those who approve.
func (s *Script) Submit() error {
	if s.State != ScriptDraft {
		return Refuse(Conflict, "", "script_state")
	}
	if err := s.Check(); err != nil {
		return err
	}
	s.State, s.Why = ScriptSubmitted, ""
	return nil
}

// ScriptWhy is how long a reason may be, in characters.
const ScriptWhy = 500

// SendBack gives a script back to its author with the reason.
func (s *Script) SendBack(why string) error {
	switch {
	case s.State != ScriptSubmitted:
		return Refuse(Conflict, "", "script_state")
	case vn.Fold(why) == "":
		return Refuse(Invalid, "why", "required")
	case len([]rune(why)) > ScriptWhy:
		return Refuse(Invalid, "why", "too_long", ScriptWhy)
	}
	s.State, s.Why = ScriptDraft, why
	return nil
}

// publicKinds are the lengths everybody hears or reads: nothing of one person belongs there.
var publicKinds = map[string]bool{"loudspeaker": true, "post": true, "leaflet": true}

// checkPlaces refuses a text with a place nobody fills, or one that tells everybody of one person.
func (t ScriptText) checkPlaces() error {
	places, err := PlacesIn(t.Text)
	if err != nil {
		return err
	}
	for _, p := range places {
		if Places[p] && publicKinds[t.Kind] {
			return Refuse(Invalid, "text", "place_personal", Phrase("script.place."+p))
		}
	}
	return nil
}

// Approve makes a script usable; nobody approves what they wrote or changed.
func (s *Script) Approve(by By) error {
	switch {
	case s.State != ScriptSubmitted:
		return Refuse(Conflict, "", "script_state")
	case by.Officer == s.Author || by.Officer == s.ChangedBy:
		return Refuse(Denied, "", "own_script")
	}
	s.State, s.ApprovedBy, s.ApprovedAt, s.Why = ScriptApproved, by.Officer, by.At, ""
	return nil
}
