package loa

// GivenUp is the outcome of a line of a list that nobody will try again: the person goes on to the next rung.
const GivenUp = "given_up"

// HandOutcomes are how a call or a visit for a broadcast ends, in the order of the form.
var HandOutcomes = []string{"met", "interested", "promised", "call_back", "not_home", "refused", GivenUp}

// HandResult is what an officer says of one line of a list for people to work off.
type HandResult struct {
	Delivery DeliveryID
	Outcome  string
	Note     string
	NextOn   Day    // when to try again, or what was promised for
	Fact     FactID // made by the form, so that sent twice it is one visit
	Refusal  FactID // and one refusal
	On       Day
}

// HandNote is how long a note may be, in characters.
const HandNote = 300

// Check refuses a result that says nothing.
func (h HandResult) Check() error {
	switch {
	case !OneOf(h.Outcome, HandOutcomes):
		return Refuse(Invalid, "outcome", "not_in_list")
	case !h.On.Valid():
		return Refuse(Invalid, "on", "bad_day")
	case h.NextOn != "" && (!h.NextOn.Valid() || h.NextOn < h.On):
		return Refuse(Invalid, "next_on", "until_before_from")
	case len([]rune(h.Note)) > HandNote:
		return Refuse(Invalid, "note", "too_long", HandNote)
	case !ValidID(string(h.Fact)) || !ValidID(string(h.Refusal)):
		return Refuse(Invalid, "id", "bad_id")
	}
	return nil
}

// State is what the line becomes: still on the list where somebody will try again.
func (h HandResult) State() DeliveryState {
	switch h.Outcome {
	case "met", "interested", "promised":
		return DeliveryDelivered
	case "refused":
		return DeliveryRefused
	case GivenUp:
		return DeliveryFailed
	}
	return DeliveryByHand
}
