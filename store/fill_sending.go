package store

import (
	"fmt"

	"loa"
)

// sending writes accounts, what is known of addresses, and broadcasts with what became of their messages.
func (f *filler) sending(b *loa.Bulk) error {
	err := insertAll(f, "channel", "id, office_id, area_id, kind, name, settings, state, why, halted_at, rate_n, rate_ms, day_quota, answer_h, created_at, created_by, change_no", "", b.Channels, func(to []any, c *loa.Channel) []any {
		return append(to, c.ID, c.Office, c.Area, c.Kind, c.Name, c.Settings, c.State, c.Why, millis(c.HaltedAt), c.Rate, c.RatePer.Milliseconds(), c.DayQuota, hours(c.Term), millis(c.CreatedAt), b.By.Officer, f.change(c.Office))
	})
	if err != nil {
		return err
	}
	err = insertAll(f, "address", "office_id, network, address, person_id, linked_at, consent_id, opted_out_at, opted_out_how, bad_at, bad_code, change_no", "", b.Addresses, func(to []any, a *loa.BulkAddress) []any {
		return append(to, a.Office, a.Network, a.To, a.Person, millis(a.LinkedAt), a.Consent, millis(a.OptedOutAt), a.OptedHow, millis(a.BadAt), a.BadCode, f.change(a.Office))
	})
	if err != nil {
		return err
	}
	for i := range b.Broadcasts {
		x := &b.Broadcasts[i]
		if x.ChangeNo = f.change(x.Office); f.err != nil {
			return f.err
		}
		if err := writeBroadcast(f.ctx, f.tx, x); err != nil {
			return err
		}
		if _, err := f.tx.ExecContext(f.ctx, `UPDATE broadcast SET fanned = $1 WHERE id = $2`, x.Fanned, x.ID); err != nil {
			return fmt.Errorf("note how far the broadcast is: %w", err)
		}
	}
	return insertAll(f, "delivery", `id, office_id, area_id, broadcast_id, person_id, place_id, rung, channel_id, network, address, lang, state, tries, ref, cost, parts, consent_id, code, first_at, sent_at, done_at, fallen`, "", b.Deliveries,
		func(to []any, d *loa.Delivery) []any {
			return append(to, d.ID, d.Office, d.Area, d.Broadcast, d.Person, d.Place, d.Rung, d.Channel, d.Network, d.To, d.Lang, d.State, d.Tries, d.Ref, d.Cost, d.Parts, d.Consent, d.Code, millis(d.FirstAt), millis(d.SentAt), millis(d.DoneAt),
				d.State == loa.DeliveryFailed)
		})
}
