package loa

import (
	"sort"
	"time"

	"loa/vn"
)

// ConversationState says whether somebody still has to do something about a conversation.
type ConversationState string

// The states of a conversation; one that is put off is open and comes back at its hour.
const (
	ConversationOpen ConversationState = "open"
	ConversationDone ConversationState = "done"
)

// The ways words come in. Those with an account behind them are answered where they came from; the others by a call or a visit.
const (
	ViaZalo      = "zalo"
	ViaGroup     = "group" // a Zalo group
	ViaMessenger = "messenger"
	ViaComment   = "comment"
	ViaSMS       = "sms"
	ViaMail      = "mail"
	ViaPublic    = "public"  // the public question form
	ViaHotline   = "hotline" // a telephone call that an officer noted
	ViaSession   = "session" // asked at a session or on a visit
)

// Vias are all ways words come in, in the order of lists.
var Vias = []string{ViaZalo, ViaGroup, ViaMessenger, ViaComment, ViaSMS, ViaMail, ViaPublic, ViaHotline, ViaSession}

// viaOf is the way behind the addresses of a network.
var viaOf = map[string]string{"zalo": ViaZalo, "zns": ViaZalo, "zalo_group": ViaGroup, "messenger": ViaMessenger, "fb_comment": ViaComment, "tel": ViaSMS, "mail": ViaMail}

// ViaOf is the way behind the addresses of a network; a network nobody writes from is taken for a text message.
func ViaOf(network string) string {
	if via := viaOf[network]; via != "" {
		return via
	}
	return ViaSMS
}

// consentChannel is the channel, in the words of consents, behind each way.
var consentChannel = map[string]string{ViaZalo: "zalo", ViaGroup: "zalo", ViaMessenger: "page", ViaComment: "page", ViaSMS: "sms", ViaMail: "email", ViaHotline: "call", ViaPublic: "call"}

// ConsentChannel is the channel a refusal or an agreement given this way is about.
func ConsentChannel(via string) string {
	if c := consentChannel[via]; c != "" {
		return c
	}
	return "all"
}

// NetworksOf are the networks whose addresses a consent over a channel is about.
func NetworksOf(consent string) (out []string) {
	for network, via := range viaOf {
		if consent == "all" || consentChannel[via] == consent {
			out = append(out, network)
		}
	}
	sort.Strings(out)
	return out
}

// FormOf is the form of communication a question that came this way belongs to; empty for a telephone call.
func FormOf(via string) Form {
	switch via {
	case ViaZalo, ViaGroup:
		return Zalo
	case ViaMessenger, ViaComment:
		return PageForm
	case ViaSMS:
		return SMS
	case ViaMail:
		return Email
	}
	return ""
}

// Conversation is everything said with one address, or one question that waits for an officer, with who looks after it and until when.
type Conversation struct {
	ID       ConversationID
	Office   OfficeID
	Area     AreaID // where whoever writes lives; until that is known, what the account serves
	Channel  ChannelID
	Network  string
	Address  string
	Via      string
	Name     string   // as the network or they themselves say it
	Person   PersonID // only with consent
	Question FactID   // the newest question made of it, or the one it is about
	State    ConversationState
	Owner    OfficerID
	Due      time.Time // an answer is due; zero while nothing waits
	PutOff   time.Time // it comes back then; zero: not put off
	Waits    time.Time // since when they wait for an answer; zero: they do not
	HeardAt  time.Time // their newest words
	LastAt   time.Time // the newest words of anybody
	LastText string
	LastKind TurnKind
	FirstAt  time.Time
	Term     time.Duration // how long its account answers after their newest words; 0: while the network lets it go free
	Refused  bool          // whoever answers this address wants nothing more
	ChangeNo int64
}

// Answered says whether they have been answered.
func (c Conversation) Answered() bool { return c.Waits.IsZero() }

// Late says whether the answer is overdue.
func (c Conversation) Late(now time.Time) bool {
	return !c.Due.IsZero() && !c.Answered() && now.After(c.Due)
}

// ByHand says that no account carries an answer: it is told by a call or a visit.
func (c Conversation) ByHand() bool { return c.Channel == "" }

// TurnKind is what one turn of a conversation is.
type TurnKind string

// The kinds of turns. Notes are read by officers only.
const (
	TurnIn       TurnKind = "in"
	TurnOut      TurnKind = "out"
	TurnNote     TurnKind = "note"
	TurnFollow   TurnKind = "follow"
	TurnUnfollow TurnKind = "unfollow"
	TurnContact  TurnKind = "contact" // they gave their name and number
	TurnRefusal  TurnKind = "refusal"
	TurnConfirm  TurnKind = "confirm" // the program's own word that a refusal holds
	TurnRating   TurnKind = "rating"
	TurnClick    TurnKind = "click"
	TurnErased   TurnKind = "erased" // what was personal was taken away on demand
)

// Asks says whether a turn of this kind waits for an answer.
func (k TurnKind) Asks() bool { return k == TurnIn || k == TurnContact || k == TurnClick }

// Turn is one turn of a conversation: words that came in, an answer that went out, a note among officers, or something that happened.
type Turn struct {
	ID           TurnID
	Conversation ConversationID
	Kind         TurnKind
	Text         string
	Media        []TurnMedia
	Ref          string // the provider's
	Thread       string // the post or comment it stands under
	Name         string // who said it, where several speak
	At           time.Time
	Officer      OfficerID
	Answer       ReadyAnswerID // the approved answer it used
	Version      int
	Question     FactID // it was made into
	Gone         bool   // taken back by whoever wrote it
	State        DeliveryState
	Code         string // why it did not go out
}

// TurnMedia is a picture, a recording or a file that came along; Loa keeps where it lies, not the bytes.
type TurnMedia struct {
	Name string `json:"name,omitempty"`
	MIME string `json:"mime,omitempty"`
	URL  string `json:"url,omitempty"`
}

// TurnLength is how long one turn may be, in characters.
const TurnLength = 4000

// Check refuses a turn of an officer that says nothing or too much.
func (t Turn) Check() error {
	switch n := vn.Characters(t.Text); {
	case n == 0:
		return Refuse(Invalid, "text", "required")
	case n > TurnLength:
		return Refuse(Invalid, "text", "too_long", TurnLength)
	}
	return nil
}

// Incoming is what somebody said or did, as it is taken in: once, whenever and however often a provider tells it.
type Incoming struct {
	Office       OfficeID
	Area         AreaID // the account serves
	Channel      ChannelID
	Key          string // the same for every time it is told
	Kind         TurnKind
	Network      string
	Address      string
	Thread       string
	Ref          string
	Name         string
	Phone        string // they gave: +84…
	Text         string
	Media        []TurnMedia
	At           time.Time
	Gone         bool   // the words behind Ref were taken back
	Everywhere   bool   // they refuse over every channel
	Refuses      string // how they refused, in a word for the log; empty when they did not
	Confirm      string // what tells them once that the refusal holds; empty: nothing is said
	ConfirmTitle string // of the letter that tells them
}
