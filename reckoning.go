package loa

import (
	"cmp"
	"slices"
	"time"
)

// Outcome is what a broadcast would do about one person as things stand: which rung tells them, or why none does.
type Outcome struct {
	State   DeliveryState `json:"state"` // queued, by_hand or held; empty: no longer in the register
	Rung    int           `json:"rung"`
	Network string        `json:"network,omitempty"`
	Lang    string        `json:"lang,omitempty"`   // of the words, where some are sent
	Reason  string        `json:"reason,omitempty"` // why no message goes out, or why it waits, as a code under gate.
	Telco   string        `json:"telco,omitempty"`  // that carries an SMS
}

// Reckoned is how many people have one outcome.
type Reckoned struct {
	Outcome
	N     int   `json:"n"`
	Parts int   `json:"parts,omitempty"` // of one SMS
	Cost  int64 `json:"cost,omitempty"`  // of all of them, đồng
}

// Reckoning is a whole audience by outcome, as of a moment: what the one who submits a broadcast and the one who approves it look at.
type Reckoning struct {
	At       time.Time  `json:"at"`
	People   int        `json:"people"`
	By       []Reckoned `json:"by"`
	Unpriced bool       `json:"unpriced,omitempty"` // some of it costs what nobody wrote down
}

// AddFees writes down what registered templates cost over a ladder: fee is what one message over a rung does, and whether anybody said so.
func (r *Reckoning) AddFees(ladder []Rung, fee func(rung int) (each int64, known bool)) {
	for i := range r.By {
		x := &r.By[i]
		if x.State != DeliveryQueued || x.Rung >= len(ladder) || !ladder[x.Rung].Templated() {
			continue
		}
		each, known := fee(x.Rung)
		x.Cost, r.Unpriced = each*int64(x.N), r.Unpriced || !known
	}
}

// Sort puts the largest first, and the rest in an order that is always the same.
func (r *Reckoning) Sort() {
	slices.SortFunc(r.By, func(a, b Reckoned) int {
		return cmp.Or(cmp.Compare(a.Rung, b.Rung), cmp.Compare(b.N, a.N), cmp.Compare(a.Reason, b.Reason), cmp.Compare(a.Lang, b.Lang), cmp.Compare(a.Telco, b.Telco), cmp.Compare(a.State, b.State))
	})
}

// Messages is how many people get a message over some account.
func (r Reckoning) Messages() (n int) {
	for _, x := range r.By {
		if x.State == DeliveryQueued {
			n += x.N
		}
	}
	return n
}

// ByHand is how many come on a list for people to work off.
func (r Reckoning) ByHand() (n int) {
	for _, x := range r.By {
		if x.State == DeliveryByHand {
			n += x.N
		}
	}
	return n
}

// Held is how many nobody is to tell.
func (r Reckoning) Held() (n int) {
	for _, x := range r.By {
		if x.State == DeliveryHeld {
			n += x.N
		}
	}
	return n
}

// Cost is what it costs, as far as prices are known, in đồng.
func (r Reckoning) Cost() (sum int64) {
	for _, x := range r.By {
		sum += x.Cost
	}
	return sum
}
