package main

import (
	"bytes"
	"context"
	"fmt"

	"loa"
	"loa/auth"
	"loa/store"
)

type keyCmd struct {
	Rotate keyRotateCmd `cmd:""`
	Reseal keyResealCmd `cmd:""`
}

type keyRotateCmd struct{}

func (k *keyRotateCmd) Run(c *cli, e env) error {
	return c.reseal(e, func() (*auth.Sealer, error) { return auth.RotateKey(c.Key) })
}

type keyResealCmd struct{}

func (k *keyResealCmd) Run(c *cli, e env) error {
	return c.reseal(e, func() (*auth.Sealer, error) { return auth.LoadKey(c.Key) })
}

// resealed is what a rotation did.
type resealed struct {
	KeyID    string `json:"key_id"`
	People   int    `json:"people"`
	Files    int    `json:"files"`
	Accounts int    `json:"accounts"`   // with networks
	Devices  int    `json:"devices"`    // of officers, and the keys they are told with
	Older    int    `json:"older_keys"` // still in the file, for backups and undone acts
}

func (c *cli) reseal(e env, key func() (*auth.Sealer, error)) error {
	db, err := c.openExisting(e, store.Options{})
	if err != nil {
		return err
	}
	defer db.Close()
	if err := c.keyFitting(e.ctx, db); err != nil { // a key that does not open the data must not be put behind another
		return err
	}
	sealer, err := key()
	if err != nil {
		return err
	}
	out := resealed{KeyID: sealer.KeyID(), Older: sealer.Older()}
	if out.People, err = resealPeople(e.ctx, db, sealer); err != nil {
		return err
	}
	if out.Files, err = resealFiles(e.ctx, db, sealer); err != nil {
		return err
	}
	if out.Accounts, err = resealAccounts(e.ctx, db, sealer); err != nil {
		return err
	}
	if out.Devices, err = resealPushes(e.ctx, db, sealer); err != nil {
		return err
	}
	offices, err := db.Offices(e.ctx)
	if err != nil {
		return err
	}
	for _, o := range offices {
		if err := db.Audit(e.ctx, o.ID, loa.By{At: clock(c.today(o))()}, "key_rotated", "office", string(o.ID), out.KeyID); err != nil {
			return err
		}
	}
	c.print(e, out, func() {
		fmt.Fprintln(e.out, c.say("key.rotated", out.KeyID, out.People, out.Files, out.Accounts, out.Devices, out.Older))
	})
	return nil
}

const resealBatch = 200

func resealPeople(ctx context.Context, db *store.DB, sealer *auth.Sealer) (n int, err error) {
	var after store.SealedPerson
	for {
		page, err := db.SealedPeople(ctx, after.ID, after.Batch, resealBatch)
		if err != nil {
			return n, err
		}
		if len(page) == 0 {
			return n, nil
		}
		after = page[len(page)-1]
		var old, now []store.SealedPerson
		for _, p := range page {
			fresh := p
			for _, x := range []struct {
				column string
				value  *loa.Sealed
			}{{"person.national_id", &fresh.NationalID}, {"person.si_number", &fresh.SINumber}} {
				if err := resealOne(sealer, auth.Place{Office: string(p.Office), Column: x.column, Record: string(p.ID)}, x.value); err != nil {
					return n, fmt.Errorf("%s of %s: %w", x.column, p.ID, err)
				}
			}
			if !bytes.Equal(fresh.NationalID.Cipher, p.NationalID.Cipher) || !bytes.Equal(fresh.SINumber.Cipher, p.SINumber.Cipher) {
				old, now = append(old, p), append(now, fresh)
			}
		}
		if len(now) == 0 {
			continue
		}
		if err := db.Reseal(ctx, old, now); err != nil {
			return n, err
		}
		n += len(now)
	}
}

func resealOne(sealer *auth.Sealer, at auth.Place, v *loa.Sealed) error {
	if len(v.Cipher) == 0 || sealer.Fresh(v.Cipher) {
		return nil
	}
	plain, err := sealer.Open(at, v.Cipher)
	if err != nil {
		return err
	}
	if v.Cipher, err = sealer.Seal(at, plain); err != nil {
		return err
	}
	v.Index = sealer.Index(at.Column, plain)
	return nil
}

