package loa

import (
	"maps"
	"slices"
	"time"
)

// AnswerWindow is how long an answer may go out the way a question came.
type AnswerWindow struct {
	Limited bool
	Free    time.Time // until then it costs nothing
	Closes  time.Time // after that none goes out through the account the words came by
	Longest time.Time // until then the network itself would take one
}

// windows are what networks allow after somebody's newest words: free of charge, and at all. How much of it an account uses is the
// office's to say: what is billed, or needs a leave of the network, is not sent unless its settings say so.
var windows = map[string]struct{ free, closes time.Duration }{
	"zalo":       {48 * time.Hour, 7 * 24 * time.Hour},
	"zalo_group": {},
	"messenger":  {24 * time.Hour, 7 * 24 * time.Hour},
}

// Window is how long an answer may go out where the question came from.
func (c Conversation) Window() AnswerWindow {
	w, known := windows[c.Network]
	if !known || w.closes == 0 || c.HeardAt.IsZero() {
		return AnswerWindow{}
	}
	term := min(max(c.Term, w.free), w.closes)
	return AnswerWindow{Limited: true, Free: c.HeardAt.Add(w.free), Closes: c.HeardAt.Add(term), Longest: c.HeardAt.Add(w.closes)}
}

// TooOld says of a network that sets a term up to which moments words are too old to be answered there: for every account, and for those
// whose own term is over.
type TooOld struct {
	Network      string
	Never        time.Time // the network takes no answer to words up to then
	UnlessLonger time.Time // words up to then are answered only by an account with a longer term
}

// ClosedBefore are those moments, by network in order.
func ClosedBefore(now time.Time) (out []TooOld) {
	for _, network := range slices.Sorted(maps.Keys(windows)) {
		if w := windows[network]; w.closes > 0 {
			out = append(out, TooOld{network, now.Add(-w.closes), now.Add(-w.free)})
		}
	}
	return out
}

// Open says whether an answer may still go out.
func (w AnswerWindow) Open(now time.Time) bool { return !w.Limited || now.Before(w.Closes) }

// The working day of an office, in minutes after midnight.
const (
	dayEnds     = 17 * 60
	windowSpare = 2 * time.Hour // before a window closes
)

// DueAfter is when an answer to words of a moment is due: by the end of the next working day, and before the network would not take it.
func DueAfter(at time.Time, network string) time.Time {
	local := at.In(Zone)
	y, m, d := local.Date()
	due := time.Date(y, m, d, 0, dayEnds, 0, 0, Zone).AddDate(0, 0, 1)
	for due.Weekday() == time.Saturday || due.Weekday() == time.Sunday {
		due = due.AddDate(0, 0, 1)
	}
	if w := (Conversation{Network: network, HeardAt: at}).Window(); w.Limited {
		if last := w.Free.Add(-windowSpare); last.Before(due) {
			return last
		}
	}
	return due
}
