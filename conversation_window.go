package loa

import "time"

// AnswerWindow is how long an answer may go out the way a question came.
type AnswerWindow struct {
	Limited bool
	Free    time.Time // until then it costs nothing
	Closes  time.Time // after that the network takes no answer
}

// windows are what networks allow after somebody's newest words: free of charge, and at all. A Messenger answer typed by a person passes
// for a week where the page has that leave; the first day needs none.
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
	return AnswerWindow{Limited: true, Free: c.HeardAt.Add(w.free), Closes: c.HeardAt.Add(w.closes)}
}

// ClosedBefore says, for each network that sets a term, up to which moment words are too old to be answered there.
func ClosedBefore(now time.Time) map[string]time.Time {
	out := map[string]time.Time{}
	for network, w := range windows {
		if w.closes > 0 {
			out[network] = now.Add(-w.closes)
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
