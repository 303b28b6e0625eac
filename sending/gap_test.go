package sending

import (
	"testing"

	"loa"
)

// TestWordsWithAGapArePassedOver: a rung whose words tell something not known of the person is passed over before anything is sent, in the
// forecast and in the ledger alike; the next one whose words can be filled is taken, and the list says what is missing.
func TestWordsWithAGapArePassedOver(t *testing.T) {
	b := loa.Broadcast{Purpose: loa.Care, Priority: loa.Normal, Ladder: []loa.Rung{{Form: loa.Zalo, Network: "zalo", Channel: "z"}, {Form: loa.SMS, Network: "tel", Channel: "s"}, {Network: loa.VisitList}}, Window: loa.Window{Start: 0, End: 1440}}
	both := []loa.Address{{Network: "zalo", To: "1"}, {Network: "tel", To: "84912345678"}}
	card := &loa.Reader{Name: "Lò Thị Mẫu", CardUntil: "2026-12-31"}
	for name, c := range map[string]struct {
		reader      *loa.Reader
		first, then []string
		network     string
		reason      string
	}{
		"it is known":        {card, []string{"han_the"}, nil, "zalo", ""},
		"the next can":       {card, []string{"so_thang"}, []string{"ten"}, "tel", ""},
		"neither can":        {card, []string{"so_thang"}, []string{"han"}, loa.VisitList, "place_empty"},
		"no village":         {card, []string{"thon"}, []string{"ten", "thon"}, loa.VisitList, "place_empty"},
		"they tell nothing":  {nil, nil, nil, "zalo", ""},
		"nobody knows aught": {&loa.Reader{}, []string{"ten"}, []string{"han_the"}, loa.VisitList, "place_empty"},
	} {
		p := loa.Recipient{Person: "p", Addresses: both, Reader: c.reader}
		text := func(rung int, _ []string) (Text, string) {
			return Text{Labelled: true, Tells: [][]string{c.first, c.then}[rung]}, "vietnamese"
		}
		if o := Judge(b, p, at("2026-11-24 12:00"), Rules{}, text); o.Network != c.network || o.Reason != c.reason {
			t.Errorf("%s: the forecast says %+v", name, o)
		}
		f := Fan{Broadcast: b, Text: text, NewID: func() loa.DeliveryID { return "d" }}
		if d := f.first(p, at("2026-11-24 12:00")); d.Network != c.network || d.Code != c.reason {
			t.Errorf("%s: the ledger says %+v", name, d)
		}
	}
}