func resealFiles(ctx context.Context, db *store.DB, sealer *auth.Sealer) (n int, err error) {
	files, err := db.SealedFiles(ctx)
	if err != nil {
		return 0, err
	}
	for _, f := range files {
		raw, err := db.ImportFile(ctx, f.Import)
		if err != nil {
			return n, err
		}
		if sealer.Fresh(raw) {
			continue
		}
		at := auth.Place{Office: string(f.Office), Column: "import_file.bytes", Record: string(f.Import)}
		plain, err := sealer.Open(at, raw)
		if err != nil {
			return n, fmt.Errorf("file of import %s: %w", f.Import, err)
		}
		if raw, err = sealer.Seal(at, plain); err != nil {
			return n, err
		}
		if err := db.ResealFile(ctx, f.Import, raw); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// resealAccounts seals the settings of accounts with networks anew. One that is renewed meanwhile seals itself with the key of today.
func resealAccounts(ctx context.Context, db *store.DB, sealer *auth.Sealer) (n int, err error) {
	list, err := db.ChannelsKept(ctx)
	if err != nil {
		return 0, err
	}
	for _, c := range list {
		if sealer.Fresh(c.Settings) {
			continue
		}
		at := auth.Place{Office: string(c.Office), Column: settingsColumn, Record: string(c.ID)}
		plain, err := sealer.Open(at, c.Settings)
		if err != nil {
			return n, fmt.Errorf("settings of account %s: %w", c.ID, err)
		}
		fresh, err := sealer.Seal(at, plain)
		if err != nil {
			return n, err
		}
		if err := db.ResealChannel(ctx, c.ID, c.Settings, fresh); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// resealPushes seals anew where officers' devices are reached, and the keys they are told with.
func resealPushes(ctx context.Context, db *store.DB, sealer *auth.Sealer) (n int, err error) {
	list, err := db.SealedPushes(ctx)
	if err != nil {
		return 0, err
	}
	for _, s := range list {
		if sealer.Fresh(s.Cipher) {
			continue
		}
		at := pushKeyPlace(s.Office)
		if s.Device != "" {
			at = devicePlace(s.Office, s.Device)
		}
		plain, err := sealer.Open(at, s.Cipher)
		if err != nil {
			return n, fmt.Errorf("%s of %s: %w", at.Column, at.Record, err)
		}
		fresh, err := sealer.Seal(at, plain)
		if err != nil {
			return n, err
		}
		if err := db.ResealPush(ctx, s, fresh); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// settingsColumn binds the sealed settings of accounts to where they stand.
const settingsColumn = "channel.settings"

// What the key in hand is to the data.
const (
	keyFits   = "fits"
	keyAbsent = "absent"
	keyOther  = "other"
)

// keyOf holds the key in hand to what is sealed in the database. A key not made yet fits a database with nothing sealed.
func (c *cli) keyOf(ctx context.Context, db *store.DB) keyReport {
	want := ""
	if sealed, err := db.SealedWith(ctx); err == nil {
		want = auth.KeyOf(sealed)
	}
	return c.keyState(want)
}

// keyFitting refuses to work on sealed numbers without the key that sealed them.
func (c *cli) keyFitting(ctx context.Context, db *store.DB) error {
	switch c.keyOf(ctx, db).State {
	case keyAbsent:
		return loa.Refuse(loa.Conflict, "key", "key_absent", c.Key)
	case keyOther:
		return loa.Refuse(loa.Conflict, "key", "key_other", c.Key)
	}
	return nil
}

// sealerFor is the sealing key of a database. Where none was ever used one is made; where the one that was used is missing or
// another lies in its place there is none, which is said in plain words: making a new one would leave two kinds of numbers.
func (c *cli) sealerFor(e env, db *store.DB) (*auth.Sealer, error) {
	state := c.keyOf(e.ctx, db)
	if state.State == keyFits {
		return auth.LoadKey(c.Key)
	}
	sealed, err := db.SealedWith(e.ctx)
	if err != nil {
		return nil, err
	}
	if state.State == keyAbsent && sealed == nil {
		return auth.NewKey(c.Key)
	}
	fmt.Fprintln(e.err, "loa:", state.Text)
	return nil, nil
}

// resealFor makes a sealed number fit for another record of the same office: what a merge of two records needs.
func resealFor(sealer *auth.Sealer) func(office loa.OfficeID, column string, from, to loa.PersonID, cipher []byte) ([]byte, error) {
	return func(office loa.OfficeID, column string, from, to loa.PersonID, cipher []byte) ([]byte, error) {
		plain, err := sealer.Open(auth.Place{Office: string(office), Column: column, Record: string(from)}, cipher)
		if err != nil {
			return nil, err
		}
		return sealer.Seal(auth.Place{Office: string(office), Column: column, Record: string(to)}, plain)
	}
}
