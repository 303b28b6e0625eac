package loa

// Payer is who pays a contribution.
type Payer string

// The payers. What the State pays is never due.
const (
	PaysSelf     Payer = "self"
	PaysState    Payer = "state"
	PaysEmployer Payer = "employer"
)

// Method is how a contribution is paid; it decides the payment grace.
type Method string

// The methods: those of voluntary SI, a card of HI, and "ongoing" for workers whose employer reports the end.
const (
	Monthly    Method = "monthly"
	Quarterly  Method = "quarterly"
	HalfYear   Method = "half_year"
	Yearly     Method = "yearly"
	YearsAhead Method = "years_ahead"
	Missing    Method = "missing"
	Card       Method = "card"
	Ongoing    Method = "ongoing"
)

// Methods in the order forms offer them.
var Methods = []Method{Monthly, Quarterly, HalfYear, Yearly, YearsAhead, Missing, Card, Ongoing}

// Months is how many months a payment by this method covers; 0 where the method leaves that open.
func (m Method) Months() int {
	switch m {
	case Monthly:
		return 1
	case Quarterly:
		return 3
	case HalfYear:
		return 6
	case Yearly:
		return 12
	}
	return 0
}

// Contribution is one payment for one period, or one card, as the collector or the official list reports it. Loa moves no money.
type Contribution struct {
	Fact
	Person      PersonID
	Scheme      Scheme
	Payer       Payer
	Method      Method
	From, Until Day // Until is the last day covered; OpenEnd until its end is reported
	Months      int
	Income      int64 // chosen income in đồng a month (voluntary SI)
	Amount      int64 // đồng paid by the payer
	StateAmount int64 // đồng added by the State
	Collector   CollectorID
	Employer    EmployerID
	Lead        LeadID
	Receipt     string
	Source      string
}

// Check refuses a contribution that covers nothing.
func (c Contribution) Check() error {
	if err := c.Fact.Check(); err != nil {
		return err
	}
	if c.Void {
		return nil
	}
	switch {
	case c.Person == "":
		return Refuse(Invalid, "person", "required")
	case !c.Scheme.Valid():
		return Refuse(Invalid, "scheme", "not_in_list")
	case !c.From.Valid() || !c.Until.Valid() || c.From > c.Until:
		return Refuse(Invalid, "period", "backwards")
	case c.Amount < 0 || c.StateAmount < 0 || c.Income < 0 || c.Amount > 1e12:
		return Refuse(Invalid, "amount", "out_of_range")
	}
	for _, m := range Methods {
		if c.Method == m {
			return nil
		}
	}
	return Refuse(Invalid, "method", "not_in_list")
}

// Leaving says that somebody left a scheme for a stated reason.
type Leaving struct {
	Fact
	Person PersonID
	Scheme Scheme
	Reason string
}

// LeavingReasons is the short list of reasons for leaving.
var LeavingReasons = []string{"pension", "death", "moved", "compulsory", "refused"}

// Check refuses a leaving without a reason from the list.
func (l Leaving) Check() error {
	if err := l.Fact.Check(); err != nil {
		return err
	}
	if l.Void {
		return nil
	}
	if !l.Scheme.Valid() {
		return Refuse(Invalid, "scheme", "not_in_list")
	}
	if !OneOf(l.Reason, LeavingReasons) {
		return Refuse(Invalid, "reason", "not_in_list")
	}
	return nil
}

// Consent is agreement or refusal for one purpose and channel, with its proof; the newest by day, then by record, holds.
type Consent struct {
	Fact
	Person     PersonID
	Purpose    string
	Channel    string
	Agreed     bool
	How        string // it was given: one of ConsentHows, empty when not said
	Proof      string
	Attachment AttachmentID
	Ads        AgreedAds // of an agreement to advertising
}

// Purposes and channels a person may agree to or refuse; "all" stands for every channel.
var (
	Purposes = []string{"administrative", "care", "advertising"}
	Channels = []string{"all", "visit", "call", "sms", "zalo", "email", "page"}
)

// ConsentHows are the ways a consent or refusal is given, each with its proof: a photo of the paper, the officer who heard it, a
// recorded voice, the words ticked on a public page, the words they wrote to us.
var ConsentHows = []string{"paper", "spoken", "phone", "voice", "web", "message"}

// Check refuses a consent outside the lists.
func (c Consent) Check() error {
	if err := c.Fact.Check(); err != nil {
		return err
	}
	if c.Void {
		return nil
	}
	if !OneOf(c.Purpose, Purposes) {
		return Refuse(Invalid, "purpose", "not_in_list")
	}
	if !OneOf(c.Channel, Channels) {
		return Refuse(Invalid, "channel", "not_in_list")
	}
	if c.How != "" && !OneOf(c.How, ConsentHows) {
		return Refuse(Invalid, "how", "not_in_list")
	}
	return c.checkAds()
}

// ConsentState is what holds for one purpose and channel: "", "agreed" or "refused".
type ConsentState string

// ConsentFor folds a person's consents into what holds: a refusal of all channels, or of this one, wins over any agreement.
func ConsentFor(all []Consent, purpose, channel string) ConsentState {
	latest := map[string]Consent{}
	for _, c := range all {
		if c.Purpose != purpose || c.Channel != channel && c.Channel != "all" {
			continue
		}
		old, ok := latest[c.Channel]
		if !ok || newer(c, old) {
			latest[c.Channel] = c
		}
	}
	state := ConsentState("")
	for _, c := range latest {
		if !c.Agreed {
			return "refused"
		}
		state = "agreed"
	}
	return state
}

func newer(c, old Consent) bool {
	if c.HappenedOn != old.HappenedOn {
		return c.HappenedOn > old.HappenedOn
	}
	if !c.HappenedAt.Equal(old.HappenedAt) {
		return c.HappenedAt.After(old.HappenedAt)
	}
	if !c.RecordedAt.Equal(old.RecordedAt) {
		return c.RecordedAt.After(old.RecordedAt)
	}
	return !c.Agreed // the same instant twice: refusal wins
}
