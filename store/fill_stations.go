package store

import (
	"fmt"
	"strings"

	"loa"
	"loa/vn"
)

// stations writes loudspeakers with the villages that hear them, and what was played at them.
func (f *filler) stations(b *loa.Bulk) error {
	for i := range b.Stations {
		s := &b.Stations[i]
		slots, earshot, err := stationTexts(*s)
		if err != nil {
			return err
		}
		if s.ChangeNo = f.change(s.Office); f.err != nil {
			return f.err
		}
		_, err = f.tx.ExecContext(f.ctx, `INSERT INTO station (id, office_id, area_id, kind, name, folded, channel_id, device, secret, volume, languages, keeper, phone, slots, earshot, note, synthetic, online, online_at, seen_at, changed_at, created_at, created_by, change_no)
			VALUES (`+placeholders(1, 24)+`)`, s.ID, s.Office, s.Area, s.Kind, s.Name, vn.Fold(s.Name), s.Channel, s.Device, s.Secret, s.Volume, strings.Join(s.Languages, " "), s.Keeper, s.Phone, slots, strings.Join(earshot, " "),
			s.Note, s.Synthetic, s.Online, millis(s.OnlineAt), millis(s.SeenAt), millis(b.By.At), millis(b.By.At), b.By.Officer, s.ChangeNo)
		if err != nil {
			return fmt.Errorf("fill station: %w", err)
		}
		if err := saveEarshot(f.ctx, f.tx, *s); err != nil {
			return err
		}
	}
	for _, p := range b.Plays {
		if err := insertPlay(f.ctx, f.tx, p); err != nil {
			return err
		}
		if _, err := f.tx.ExecContext(f.ctx, `UPDATE play SET why = $1, played_ms = $2, proof = $3, officer_id = $4, proved_at = $5, heads = $6 WHERE delivery_id = $7`, p.Why, p.PlayedMS, p.Proof, p.Officer, millis(p.ProvedAt), p.Heads, p.Delivery); err != nil {
			return fmt.Errorf("fill play: %w", err)
		}
		if p.State != loa.PlayPlayed {
			continue
		}
		if err := expose(f.ctx, f.tx, p.Delivery, p.At); err != nil {
			return err
		}
	}
	return nil
}
