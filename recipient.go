package loa

import "time"

// Address is where a message lands: a path within a network, such as a telephone number or a follower.
type Address struct {
	Network  string
	To       string
	OptedOut bool // refused by whoever answers it
	Shared   bool // others use it too
	Bad      bool // known not to work
}

// Touch is one contact with a person through any form: a message, a visit, a session.
type Touch struct {
	At      time.Time
	Form    Form
	Network string      // of a message
	Purpose string      // of a message
	Of      BroadcastID // of a message: which broadcast's
	Counts  bool        // against the limit of contacts: a reply to what somebody asked does not
}

// Recipient is a person chosen for one broadcast, with all that decides how, when and whether to tell them.
type Recipient struct {
	Person    PersonID
	Area      AreaID
	Langs     []string // as the person is best spoken to, the best first
	Addresses []Address
	Consents  []Consent
	DoNotCall bool // on the national list of those who want no advertising
	Touches   []Touch
	Reader    *Reader // what words may tell of them; read only where the words tell any of it
}

// Reader is what the words of a message may tell of the person it is for.
type Reader struct {
	Person    PersonID
	Langs     []string // of a station: those it plays, in order
	Name      string
	Sex       Sex
	Born      int // year; 0: not known
	Ethnic    string
	Poverty   string // as it holds on the day
	Area      AreaID
	Village   string
	Due       Day // the last day on which the next payment into voluntary SI is in time
	CardUntil Day // the last day of the HI card
	Months    int // paid into voluntary SI; 0: not known
}

// ReaderPlaces are the placeholders that are filled from what is known of the reader, and may have nothing to fill them.
var ReaderPlaces = []string{"ten", "thon", "han", "han_the", "so_thang"}

// Lacks says whether nothing is known of a reader that would fill a placeholder.
func (r Reader) Lacks(place string) bool {
	switch place {
	case "ten":
		return r.Name == ""
	case "thon":
		return r.Village == ""
	case "han":
		return r.Due == ""
	case "han_the":
		return r.CardUntil == ""
	case "so_thang":
		return r.Months <= 0
	}
	return false
}
