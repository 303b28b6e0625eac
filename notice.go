package loa

import (
	"time"

	"loa/vn"
)

// Device is an officer's own browser that asked to be told things. Where it is reached is sealed: whoever knows that may write to it.
type Device struct {
	ID       DeviceID
	Office   OfficeID
	Officer  OfficerID
	Mark     string // hash of its address: by it the same browser is found again, and knows itself on a page
	Sealed   []byte // its address and keys; empty once it wants nothing more
	Name     string // so that its officer recognises it
	MadeAt   time.Time
	ToldAt   time.Time // last
	Failures int       // in a row
	FailedAt time.Time
	Code     string // the last failure's
	GoneAt   time.Time
}

// Subscription is where a device is reached, as its browser says it, and the page of ours on which it said so.
type Subscription struct {
	Endpoint, Key, Auth string
	Origin              string
}

// DevicesAtMost is how many devices one officer may have.
const DevicesAtMost = 10

// Check refuses a device without a name or address.
func (d Device) Check() error {
	switch {
	case vn.Fold(d.Name) == "":
		return Refuse(Invalid, "name", "required")
	case len([]rune(d.Name)) > 100:
		return Refuse(Invalid, "name", "too_long", 100)
	case d.Mark == "" || len(d.Sealed) == 0:
		return Refuse(Invalid, "device", "required")
	}
	return nil
}

// NoticeKind is what an officer is told of.
type NoticeKind string

// The kinds of notices.
const (
	NoticeGiven    NoticeKind = "given"    // a conversation or question is theirs from now on
	NoticeApproval NoticeKind = "approval" // a broadcast waits for their word
	NoticeHalted   NoticeKind = "halted"   // nothing goes out through an account until somebody looks
	NoticeTrial    NoticeKind = "trial"    // asked for by themselves, to see that it works
)

// NoticeKinds are those an officer may switch off, in the order they are offered.
var NoticeKinds = []NoticeKind{NoticeGiven, NoticeApproval, NoticeHalted}

// NoticeState is what became of a notice.
type NoticeState string

// The states of a notice.
const (
	NoticeQueued  NoticeState = "queued"
	NoticeSending NoticeState = "sending" // possibly sent: nobody sends it again
	NoticeSent    NoticeState = "sent"    // its browser's maker has it
	NoticeFailed  NoticeState = "failed"
	NoticeUnsure  NoticeState = "unsure"
	NoticeStale   NoticeState = "stale" // it was settled before it left, or is no longer theirs to know
)

// Notice is one thing one device of an officer is told: that something waits, never of whom or what it is about.
type Notice struct {
	ID        NoticeID
	Office    OfficeID
	Officer   OfficerID
	Device    DeviceID
	Kind      NoticeKind
	Record    string // the conversation, broadcast or account; empty for a trial
	Pressing  bool
	State     NoticeState
	Code      string
	Tries     int
	MadeAt    time.Time
	NotBefore time.Time
	Until     time.Time // after which nobody need be told any more
}

// NoticeLife is how long a notice is worth telling.
const NoticeLife = 24 * time.Hour

// Path is the page of the office where what a notice tells of is done.
func (n Notice) Path() string {
	switch n.Kind {
	case NoticeGiven:
		return "/inbox/" + n.Record
	case NoticeApproval:
		return "/broadcasts/" + n.Record
	case NoticeHalted:
		return "/admin/channels/" + n.Record
	}
	return "/account"
}

// The night of an officer: what can wait is told from NoticeFrom o'clock until NoticeUntil.
const (
	NoticeFrom  = 6
	NoticeUntil = 21
)

// NoticeTime is when an officer is told of what happened at a moment: at once, or in the morning when it can wait and it is night.
func NoticeTime(at time.Time, pressing bool) time.Time {
	local := at.In(Zone)
	y, m, d := local.Date()
	switch hour := local.Hour(); {
	case pressing, hour >= NoticeFrom && hour < NoticeUntil:
		return at
	case hour < NoticeFrom:
		return time.Date(y, m, d, NoticeFrom, 0, 0, 0, Zone)
	}
	return time.Date(y, m, d+1, NoticeFrom, 0, 0, 0, Zone)
}

// NoticeAgain is when a notice that was not taken is tried once more: later with every try, and not before its service wants it.
func NoticeAgain(now time.Time, tries int, after time.Duration) time.Time {
	wait := time.Minute << min(max(tries-1, 0), 6)
	return now.Add(max(min(wait, time.Hour), after))
}
