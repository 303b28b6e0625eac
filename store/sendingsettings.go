package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"loa"
)

// SendingSettings are an office's own settings of sending, over the defaults.
func (db *DB) SendingSettings(ctx context.Context, id loa.OfficeID) (loa.SendingSettings, error) {
	s := loa.DefaultSendingSettings()
	rows, err := db.read.QueryContext(ctx, `SELECT key, value FROM setting WHERE office_id = $1 AND key >= 'send.' AND key < 'send/' ORDER BY key`, id)
	if err != nil {
		return s, fmt.Errorf("read the settings of sending: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var key, value string
		if err := rows.Scan(&key, &value); err != nil {
			return s, err
		}
		n, err := strconv.ParseInt(value, 10, 64)
		if err != nil {
			return s, fmt.Errorf("setting %s is not a number: %w", key, err)
		}
		readSending(&s, key, n)
	}
	return s, rows.Err()
}

func readSending(s *loa.SendingSettings, key string, n int64) {
	form, isStart := strings.CutPrefix(key, "send.start.")
	if !isStart {
		form, _ = strings.CutPrefix(key, "send.end.")
	}
	telco, isPrice := strings.CutPrefix(key, "send.price.")
	switch {
	case slices.Contains(loa.HourForms, form):
		h := s.Hours[form]
		if isStart {
			h.Start = int(n)
		} else {
			h.End = int(n)
		}
		s.Hours[form] = h
	case isPrice:
		s.SMSPrice[telco] = n
	}
	switch key {
	case "send.cap":
		s.CapN = int(n)
	case "send.cap_days":
		s.CapDays = int(n)
	case "send.few":
		s.Few = min(int(n), loa.FewMost) // an office may have set more when it was let
	case "send.pace":
		s.Pace = int(n)
	case "send.fail_limit":
		s.FailLimit = int(n)
	case "send.refuse_limit":
		s.RefuseLimit = int(n)
	case "send.low_balance":
		s.LowBalance = n
	}
}

// SaveSendingSettings writes an office's settings of sending and records them.
func (db *DB) SaveSendingSettings(ctx context.Context, id loa.OfficeID, by loa.By, s loa.SendingSettings) error {
	if err := s.Check(); err != nil {
		return err
	}
	values := map[string]int64{"send.cap": int64(s.CapN), "send.cap_days": int64(s.CapDays), "send.few": int64(s.Few), "send.pace": int64(s.Pace),
		"send.fail_limit": int64(s.FailLimit), "send.refuse_limit": int64(s.RefuseLimit), "send.low_balance": s.LowBalance}
	for form, h := range s.Hours {
		values["send.start."+form], values["send.end."+form] = int64(h.Start), int64(h.End)
	}
	for telco, p := range s.SMSPrice {
		values["send.price."+telco] = p
	}
	keys := make([]string, 0, len(values))
	for key := range values {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return db.tx(ctx, func(tx *sql.Tx) error {
		if _, err := nextChange(ctx, tx, id, 1); err != nil {
			return err
		}
		var told []string
		for _, key := range keys {
			n := strconv.FormatInt(values[key], 10)
			_, err := tx.ExecContext(ctx, `INSERT INTO setting (office_id, key, value, changed_at, changed_by) VALUES ($1, $2, $3, $4, $5)
				ON CONFLICT (office_id, key) DO UPDATE SET value = excluded.value, changed_at = excluded.changed_at, changed_by = excluded.changed_by`, id, key, n, millis(by.At), by.Officer)
			if err != nil {
				return fmt.Errorf("save setting %s: %w", key, err)
			}
			told = append(told, strings.TrimPrefix(key, "send.")+"="+n)
		}
		return addAudit(ctx, tx, id, by, "changed", "sending_settings", string(id), strings.Join(told, " "))
	})
}
