package loa

import (
	"slices"
	"time"

	"loa/vn"
)

// The three purposes of a message. Only advertising has the law's hours and limits; a refusal counts for all three.
const (
	Administrative = "administrative" // what the office must tell: a decision, a deadline
	Care           = "care"           // what somebody already takes part in: a renewal, a card
	Advertising    = "advertising"    // to win somebody
)

// Serves says whether words written for one purpose may go out for another: for their own, or as advertising, which is held to the most.
// Care needs the fewest to approve it, and a refusal of one purpose is none of another, so no other exchange is harmless.
func Serves(written, sent string) bool { return sent == written || sent == Advertising }

// Keeps refuses a broadcast that says a script for a milder purpose than it was approved for.
func (b Broadcast) Keeps(s Script) error {
	if s.Purpose == "" || Serves(s.Purpose, b.Purpose) {
		return nil
	}
	return Refuse(Conflict, "purpose", "purpose_milder", Phrase("purpose."+s.Purpose), Phrase("purpose."+b.Purpose))
}

// Priority is how pressing an announcement is, in the words of the loudspeaker stations.
type Priority string

// The priorities. An emergency breaks into whatever is played, and two officers approve it.
const (
	Normal    Priority = "normal"
	Pressing  Priority = "priority"
	Emergency Priority = "emergency"
)

// Rung is one step of a broadcast's ladder: whoever is not reached by it falls to the next.
type Rung struct {
	Form    Form
	Network string    // "zalo", "zns", "tel", "mail"; "call" and "visit" are lists for people to work off
	Channel ChannelID // the account; empty for lists
	Wait    int       // hours without a receipt after which the next rung is tried; 0: only after a failure
	Link    string    // the code of the short link this channel tells, so that it is seen which one was followed; made when it is submitted

	Template string  // the network's number of a registered template, where it lets nothing else through
	Params   []Param // what fills the template
}

// Param fills one field of a network's registered template.
type Param struct {
	Name string
	Text string // words with placeholders, as a script has them
}

// Networks that are worked off by people, not by an account.
const (
	CallList  = "call"
	VisitList = "visit"
)

// Outlet is one play at a loudspeaker or one post on a page: for whoever hears or reads it, nobody by name.
type Outlet struct {
	Form    Form
	Network string    // "speaker", "fb_page", "zalo_article", "zalo_group"
	Channel ChannelID // the account; empty where people carry it: a village announcer, officers' own pages
	Place   PlaceID   // the station, the account whose page it is, or the conversation of the group
	At      time.Time // when it is played or posted; zero: when the broadcast begins
	Repeat  int       // how often it is played in a row; 0: once
	Held    bool      // the network takes a post before its time and holds it until then
	Link    string    // the code of the short link it tells
}

// GroupNetwork is the network of groups on Zalo, which an account writes to as one place.
const GroupNetwork = "zalo_group"

// OutletRung is the rung of a broadcast's first outlet in the ledger; the others follow. No ladder is as long.
const OutletRung = 1000

// Templated says that a registered template goes over the step, and its provider's price for one is paid: always by telephone number, to
// followers where one was chosen, for a text of our own is free to them.
func (r Rung) Templated() bool { return r.Network == "zns" || r.Template != "" }

// ByHand says that people work a rung off.
func (r Rung) ByHand() bool { return r.Network == CallList || r.Network == VisitList }

// Audience is who a broadcast is for: in any of the segments and any of the areas, and in none of those left out.
type Audience struct {
	Segments []SegmentID
	Areas    []AreaID
	Without  []SegmentID
}

// Window is when a broadcast may go out: days, and minutes after midnight within each.
type Window struct {
	From, Until Day
	Start, End  int
}

// BroadcastState is how far a broadcast is.
type BroadcastState string

// The states of a broadcast.
const (
	BroadcastDraft     BroadcastState = "draft"
	BroadcastSubmitted BroadcastState = "submitted" // waits for those who approve
	BroadcastApproved  BroadcastState = "approved"  // waits for its window
	BroadcastSending   BroadcastState = "sending"
	BroadcastPaused    BroadcastState = "paused"
	BroadcastStopped   BroadcastState = "stopped" // for good
	BroadcastDone      BroadcastState = "done"
)

// follows lists which state may come after which: the only place that knows.
var follows = map[BroadcastState][]BroadcastState{
	BroadcastDraft:     {BroadcastSubmitted, BroadcastApproved, BroadcastStopped},
	BroadcastSubmitted: {BroadcastDraft, BroadcastApproved, BroadcastStopped},
	BroadcastApproved:  {BroadcastDraft, BroadcastSending, BroadcastPaused, BroadcastStopped},
	BroadcastSending:   {BroadcastPaused, BroadcastStopped, BroadcastDone},
	BroadcastPaused:    {BroadcastDraft, BroadcastSending, BroadcastApproved, BroadcastStopped}, // a draft only before anything left: see Withdraw
}

