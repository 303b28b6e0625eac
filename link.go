package loa

import (
	"crypto/rand"
	"io"
	"strings"
	"time"

	"loa/vn"
)

// LinkKind is what a link was made for.
type LinkKind string

// The kinds: printed on leaflets of one village and batch, an officer's own, or told by a broadcast.
const (
	LeafletLink LinkKind = "leaflet"
	OfficerLink LinkKind = "officer"
	KitLink     LinkKind = "kit" // for one thing an officer shares on a page of their own

	BroadcastLink LinkKind = "broadcast" // for one channel of a broadcast
)

// LinkPages are the public pages a link may lead to; home is the calculator.
var LinkPages = []string{"home", "sessions", "ask", "call", "changes"}

// Link is a short address, /s/{code}, with the number people say for it ("mã 12"): what is asked behind it is known to come from it.
type Link struct {
	ID           LinkID
	Office       OfficeID
	Area         AreaID // the village or commune it was made for; the office's own node when it is for everywhere
	Code         string // behind /s/; no secret
	Spoken       int    // said aloud; unique in the office
	Kind         LinkKind
	Page         string // one of LinkPages
	Noun, NounID string // the record it was made for, such as a batch of leaflets; empty when none
	Officer      OfficerID
	Network      string    // of a broadcast's link: the channel that tells it
	Channel      ChannelID // and the account; empty where people carry it
	Label        string
	CreatedAt    time.Time
	CreatedBy    OfficerID
}

// Check refuses a link that leads nowhere or stands for nothing.
func (l Link) Check() error {
	switch {
	case !ValidID(string(l.ID)):
		return Refuse(Invalid, "id", "bad_id")
	case l.Kind != LeafletLink && l.Kind != OfficerLink && l.Kind != KitLink && l.Kind != BroadcastLink:
		return Refuse(Invalid, "kind", "not_in_list")
	case !OneOf(l.Page, LinkPages):
		return Refuse(Invalid, "page", "not_in_list")
	case (l.Kind == OfficerLink || l.Kind == KitLink) && l.Officer == "":
		return Refuse(Invalid, "officer", "required")
	case (l.Kind == KitLink || l.Kind == BroadcastLink) && l.NounID == "":
		return Refuse(Invalid, "noun", "required")
	case l.Kind == BroadcastLink && l.Network == "":
		return Refuse(Invalid, "network", "required")
	case vn.Fold(l.Label) == "" && l.Kind == LeafletLink:
		return Refuse(Invalid, "label", "required")
	case len([]rune(l.Label)) > 100:
		return Refuse(Invalid, "label", "too_long", 100)
	}
	return nil
}

// Form is the form of communication that brought somebody through the link.
func (l Link) Form() Form {
	switch l.Kind {
	case OfficerLink, KitLink:
		return PersonalPage
	case BroadcastLink:
		return NetworkForm(l.Network)
	}
	return LeafletForm
}

// networkForms are the forms of communication that networks belong to; whatever else there is posts on a page.
var networkForms = map[string]Form{"tel": SMS, "zalo": Zalo, "zns": Zalo, "zalo_group": Zalo, "zalo_article": Zalo, "mail": Email, SpeakerNetwork: Loudspeaker, "kit": PersonalPage}

// NetworkForm is the form of communication a network belongs to.
func NetworkForm(network string) Form {
	if f, ok := networkForms[network]; ok {
		return f
	}
	return PageForm
}

// codeLetters leave out what is mistaken for another when it is read from paper: 0 and o, 1, i and l.
const codeLetters = "23456789abcdefghjkmnpqrstuvwxyz"

// codeLength makes some 900 million codes, so that trying them out finds little.
const codeLength = 6

// NewCode mints the code of a link from the system's randomness.
func NewCode() string { return MintCode(rand.Reader) }

// MintCode mints the code of a link from a source of randomness; the demo hands in a seeded one.
func MintCode(random io.Reader) string {
	out, b := make([]byte, 0, codeLength), make([]byte, 1)
	for len(out) < codeLength {
		if _, err := io.ReadFull(random, b); err != nil {
			panic("loa: no randomness for a code: " + err.Error()) // the machine is broken
		}
		if int(b[0]) < 256/len(codeLetters)*len(codeLetters) { // every letter equally often
			out = append(out, codeLetters[int(b[0])%len(codeLetters)])
		}
	}
	return string(out)
}

// ReadCode is a code as it may be typed, in capitals or with blanks; empty when it cannot be one.
func ReadCode(s string) string {
	if len(s) > 40 {
		return ""
	}
	s = strings.ToLower(strings.Join(strings.Fields(s), ""))
	if len(s) != codeLength || strings.Trim(s, codeLetters) != "" {
		return ""
	}
	return s
}

// ShortAddress is where the world finds a link, under the address by which it reaches Loa.
func ShortAddress(public, code string) string { return public + "/s/" + code }

// Slug is the word an office has in addresses: its short name without accents.
func Slug(name string) string {
	words := vn.Words(vn.Fold(name))
	for len(words) > 1 && OneOf(words[0], []string{"bhxh", "co", "so"}) {
		words = words[1:]
	}
	if len(words) == 0 {
		return "office"
	}
	return strings.Join(words, "-")
}
