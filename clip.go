package loa

import (
	"slices"
	"strings"
	"time"
)

// ClipSeconds and ClipBytes are the longest a recorded voice may be.
const (
	ClipSeconds = 300
	ClipBytes   = 8 << 20
)

// ClipKeys are the purposes an office records a voice for; story.<id> and script.<id> are those of a single record.
var ClipKeys = []string{"calculator.voluntary_si", "calculator.household_hi", "calculator.pension", "leaflet", "sessions", "ask", "call"}

// ClipState is where a recording stands.
type ClipState string

// The states of a recording. One that was replaced or withdrawn stays in the history and may be approved again.
const (
	ClipDraft     ClipState = "draft"
	ClipApproved  ClipState = "approved"
	ClipReplaced  ClipState = "replaced"
	ClipWithdrawn ClipState = "withdrawn"
)

// Clip is a recorded voice in one language for one purpose.
type Clip struct {
	ID         ClipID
	Office     OfficeID
	Area       AreaID // of the story it tells, else the office's own node: decides who may change it
	Key        string
	Lang       string // one of Tongues
	Dialect    string // as the speaker calls it: Mông Trắng, Thái Đen
	Speaker    string // whose voice it is, as agreed
	Says       string // the words, for whoever approves without knowing the language
	Attachment AttachmentID
	MIME       string
	SHA256     string
	Size       int
	Seconds    int // 0 when not known
	State      ClipState
	Synthetic  bool   // made by the demo: no human voice
	Machine    string // the engine and voice that said it; empty: a person
	Levelled   bool   // made as loud as every other
	CutFrom    ClipID // the recording it was cut out of
	Version    int    // of the script whose words it says
	Fits       []Fit  // who said, when it was approved or later, that it says a version of its script
	Until      Day    // the last day it may be heard; empty: until it is withdrawn
	CreatedAt  time.Time
	CreatedBy  OfficerID
	ApprovedAt time.Time
	ApprovedBy OfficerID
	EndedAt    time.Time
	EndedBy    OfficerID
	Bytes      []byte // only when asked for
}

// Fit is one officer's word that a recording says a version of its script.
type Fit struct {
	Version int
	Officer OfficerID
	At      time.Time
}

// FitsVersion says whether somebody said that a recording is right for a version of its script.
func (c Clip) FitsVersion(version int) bool {
	return version > 0 && slices.ContainsFunc(c.Fits, func(f Fit) bool { return f.Version == version })
}

// Fit adds an officer's word that a recording says a version of its script; nobody says so of what they recorded.
func (c *Clip) Fit(by By, version int) error {
	switch {
	case c.Script() == "":
		return Refuse(Conflict, "", "clip_of_no_script")
	case c.State != ClipApproved:
		return Refuse(Conflict, "", "clip_not_approved")
	case by.Officer == c.CreatedBy:
		return Refuse(Conflict, "", "clip_own")
	case !c.FitsVersion(version):
		c.Fits = append(c.Fits, Fit{version, by.Officer, by.At})
	}
	return nil
}

// StoryKey is the purpose of a recording that tells a story.
func StoryKey(id StoryID) string { return "story." + string(id) }

// Story is the story a recording tells; empty for every other purpose.
func (c Clip) Story() StoryID {
	id, ok := strings.CutPrefix(c.Key, "story.")
	if !ok {
		return ""
	}
	return StoryID(id)
}

// ScriptKey is the purpose of a recording that says the loudspeaker text of a script.
func ScriptKey(id ScriptID) string { return "script." + string(id) }

// Script is the script a recording says; empty for every other purpose.
func (c Clip) Script() ScriptID {
	id, ok := strings.CutPrefix(c.Key, "script.")
	if !ok {
		return ""
	}
	return ScriptID(id)
}

// Heard says whether a recording may be heard on a day by whoever does not approve it.
func (c Clip) Heard(on Day) bool { return c.State == ClipApproved && (c.Until == "" || on <= c.Until) }

// clipSays is how long the words of a recording may be: those of a script are as long as a script's.
func (c Clip) clipSays() int {
	if c.Script() != "" {
		return 8000
	}
	return 1500
}

// Check refuses a recording for no purpose, in no language, or too long to listen to.
func (c Clip) Check() error {
	kind, id, _ := strings.Cut(c.Key, ".")
	switch {
	case !OneOf(c.Key, ClipKeys) && !((kind == "story" || kind == "script") && ValidID(id)):
		return Refuse(Invalid, "key", "not_in_list")
	case !OneOf(c.Lang, Tongues):
		return Refuse(Invalid, "lang", "not_in_list")
	case len([]rune(c.Dialect)) > 40:
		return Refuse(Invalid, "dialect", "too_long", 40)
	case len([]rune(c.Speaker)) > StoryName:
		return Refuse(Invalid, "speaker", "too_long", StoryName)
	case len([]rune(c.Says)) > c.clipSays():
		return Refuse(Invalid, "says", "too_long", c.clipSays())
	case c.Until != "" && !c.Until.Valid():
		return Refuse(Invalid, "until", "bad_day")
	case c.Size == 0:
		return Refuse(Invalid, "file", "clip_empty")
	case c.Size > ClipBytes:
		return Refuse(Invalid, "file", "file_size", ClipBytes>>20)
	case c.Seconds < 0 || c.Seconds > ClipSeconds:
		return Refuse(Invalid, "file", "clip_long", ClipSeconds/60)
	}
	return nil
}

// MayApprove refuses approval by whoever recorded it, and of a recording that is in use.
func (c Clip) MayApprove(by OfficerID) error {
	switch {
	case c.State == ClipApproved:
		return Refuse(Conflict, "", "clip_not_draft")
	case by == c.CreatedBy:
		return Refuse(Conflict, "", "clip_own")
	}
	return nil
}