// Approval is one officer's word that a broadcast may go out as it stands.
type Approval struct {
	Officer OfficerID
	At      time.Time
}

// Broadcast is one script to one audience over a ladder of channels.
type Broadcast struct {
	ID            BroadcastID
	Office        OfficeID
	Area          AreaID // the node everything of it lies under
	Title         string
	Script        ScriptID
	ScriptVersion int
	Purpose       string
	Priority      Priority
	Ladder        []Rung
	Outlets       []Outlet
	Audience      Audience
	LinkPage      string     // the public page its links lead to, one of LinkPages; empty: home
	Session       SessionID  // the one it speaks of; empty: to each reader the next of their village
	SessionOn     Day        // when that was to be, as it was submitted
	Snapshot      SnapshotID // who was meant, frozen when it was sent off
	Window        Window
	Pace          int // messages an hour, by what the officers can answer; 0: as fast as the accounts take them
	FailLimit     int // basis points of failures, and of refusals, at which it pauses by itself
	RefuseLimit   int
	State         BroadcastState
	Author        OfficerID
	ChangedBy     OfficerID // whoever last changed what is said may not approve it either
	Approvals     []Approval
	Why           string       // it paused, stopped or was sent back
	Words         []ScriptText // written in place: they become the script when the broadcast is submitted
	Reckoned      Reckoning    // as it was submitted
	Edits         int64        // how often the draft was saved
	CreatedAt     time.Time
	EditedAt      time.Time
	SubmittedAt   time.Time
	SentAt        time.Time
	ResumedAt     time.Time // it last went on: what came before is forgiven
	Fanned        string    // the last person put into the ledger; AllFanned when all are
	ChangeNo      int64
}

// AllFanned says that everybody a broadcast is for is in the ledger; it sorts behind every ID.
const AllFanned = "~"

// BroadcastTitle is how long a title may be, in characters.
const BroadcastTitle = 120

// Check refuses a broadcast that could not be sent as it is.
func (b Broadcast) Check() error {
	switch {
	case vn.Fold(b.Title) == "":
		return Refuse(Invalid, "title", "required")
	case len([]rune(b.Title)) > BroadcastTitle:
		return Refuse(Invalid, "title", "too_long", BroadcastTitle)
	case b.Script == "":
		return Refuse(Invalid, "script", "required")
	case !OneOf(b.Purpose, Purposes):
		return Refuse(Invalid, "purpose", "not_in_list")
	case !slices.Contains([]Priority{Normal, Pressing, Emergency}, b.Priority):
		return Refuse(Invalid, "priority", "not_in_list")
	case b.Priority == Emergency && b.Purpose != Administrative:
		return Refuse(Invalid, "priority", "emergency_only_administrative")
	case len(b.Ladder)+len(b.Outlets) == 0:
		return Refuse(Invalid, "ladder", "required")
	case len(b.Ladder) > 0 && len(b.Audience.Segments)+len(b.Audience.Areas) == 0:
		return Refuse(Invalid, "audience", "required")
	case b.LinkPage != "" && !OneOf(b.LinkPage, LinkPages):
		return Refuse(Invalid, "link_page", "not_in_list")
	case b.Pace < 0 || b.Pace > 1_000_000:
		return Refuse(Invalid, "pace", "out_of_range", 0, 1_000_000)
	case b.FailLimit < 0 || b.FailLimit > 10000:
		return Refuse(Invalid, "fail_limit", "out_of_range", 0, 100)
	case b.RefuseLimit < 0 || b.RefuseLimit > 10000:
		return Refuse(Invalid, "refuse_limit", "out_of_range", 0, 100)
	}
	if err := b.Window.check(); err != nil {
		return err
	}
	for _, o := range b.Outlets {
		switch {
		case !o.Form.Valid():
			return Refuse(Invalid, "outlets", "not_in_list")
		case o.Network == "" || o.Place == "":
			return Refuse(Invalid, "outlets", "required")
		case o.Repeat < 0 || o.Repeat > 10:
			return Refuse(Invalid, "outlets", "out_of_range", 0, 10)
		}
	}
	return checkLadder(b.Ladder)
}

func (w Window) check() error {
	switch {
	case !w.From.Valid():
		return Refuse(Invalid, "from", "bad_day")
	case w.Until != "" && (!w.Until.Valid() || w.Until < w.From):
		return Refuse(Invalid, "until", "until_before_from")
	case w.Start < 0 || w.Start >= 24*60 || w.End <= w.Start || w.End > 24*60:
		return Refuse(Invalid, "hours", "bad_hours")
	}
	return nil
}

