package loa

import "time"

// ReconciliationID names a comparison of an official list with the register.
type ReconciliationID string

// Reconciliation is one official list of participants of a month compared with the register as of the month's end. It says what
// differs and changes neither side.
type Reconciliation struct {
	ID       ReconciliationID
	Office   OfficeID
	Area     AreaID // the place the list covers: the office's own node for all of it
	Month    Month
	Scheme   Scheme
	FileName string
	MadeAt   time.Time
	MadeBy   OfficerID
	Matched  int
	Differ   int
	OnlyList int
	OnlyLoa  int
	Skipped  int // rows about another month or scheme
	SignedAt time.Time
	SignedBy OfficerID
	State    string // reading, done or failed
	Error    string // the code of what is wrong with the file, with its place behind "|"
	Rows     int    // how many lines there are to keep, and how many are kept
	RowsDone int
	SHA256   string // of the lines, in their order
}

// States of a comparison: it is made in the background, and can be read and signed when it is done.
const (
	ReconcileReading = "reading"
	ReconcileDone    = "done"
	ReconcileFailed  = "failed"
)

// Official is how many the list counts.
func (r Reconciliation) Official() int { return r.Matched + r.Differ + r.OnlyList }

// Ours is how many the register counts.
func (r Reconciliation) Ours() int { return r.Matched + r.Differ + r.OnlyLoa }

// ReconciliationSide is what one side says about somebody; of an SI number only the last digits.
type ReconciliationSide struct {
	Row   int    `json:"r,omitempty"`
	Name  string `json:"n,omitempty"`
	Place string `json:"p,omitempty"`
	Tail  string `json:"t,omitempty"`
}

// ReconciliationLine is one finding.
type ReconciliationLine struct {
	No       int
	Outcome  string // matched differ only_list only_loa
	Person   PersonID
	Area     AreaID // where it is seen: the person's village, or the commune the list names
	Official ReconciliationSide
	Ours     ReconciliationSide
	Notes    []string // codes
}
