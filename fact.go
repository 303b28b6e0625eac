package loa

import "time"

// Fact is what every append-only record carries: who made it, when it happened, when it was written down, and what it corrects.
type Fact struct {
	ID         FactID
	Office     OfficeID
	Area       AreaID // the village, or the office's own node when the place is not known
	HappenedOn Day
	HappenedAt time.Time // zero when only the day is known
	RecordedAt time.Time
	RecordedBy OfficerID
	Device     string // empty on the web
	DeviceSeq  int64
	Corrects   FactID // the fact this one replaces; that one stays readable
	Void       bool   // true takes the corrected fact back without replacing it
	Why        string // reason given for a correction
}

// Check refuses a fact that could never be replayed.
func (f Fact) Check() error {
	switch {
	case !ValidID(string(f.ID)):
		return Refuse(Invalid, "id", "bad_id")
	case !f.HappenedOn.Valid():
		return Refuse(Invalid, "happened_on", "bad_day")
	case f.Void && f.Corrects == "":
		return Refuse(Invalid, "corrects", "void_needs_fact")
	}
	return nil
}