// checkLadder: no rung twice, and lists for people only at the end, since nothing comes back from them by itself.
func checkLadder(ladder []Rung) error {
	seen := map[[2]string]bool{}
	hand := false
	for _, r := range ladder {
		key := [2]string{r.Network, string(r.Channel)}
		switch {
		case !r.Form.Valid() && !r.ByHand():
			return Refuse(Invalid, "ladder", "not_in_list")
		case r.Network == "":
			return Refuse(Invalid, "ladder", "required")
		case !r.ByHand() && r.Channel == "":
			return Refuse(Invalid, "ladder", "rung_without_channel")
		case seen[key]:
			return Refuse(Invalid, "ladder", "rung_twice")
		case hand && !r.ByHand():
			return Refuse(Invalid, "ladder", "rung_after_list")
		case r.Wait < 0 || r.Wait > 30*24:
			return Refuse(Invalid, "ladder", "out_of_range", 0, 30*24)
		}
		seen[key], hand = true, hand || r.ByHand()
	}
	return nil
}

// ApprovalsNeeded is how many officers other than its author must approve a broadcast that reaches so many people: two in an
// emergency, none for a care message to a few in words somebody approved before, one otherwise. Nobody counts beforehand who hears a
// loudspeaker or reads a page, so what goes there always needs one. few is the office's setting, FewMost at the most.
func (b Broadcast) ApprovalsNeeded(people, few int) int {
	switch {
	case b.Priority == Emergency:
		return 2
	case b.Purpose == Care && people <= min(few, FewMost) && len(b.Words) == 0 && len(b.Outlets) == 0:
		return 0
	}
	return 1
}

// Approve adds an officer's approval; with enough of them the broadcast is approved. Nobody approves what they wrote or changed, and
// nobody twice.
func (b *Broadcast) Approve(by By, people, few int) error {
	switch {
	case b.State != BroadcastSubmitted:
		return Refuse(Conflict, "", "broadcast_state")
	case by.Officer == b.Author || by.Officer == b.ChangedBy:
		return Refuse(Denied, "", "own_broadcast")
	case slices.ContainsFunc(b.Approvals, func(a Approval) bool { return a.Officer == by.Officer }):
		return Refuse(Conflict, "", "approved_already")
	}
	b.Approvals = append(b.Approvals, Approval(by))
	if len(b.Approvals) < b.ApprovalsNeeded(people, few) {
		return nil
	}
	return b.Move(BroadcastApproved, "")
}

// Submit hands a broadcast over to those who approve, or approves it where nobody need.
func (b *Broadcast) Submit(people, few int) error {
	if b.State != BroadcastDraft {
		return Refuse(Conflict, "", "broadcast_state")
	}
	if err := b.Check(); err != nil {
		return err
	}
	b.Approvals = nil
	if b.ApprovalsNeeded(people, few) == 0 {
		return b.Move(BroadcastApproved, "")
	}
	return b.Move(BroadcastSubmitted, "")
}

// SendBack hands a submitted broadcast back to its author with the reason; approvals end with it.
func (b *Broadcast) SendBack(why string) error {
	if b.State != BroadcastSubmitted && b.State != BroadcastApproved {
		return Refuse(Conflict, "", "broadcast_state")
	}
	if vn.Fold(why) == "" {
		return Refuse(Invalid, "why", "required")
	}
	b.Approvals = nil
	return b.Move(BroadcastDraft, why)
}

// Resume lets a paused broadcast go on: what failed before no longer counts against it.
func (b *Broadcast) Resume(at time.Time) error {
	if b.State != BroadcastPaused {
		return Refuse(Conflict, "", "broadcast_state")
	}
	to := BroadcastSending
	if b.SentAt.IsZero() {
		to = BroadcastApproved // it was held before it began
	}
	b.ResumedAt = at
	return b.Move(to, "")
}

// Change takes a broadcast back into work: what was approved was approved as it stood, so approvals end with it.
func (b *Broadcast) Change(by OfficerID) error {
	if b.State != BroadcastDraft {
		if err := b.Move(BroadcastDraft, ""); err != nil {
			return err
		}
	}
	b.ChangedBy, b.Approvals = by, nil
	return nil
}

// Withdraw takes a broadcast back into work before anything of it left; approvals end with it.
func (b *Broadcast) Withdraw() error {
	switch {
	case b.State == BroadcastSubmitted, b.State == BroadcastApproved, b.State == BroadcastPaused && b.SentAt.IsZero():
		b.Approvals = nil
		return b.Move(BroadcastDraft, "")
	}
	return Refuse(Conflict, "", "broadcast_state")
}

// Move takes a broadcast to another state, if it may follow.
func (b *Broadcast) Move(to BroadcastState, why string) error {
	if !slices.Contains(follows[b.State], to) {
		return Refuse(Conflict, "", "broadcast_state")
	}
	b.State, b.Why = to, why
	return nil
}
