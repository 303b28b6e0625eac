package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"loa"
	"loa/auth"
	"loa/store"
)

type backupCmd struct {
	To string `arg:"" optional:"" type:"path"`
}

type backupResult struct {
	File   string             `json:"file"`
	Bytes  int64              `json:"bytes"`
	Rows   int64              `json:"rows"`
	Tables []store.TableProof `json:"tables"`
	Key    string             `json:"key_id,omitempty"`
}

func (b *backupCmd) Run(c *cli, e env) error {
	if err := c.exists(); err != nil {
		return err
	}
	db, err := c.open(e, store.Options{ReadOnly: true})
	if err != nil {
		return err
	}
	defer db.Close()
	sealer, err := auth.LoadKey(c.Key)
	if err != nil && !errors.Is(err, auth.ErrNoKey) { // without a key the numbers are copied sealed, as they always are
		return err
	}
	res, err := writeBackup(e.ctx, db, sealer, b.To, c.Data, time.Now())
	if err != nil {
		return err
	}
	c.print(e, res, func() {
		fmt.Fprintf(e.out, "%s\n%s\n", res.File, c.say("backup.written", res.Rows, len(res.Tables), res.Bytes))
	})
	return nil
}

// writeBackup writes to a temporary name first: a file with the right name is always whole.
func writeBackup(ctx context.Context, db *store.DB, sealer *auth.Sealer, to, data string, now time.Time) (backupResult, error) {
	if to == "" {
		to = filepath.Join(data, "backups", "loa-"+now.In(loa.Zone).Format("20060102-150405")+".backup")
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return backupResult{}, fmt.Errorf("make the backup folder: %w", err)
	}
	f, err := os.CreateTemp(filepath.Dir(to), ".loa-backup-*")
	if err != nil {
		return backupResult{}, fmt.Errorf("write the backup: %w", err)
	}
	defer os.Remove(f.Name())
	defer f.Close()
	m := store.Manifest{Program: version(), MadeAt: now.UTC()}
	if sealer != nil {
		m.KeyID = sealer.KeyID()
	}
	proofs, err := db.Backup(ctx, f, m)
	if err != nil {
		return backupResult{}, err
	}
	if err := f.Sync(); err != nil {
		return backupResult{}, fmt.Errorf("write the backup: %w", err)
	}
	info, err := f.Stat()
	if err != nil {
		return backupResult{}, fmt.Errorf("write the backup: %w", err)
	}
	if err := os.Rename(f.Name(), to); err != nil {
		return backupResult{}, fmt.Errorf("name the backup: %w", err)
	}
	res := backupResult{File: to, Bytes: info.Size(), Tables: proofs, Key: m.KeyID}
	for _, p := range proofs {
		res.Rows += p.Rows
	}
	return res, nil
}

type restoreCmd struct {
	File string `arg:"" type:"existingfile"`
}

func (r *restoreCmd) Run(c *cli, e env) error {
	f, err := os.Open(r.File)
	if err != nil {
		return fmt.Errorf("open the backup: %w", err)
	}
	defer f.Close()
	if c.Database == "" {
		if _, err := os.Stat(c.address()); err == nil {
			return loa.Refuse(loa.Conflict, "data", "not_empty", c.Data)
		}
		if err := os.MkdirAll(c.Data, 0o700); err != nil {
			return fmt.Errorf("make the data folder: %w", err)
		}
	}
	m, proofs, chains, err := c.restore(e, f)
	if err != nil {
		return restoreRefused(err)
	}
	key := c.keyState(m.KeyID)
	res := map[string]any{"made_at": m.MadeAt, "tables": proofs, "chains": chains, "key": key}
	var rows int64
	for _, p := range proofs {
		rows += p.Rows
	}
	c.print(e, res, func() {
		fmt.Fprintln(e.out, c.say("restore.done", rows, len(proofs), m.MadeAt.In(loa.Zone).Format("02/01/2006 15:04")))
		for _, ch := range chains {
			fmt.Fprintln(e.out, c.say("doctor.audit", ch.Name, ch.Entries))
		}
		fmt.Fprintln(e.out, key.Text)
	})
	return nil
}

// restore fills the empty place and proves it. A data folder is filled under another name, which is given up when something is
// wrong: what bears the right name is always whole.
func (c *cli) restore(e env, from io.Reader) (m store.Manifest, proofs []store.TableProof, chains []chainReport, err error) {
	at := c.address()
	if c.Database == "" {
		at += ".restoring"
		drop := func() {
			for _, end := range []string{"", "-wal", "-shm"} {
				os.Remove(at + end) // from now, or from a restore that was cut off
			}
		}
		drop()
		defer drop()
	}
	db, err := c.openAt(e, at, store.Options{ReadOnly: true, Fast: true})
	if err != nil {
		return m, nil, nil, err
	}
	if m, proofs, err = db.Restore(e.ctx, from); err == nil {
		err = db.Settle(e.ctx)
	}
	if err == nil {
		chains, err = verifyChains(e.ctx, db)
	}
	if err = errors.Join(err, db.Close()); err != nil || c.Database != "" {
		return m, proofs, chains, err
	}
	if err := os.Rename(at, c.address()); err != nil {
		return m, nil, nil, fmt.Errorf("name the restored database: %w", err)
	}
	return m, proofs, chains, nil
}

// restoreRefused says in the reader's language why a backup was not restored.
func restoreRefused(err error) error {
	switch {
	case errors.Is(err, store.ErrNotEmpty):
		return loa.Refuse(loa.Conflict, "database", "not_empty_database")
	case errors.Is(err, store.ErrNewBackup):
		return loa.Refuse(loa.Invalid, "file", "restore_newer")
	case errors.Is(err, store.ErrBackup):
		return loa.Refuse(loa.Invalid, "file", "restore_broken")
	}
	return err
}

// keyReport says in words whether the sealing key fits the data.
type keyReport struct {
	State string `json:"state"` // fits absent other
	File  string `json:"file"`
	Text  string `json:"text"`
}

// keyState says how the key in hand stands to the one a backup or database names; an empty name is content with any.
func (c *cli) keyState(want string) keyReport {
	s, err := auth.LoadKey(c.Key)
	k := keyReport{File: c.Key}
	switch {
	case err != nil:
		k.State, k.Text = keyAbsent, c.say("key.absent", c.Key)
	case want != "" && !s.Opens(want):
		k.State, k.Text = keyOther, c.say("key.other", c.Key)
	default:
		k.State, k.Text = keyFits, c.say("key.fits", c.Key)
	}
	return k
}

type chainReport struct {
	Office  loa.OfficeID `json:"office"`
	Name    string       `json:"-"`
	Entries int64        `json:"entries"`
	Head    string       `json:"head"`
}

// verifyChains walks every office's audit chain and fails at the first entry that does not follow.
func verifyChains(ctx context.Context, db *store.DB) ([]chainReport, error) {
	offices, err := db.Offices(ctx)
	if err != nil {
		return nil, err
	}
	var out []chainReport
	for _, o := range offices {
		n, head, err := db.VerifyAudit(ctx, o.ID)
		if err != nil {
			return nil, err
		}
		out = append(out, chainReport{o.ID, o.ShortName, n, head})
	}
	return out, nil
}
