package loa

import (
	"slices"
	"strings"
	"time"

	"loa/vn"
)

// Limits of a story in characters: what is longer is not listened to at a market.
const (
	StoryText   = 500
	StoryChange = 100
	StoryName   = 60
)

// StoryState is where a story stands; expired is not among them, since it follows from the last day of the consent.
type StoryState string

// The states of a story.
const (
	StoryDraft     StoryState = "draft"
	StoryApproved  StoryState = "approved"
	StoryWithdrawn StoryState = "withdrawn"
)

// Tongues are the languages a story or a recorded voice may have: those people speak, and English for visitors.
var Tongues = []string{"vietnamese", "english", "mong", "thai", "dao", "kho_mu", "hoa", "other"}

// StoryAudiences are the ready segments a story may speak to, by their codes.
var StoryAudiences = []string{"farmers", "small_traders", "freelancers", "women", "young_workers", "near_retirement", "former_voluntary", "near_poor", "poor", "households_no_hi", "parents_of_pupils", "business_owners"}

// StoryUses are the places a story may be used in; printed ones cannot be called back.
var StoryUses = []string{"leaflet", "slip", "script", "session", "document"}

// Tongue is the language word of a page's language, and of any other word itself.
func Tongue(lang string) string {
	switch lang {
	case "vi":
		return "vietnamese"
	case "en":
		return "english"
	}
	return lang
}

// Telling is a story in one language: what changed in a line, and the few sentences; a recording may stand in their place.
type Telling struct {
	Lang   string
	Change string // what changed, in a line
	Text   string
}

// StoryConsent is what the person agreed to: how, with which proof, before whom, from when to when.
type StoryConsent struct {
	How        string // one of ConsentHows
	Proof      string // number of the paper, or who heard it
	Attachment AttachmentID
	Officer    OfficerID
	On, Until  Day // Until is the last day the story may be told
}

// Story is a short real-life example told with the person's consent: who, where, what changed.
type Story struct {
	ID         StoryID
	Office     OfficeID
	Area       AreaID // where it happened: a village, a commune, or the office's own node
	Name       string // as the person agreed to be called
	Person     PersonID
	Schemes    []Scheme
	Audiences  []string
	Tellings   []Telling
	Consent    StoryConsent
	State      StoryState
	Synthetic  bool // made by the demo: nobody's life
	CreatedAt  time.Time
	CreatedBy  OfficerID
	ChangedBy  OfficerID // who last changed what is told; may not approve it either
	ApprovedAt time.Time
	ApprovedBy OfficerID
	EndedAt    time.Time // withdrawn
	EndedBy    OfficerID
	Why        string // it was withdrawn
	ChangeNo   int64
}

// In is the story in a language; ok is false when it is not told in it.
func (s Story) In(lang string) (Telling, bool) {
	i := slices.IndexFunc(s.Tellings, func(t Telling) bool { return t.Lang == Tongue(lang) })
	if i < 0 {
		return Telling{}, false
	}
	return s.Tellings[i], true
}

// Expired says that the consent of a story has ended by a day.
func (s Story) Expired(on Day) bool { return on > s.Consent.Until }

// Told says whether a story may be told on a day, as far as the story itself knows; what the register knows of the person comes on top.
func (s Story) Told(on Day) bool {
	return s.State == StoryApproved && s.Consent.On <= on && !s.Expired(on)
}

// Silenced says why the register forbids to tell a person's story: "refused" or "died"; empty when it does not. Whoever wants nothing from
// the office on any channel, or no advertising on its pages, is not told about either; refusal wins over the consent of the story.
func Silenced(consents []Consent, died bool) string {
	if died {
		return "died"
	}
	for _, purpose := range Purposes {
		if ConsentFor(consents, purpose, "all") == "refused" {
			return "refused"
		}
	}
	if ConsentFor(consents, "advertising", "page") == "refused" {
		return "refused"
	}
	return ""
}

