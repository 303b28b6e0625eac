package main

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"

	"loa"
	"loa/auth"
	"loa/store"
)

type importCmd struct {
	What    string `arg:"" enum:"people,participation,targets"`
	File    string `arg:"" optional:"" type:"existingfile"`
	Preview bool
	Apply   bool
	Undo    string `placeholder:"ID"`
}

// commandLine stands for an officer where a command does the work.
const commandLine loa.OfficerID = "command line"

// importCounts is the answer of the command.
type importCounts struct {
	ID       loa.ImportID `json:"id"`
	New      int          `json:"new"`
	Changed  int          `json:"changed"`
	Same     int          `json:"same"`
	Conflict int          `json:"conflict"`
	Error    int          `json:"error"`
}

func (m *importCmd) Run(c *cli, e env) error {
	db, err := c.openExisting(e, store.Options{Long: true})
	if err != nil {
		return err
	}
	defer db.Close()
	office, err := c.office(e, db)
	if err != nil {
		return err
	}
	sealer, err := auth.LoadKey(c.Key)
	if m.Undo == "" { // what is taken back needs no key
		if unfit := c.keyFitting(e.ctx, db); unfit != nil || err != nil {
			return errors.Join(unfit, err)
		}
	}
	im := &importer{db: db, sealer: sealer, now: clock(c.today(office)), log: slog.New(slog.DiscardHandler)}
	by := loa.By{Officer: commandLine, At: im.now()}
	whole, err := im.scope(e.ctx, loa.Import{Office: office.ID, Area: office.Anchor})
	if err != nil {
		return err
	}
	if err := im.resume(e.ctx, commandLine); err != nil { // what an earlier command was stopped at
		return err
	}
	id := loa.ImportID(m.Undo)
	if m.Undo != "" {
		if err := db.UndoImport(e.ctx, whole, by, id); err != nil {
			return err
		}
		if err := im.refresh(e.ctx, m.Undo); err != nil {
			return err
		}
		return m.say(c, e, im, id)
	}
	if m.File == "" {
		return loa.Refuse(loa.Invalid, "file", "required")
	}
	raw, err := readFile(m.File)
	if err != nil {
		return err
	}
	i, err := newImport(office, m.What, filepath.Base(m.File), raw)
	if err != nil {
		return err
	}
	sealed, err := sealer.Seal(auth.Place{Office: string(i.Office), Column: "import_file.bytes", Record: string(i.ID)}, string(raw))
	if err != nil {
		return err
	}
	if err := db.StartImport(e.ctx, whole, by, i, sealed); err != nil {
		return err
	}
	if err := im.preview(e.ctx, string(i.ID)); err != nil {
		return err
	}
	read, err := db.ImportByID(e.ctx, i.ID)
	if err != nil {
		return err
	}
	if read.State == loa.ImportFailed {
		return failedFile(read.Error)
	}
	if m.Apply {
		stale, err := db.ApplyImport(e.ctx, whole, by, i.ID)
		if err != nil {
			return err
		}
		if stale {
			return loa.Refuse(loa.Conflict, "", "import_stale")
		}
		if err := im.apply(e.ctx, string(i.ID)); err != nil {
			return err
		}
	}
	return m.say(c, e, im, i.ID)
}

// mostBytes is the largest file the command line reads; sheet has the same bound for its content.
const mostBytes = 100 << 20

func readFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open the file: %w", err)
	}
	defer f.Close()
	raw, err := io.ReadAll(io.LimitReader(f, mostBytes+1))
	if err != nil {
		return nil, fmt.Errorf("read the file: %w", err)
	}
	if len(raw) > mostBytes {
		return nil, loa.Refuse(loa.TooMuch, "file", "file_too_large", "", mostBytes>>20)
	}
	return raw, nil
}

func newImport(office loa.Office, kind, name string, raw []byte) (loa.Import, error) {
	sum := sha256.Sum256(raw)
	return loa.Import{ID: loa.ImportID(loa.NewID()), Office: office.ID, Area: office.Anchor, Kind: kind, FileName: name, SHA256: hex.EncodeToString(sum[:])}, nil
}

// failedFile turns what is kept about a refused file back into a refusal with its place and limit.
func failedFile(kept string) error {
	code, place, limit := loa.SplitReason(kept)
	return loa.Refuse(loa.Invalid, "file", code, place, limit)
}

func (m *importCmd) say(c *cli, e env, im *importer, id loa.ImportID) error {
	i, err := im.db.ImportByID(e.ctx, id)
	if err != nil {
		return err
	}
	res := importCounts{i.ID, i.New, i.Changed, i.Same, i.Conflict, i.Errors}
	c.print(e, res, func() {
		fmt.Fprintln(e.out, c.say("import.counts", i.New, i.Changed, i.Same, i.Conflict, i.Errors))
		fmt.Fprintln(e.out, c.say("import.state."+i.State), i.ID)
	})
	return nil
}
