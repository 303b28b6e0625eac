package loa

import (
	"strings"
	"time"
)

// Import is one file brought in: staged, previewed, applied, and undone for thirty days.
type Import struct {
	ID        ImportID
	Office    OfficeID
	Area      AreaID
	Kind      string // people participation targets reconciliation
	FileName  string
	SHA256    string
	State     string
	Mapping   string // JSON: column → field
	Error     string // a code
	Total     int
	Done      int
	New       int
	Changed   int
	Same      int
	Conflict  int
	Errors    int
	Kept      int // people who stayed when it was taken back
	MadeAt    time.Time
	MadeBy    OfficerID
	AppliedAt time.Time
	UndoneAt  time.Time
}

// Import states.
const (
	ImportReading    = "reading"
	ImportPreviewed  = "previewed"
	ImportApplying   = "applying"
	ImportRefreshing = "refreshing" // visible, figures being brought up to date
	ImportUndoing    = "undoing"    // taken back, figures being brought up to date
	ImportApplied    = "applied"
	ImportUndone     = "undone"
	ImportDiscarded  = "discarded"
	ImportFailed     = "failed"
)

// UndoDays is how long an import can be taken back.
const UndoDays = 30

// Line is one row of the file with what it would do.
type ImportLine struct {
	Import  ImportID
	No      int
	Outcome string // new changed same conflict error
	Person  PersonID
	Name    string
	Cells   []string
	Changes []FieldChange
	Reason  string // a code, with |-separated arguments
}

// FieldChange is one field an import or an officer would change.
type FieldChange struct {
	Field string `json:"f"`
	Old   string `json:"o"`
	New   string `json:"n"`
}

// CanUndo says whether the import may still be taken back.
func (i Import) CanUndo(now time.Time) bool {
	return i.State == ImportApplied && now.Before(i.AppliedAt.AddDate(0, 0, UndoDays))
}

// KeepsRows says whether the file and its rows are still kept: they hold people's data, so they go when nothing can be undone any more.
func (i Import) KeepsRows(now time.Time) bool {
	switch i.State {
	case ImportPreviewed, ImportApplied, ImportUndone, ImportDiscarded, ImportFailed:
	default:
		return true // under way
	}
	last := i.MadeAt
	for _, at := range []time.Time{i.AppliedAt, i.UndoneAt} {
		if at.After(last) {
			last = at
		}
	}
	return now.Before(last.AddDate(0, 0, UndoDays))
}

// SplitReason takes apart a code that is kept with its place and its limit, as "code|place|limit".
func SplitReason(s string) (code, place, limit string) {
	code, rest, _ := strings.Cut(s, "|")
	place, limit, _ = strings.Cut(rest, "|")
	return code, place, limit
}
