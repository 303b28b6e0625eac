package store

import (
	"context"
	"database/sql"
	"fmt"

	"loa"
)

const consentColumns = factColumns + `, happened_at, person_id, purpose, channel, agreed, how, proof, attachment_id, ads_from, ads_to, ads_most`

func consentArgs(c loa.Consent, change int64) []any {
	return append(factArgs(c.Fact, change), millis(c.HappenedAt), c.Person, c.Purpose, c.Channel, c.Agreed, c.How, c.Proof, c.Attachment, c.Ads.Hours.Start, c.Ads.Hours.End, c.Ads.Most)
}

func scanConsent(r *sql.Rows) (c loa.Consent, err error) {
	var recorded, change, happened int64
	err = r.Scan(append(scanFact(&c.Fact, &recorded, &change), &happened, &c.Person, &c.Purpose, &c.Channel, &c.Agreed, &c.How, &c.Proof, &c.Attachment, &c.Ads.Hours.Start, &c.Ads.Hours.End, &c.Ads.Most)...)
	c.RecordedAt, c.HappenedAt = instant(recorded), instant(happened)
	return c, err
}

// AddConsent records an agreement or a refusal for one purpose and channel, with its proof.
func (db *DB) AddConsent(ctx context.Context, in loa.Scope, by loa.By, c loa.Consent) error {
	if err := c.Check(); err != nil {
		return err
	}
	return db.tx(ctx, func(tx *sql.Tx) error { return addConsent(ctx, tx, in, by, c) })
}

func addConsent(ctx context.Context, tx *sql.Tx, in loa.Scope, by loa.By, c loa.Consent) error {
	p, err := personForFact(ctx, tx, in, c.Person)
	if err != nil {
		return err
	}
	c.Office, c.Area, c.RecordedAt, c.RecordedBy = p.Office, p.Area, by.At, by.Officer
	if err := liftRefusal(ctx, tx, c); err != nil {
		return err
	}
	return writeConsent(ctx, tx, by, c)
}

// Consents are the agreements and refusals that hold for a person, newest first.
func (db *DB) Consents(ctx context.Context, in loa.Scope, id loa.PersonID) ([]loa.Consent, error) {
	p, err := personForFact(ctx, db.read, in, id)
	if err != nil {
		return nil, err
	}
	rows, err := db.read.QueryContext(ctx, `SELECT `+consentColumns+` FROM consent
		WHERE person_id = $1 OR person_id IN (SELECT id FROM person WHERE merged_into <> '' AND merged_into = $1) ORDER BY happened_on DESC, recorded_at DESC, id LIMIT 200`, p.Survivor)
	list, err := collect(rows, err, scanConsent)
	if err != nil {
		return nil, fmt.Errorf("read the consents: %w", err)
	}
	return list, nil
}
