package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"loa"
	"loa/web"
)

// importer is the worker of imports behind the web.
func (s *site) importer(log *slog.Logger) *importer {
	return &importer{db: s.db, sealer: s.sealer, now: s.now, log: log}
}

// work is what each kind of job does.
func (s *site) work(log *slog.Logger) work {
	im := s.importer(log)
	compare := web.Comparer{DB: s.db, Sealer: s.sealer, Now: s.now}
	return work{"import_preview": im.preview, "import_apply": im.apply, "import_refresh": im.refresh, "reconcile": compare.Compare}
}

// keptBackups is how many nightly copies stay in the data folder; more go to another disk, which is the operator's to arrange.
const keptBackups = 14

// nightly is the care no officer has to think of: a backup, old logins, what undone imports left behind.
func (s *site) nightly(ctx context.Context) error {
	if _, err := s.backup(ctx); err != nil {
		return err
	}
	return errors.Join(s.dropOldBackups(), s.db.SweepLogins(ctx, s.now()), s.db.ForgetUndone(ctx, loa.By{At: s.now()}))
}

func (s *site) dropOldBackups() error {
	dir := filepath.Join(s.cli.Data, "backups")
	entries, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("list the backups: %w", err)
	}
	var names []string
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), "loa-") && strings.HasSuffix(e.Name(), ".backup") {
			names = append(names, e.Name())
		}
	}
	sort.Strings(names) // by the moment they are named after
	for len(names) > keptBackups {
		if err := os.Remove(filepath.Join(dir, names[0])); err != nil {
			return fmt.Errorf("drop an old backup: %w", err)
		}
		names = names[1:]
	}
	return nil
}