// Check refuses a story that says nothing, says too much, or rests on no consent.
func (s Story) Check() error {
	switch n := len([]rune(s.Name)); {
	case vn.Fold(s.Name) == "":
		return Refuse(Invalid, "name", "required")
	case n > StoryName:
		return Refuse(Invalid, "name", "too_long", StoryName)
	case s.Area == "":
		return Refuse(Invalid, "area", "required")
	case len(s.Schemes) == 0:
		return Refuse(Invalid, "scheme", "story_no_scheme")
	case slices.ContainsFunc(s.Schemes, func(x Scheme) bool { return !x.Valid() }):
		return Refuse(Invalid, "scheme", "not_in_list")
	case !allOf(s.Audiences, StoryAudiences):
		return Refuse(Invalid, "audience", "not_in_list")
	}
	seen := map[string]bool{}
	for _, t := range s.Tellings {
		switch {
		case !OneOf(t.Lang, Tongues) || seen[t.Lang]:
			return Refuse(Invalid, "lang", "not_in_list")
		case len([]rune(t.Text)) > StoryText:
			return Refuse(Invalid, "text_"+t.Lang, "too_long", StoryText)
		case len([]rune(t.Change)) > StoryChange:
			return Refuse(Invalid, "change_"+t.Lang, "too_long", StoryChange)
		case strings.TrimSpace(t.Text) == "" && strings.TrimSpace(t.Change) == "":
			return Refuse(Invalid, "change_"+t.Lang, "required")
		}
		seen[t.Lang] = true
	}
	if len(s.Tellings) == 0 {
		return Refuse(Invalid, "change_vietnamese", "story_untold")
	}
	return s.Consent.check()
}

func (c StoryConsent) check() error {
	switch {
	case !OneOf(c.How, ConsentHows):
		return Refuse(Invalid, "how", "story_no_how")
	case strings.TrimSpace(c.Proof) == "" && c.Attachment == "":
		return Refuse(Invalid, "proof", "story_no_proof")
	case len([]rune(c.Proof)) > 200:
		return Refuse(Invalid, "proof", "too_long", 200)
	case c.Officer == "":
		return Refuse(Invalid, "consent_by", "required")
	case !c.On.Valid():
		return Refuse(Invalid, "consent_on", "bad_day")
	case !c.Until.Valid():
		return Refuse(Invalid, "consent_until", "story_no_end")
	case c.Until < c.On:
		return Refuse(Invalid, "consent_until", "backwards")
	case c.Until > c.On.AddMonths(LongestStory):
		return Refuse(Invalid, "consent_until", "story_too_long", LongestStory/12)
	}
	return nil
}

// LongestStory is how many months a consent to tell may run before the person is asked again.
const LongestStory = 60

// MayApprove refuses the approval of a story by whoever wrote or changed it, of one that is no draft, and of one whose consent has ended.
func (s Story) MayApprove(by OfficerID, on Day) error {
	switch {
	case s.State != StoryDraft:
		return Refuse(Conflict, "", "story_not_draft")
	case by == s.CreatedBy || by == s.ChangedBy:
		return Refuse(Conflict, "", "story_own")
	case s.Expired(on):
		return Refuse(Conflict, "", "story_ended", s.Consent.Until.Vietnamese())
	}
	return nil
}

// StoryFilter says which stories somebody wants to tell; what is left empty does not narrow.
type StoryFilter struct {
	Scheme   Scheme
	Audience string // stories without an audience speak to everybody
	Commune  AreaID // at or below it
	Lang     string // vi and en, or one of Tongues: only stories told in it
	Words    string // the language of the line above a recording, where nothing is written in Lang; the story's first one when empty
	On       Day    // the day they are told; required
	Take     int    // at most so many; 0 for all
}

// Told is a story as it may be shown to anybody: nothing of the person but what the person agreed to.
type Told struct {
	Story     StoryID
	Name      string
	Area      AreaID
	Place     string
	Schemes   []Scheme
	Audiences []string
	Lang      string
	WordsLang string // of the words below: another than Lang where it is told in Lang by a recording alone
	Change    string
	Text      string
	Clip      ClipID // the recording in that language; empty when there is none
	Seconds   int
	Synthetic bool
}

// Written says whether the story stands in words in the language it is told in, as paper needs it.
func (t Told) Written() bool { return t.WordsLang == t.Lang && t.Change+t.Text != "" }

// MostCopies is how many sheets one use of a story may name.
const MostCopies = 1000000

// StoryUse says where a story was used, so that it is known what a withdrawal cannot reach.
type StoryUse struct {
	ID     string
	Story  StoryID
	Kind   string // one of StoryUses
	Ref    string // the record it was used in
	Batch  string // of printed leaflets
	Copies int
	At     time.Time
	By     OfficerID
}

// Check refuses a use outside the lists.
func (u StoryUse) Check() error {
	if !OneOf(u.Kind, StoryUses) {
		return Refuse(Invalid, "kind", "not_in_list")
	}
	if u.Copies < 0 || u.Copies > MostCopies {
		return Refuse(Invalid, "copies", "out_of_range")
	}
	if len([]rune(u.Batch)) > 60 || len([]rune(u.Ref)) > 60 {
		return Refuse(Invalid, "batch", "too_long", 60)
	}
	return nil
}

// Printed says whether the use is on paper that somebody holds.
func (u StoryUse) Printed() bool {
	return u.Kind == "leaflet" || u.Kind == "slip" || u.Kind == "document"
}
