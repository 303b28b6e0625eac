package main

import (
	"context"
	"time"

	"loa"
	"loa/answering"
	"loa/store"
)

// approveReady lets the demo's office have taken the ready answers over, an officer having handed them in and the director approved them.
func approveReady(ctx context.Context, db *store.DB, b loa.Bulk, now time.Time) error {
	office := b.Offices[0]
	var author, director loa.OfficerID
	for _, g := range b.Grants {
		switch {
		case g.Office == office.ID && g.Role == loa.Director && director == "":
			director = g.Officer
		case g.Office == office.ID && g.Role == loa.OfficerRole && author == "":
			author = g.Officer
		}
	}
	offered, err := answering.All()
	if err != nil || author == "" || director == "" {
		return err
	}
	scope, err := wholeOffice(ctx, db, office.ID, now)
	if err != nil {
		return err
	}
	var list []loa.ReadyAnswer
	var ids []loa.ReadyAnswerID
	for _, o := range offered {
		a := o.Draft(loa.ReadyAnswerID(loa.NewID()), office.ID, office.Anchor)
		list, ids = append(list, a), append(ids, a.ID)
	}
	if _, err := db.OfferReadyAnswers(ctx, scope, loa.By{Officer: author, At: now.Add(-48 * time.Hour)}, list, true); err != nil {
		return err
	}
	_, err = db.ApproveReadyAnswers(ctx, scope, loa.By{Officer: director, At: now.Add(-24 * time.Hour)}, ids)
	return err
}
