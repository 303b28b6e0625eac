package loa

import (
	"time"

	"loa/vn"
)

// Reply is one message outside of any broadcast: an answer to what somebody wrote, the confirmation of a refusal, a test. It goes through
// the same ledger as all others.
type Reply struct {
	Delivery  DeliveryID // made by whoever writes it, so that a form sent twice is one message
	Office    OfficeID
	Area      AreaID
	Person    PersonID // empty when nobody knows who it is
	Channel   ChannelID
	Network   string
	To        string
	AboutKind string // "conversation", or AboutTest: what it belongs to
	AboutID   string
	Purpose   string
	Lang      string
	Title     string
	Text      string
	ReplyTo   string // the provider's reference of what it answers
	Template  string // of a provider that lets nothing else through
	Params    map[string]string
	Media     []ReplyMedia
	Author    OfficerID // empty: Loa itself
	CreatedAt time.Time
	Window    AnswerWindow // of the conversation it answers, as it stands when the words are read to be sent
}

// AboutTest marks what an officer sent to themselves to see a broadcast as it arrives: it costs, counts for the account's quota, and is no
// contact with anybody.
const AboutTest = "test"

// ReplyMedia is a picture or file that goes with a reply; its bytes are an attachment.
type ReplyMedia struct{ ID, Name, MIME string }

// ReplyText is how long a reply may be, in characters; a network may take less.
const ReplyText = 2000

// ReplyTitle is how long the subject of a letter that answers may be, in characters.
const ReplyTitle = 200

// Check refuses a reply that goes nowhere or says nothing.
func (r Reply) Check() error {
	switch {
	case r.Delivery == "":
		return Refuse(Invalid, "delivery", "required")
	case r.Channel == "" || r.Network == "" || r.To == "":
		return Refuse(Invalid, "to", "required")
	case !OneOf(r.Purpose, Purposes):
		return Refuse(Invalid, "purpose", "not_in_list")
	case vn.Fold(r.Text) == "" && r.Template == "" && len(r.Media) == 0:
		return Refuse(Invalid, "text", "required")
	case len([]rune(r.Text)) > ReplyText:
		return Refuse(Invalid, "text", "too_long", ReplyText)
	}
	return nil
}
