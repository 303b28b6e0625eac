package loa

import (
	"strings"
	"time"
)

// PolicyRow is one dated figure of the law as the office keeps it beside those that came with the program. It is proposed by one
// officer and decided on by another; a row is never changed, a newer one takes its place.
type PolicyRow struct {
	ID         string
	Office     OfficeID
	Name       string
	From, To   Day // empty to: open
	Value      int64
	Unit       string
	Cites      string
	Source     string
	Confirmed  bool
	Why        string // what the proposer says about it
	ProposedBy OfficerID
	ProposedAt time.Time
	State      PolicyRowState
	DecidedBy  OfficerID
	DecidedAt  time.Time
	Reason     string // of a refusal
}

// PolicyRowState is where a row stands.
type PolicyRowState string

// The states of a row.
const (
	RowProposed PolicyRowState = "proposed"
	RowApproved PolicyRowState = "approved"
	RowRefused  PolicyRowState = "refused"
)

// Decide approves or refuses a proposed row; whoever proposed it may not.
func (r *PolicyRow) Decide(by By, approve bool, reason string) error {
	switch {
	case r.State != RowProposed:
		return Refuse(Conflict, "", "policy_row_decided")
	case by.Officer == r.ProposedBy:
		return Refuse(Denied, "", "policy_row_own")
	case !approve && strings.TrimSpace(reason) == "":
		return Refuse(Invalid, "reason", "required")
	}
	r.State, r.DecidedBy, r.DecidedAt, r.Reason = RowApproved, by.Officer, by.At, strings.TrimSpace(reason)
	if !approve {
		r.State = RowRefused
	}
	return nil
}

// KnownAt is the row as it was known at a moment: one proposed later was not there, one decided on later still waited.
func (r PolicyRow) KnownAt(at time.Time) (PolicyRow, bool) {
	if r.ProposedAt.After(at) {
		return PolicyRow{}, false
	}
	if r.State != RowProposed && r.DecidedAt.After(at) {
		r.State, r.DecidedBy, r.DecidedAt, r.Reason = RowProposed, "", time.Time{}, ""
	}
	return r, true
}

// GraceRow begins the names of the rows that say how many months after the cover a payment is still in time, by method.
const GraceRow = "voluntary_si.grace_months."

// MovesGrace says whether the row changes until when participants count as in.
func (r PolicyRow) MovesGrace() bool { return strings.HasPrefix(r.Name, GraceRow) }

// OfficeGrace is a payment grace that an office's own rows of the law change.
type OfficeGrace interface {
	Grace
	// With is the grace with an office's approved rows; the one it was made from stays as it is.
	With(rows []PolicyRow) Grace
}
