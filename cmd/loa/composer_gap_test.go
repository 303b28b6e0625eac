package main

import (
	"strings"
	"testing"

	"loa"
	"loa/store"
	"loa/store/storetest"
)

// TestWhoseCardIsNotKnownIsNotTried: words that tell the last day of a card leave for those whose card is known, and nobody else is tried:
// they stand on the list of visits with what is missing, as the results say.
func TestWhoseCardIsNotKnownIsNotTried(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := newSender(t, db)
		s.script = s.approved(t, "The cua {ten} het han ngay {han_the}")
		var has loa.PersonID
		for _, p := range s.People {
			if p.Phone != "" {
				has = p.ID
				break
			}
		}
		card := loa.Contribution{Fact: loa.Fact{ID: loa.FactID(loa.NewID()), HappenedOn: "2025-06-10"}, Person: has, Scheme: loa.HouseholdHI, Payer: loa.PaysSelf, Method: loa.Card, From: "2025-07-01", Until: "2026-06-30", Months: 12, Amount: 1_263_600}
		if err := db.AddContribution(t.Context(), s.Whole, s.By, card); err != nil {
			t.Fatal(err)
		}
		id := s.broadcast(t, nil)
		s.run(t, id, loa.BroadcastDone)
		if got := s.texts(); len(got) != 1 || !strings.HasSuffix(got[0], "30/6/2026") && !strings.HasSuffix(got[0], "30/06/2026") {
			t.Errorf("told %q", got)
		}
		var tried, failed int64
		if err := db.Writer().QueryRowContext(t.Context(), `SELECT SUM(tries), SUM(CASE WHEN state = 'failed' THEN 1 ELSE 0 END) FROM delivery WHERE broadcast_id = $1`, id).Scan(&tried, &failed); err != nil || tried != 1 || failed != 0 {
			t.Errorf("%d tries, %d failed, %v", tried, failed, err)
		}
		reasons, err := db.TallyByReason(t.Context(), s.Whole, id)
		if err != nil || len(reasons) != 1 || reasons[0].Code != "place_empty" || reasons[0].State != loa.DeliveryByHand || reasons[0].N < 2 {
			t.Errorf("%+v, %v", reasons, err)
		}
	})
}
