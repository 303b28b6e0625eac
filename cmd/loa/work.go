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

// keptBackups is how many daily copies stay in the data folder; more go to another disk, which is the operator's to arrange.
const keptBackups = 14

// daily is the care no officer has to think of: a backup a day, old logins, what imports leave behind. It is asked for every hour,
// because many offices switch their computer off at night; what was done today is not done again.
func (s *site) daily(ctx context.Context) error {
	by := loa.By{At: s.now()}
	errs := []error{s.db.SweepLogins(ctx, by.At), s.db.ForgetUndone(ctx, by), s.db.ForgetFiles(ctx, by), s.db.SweepNotices(ctx, by.At), s.db.ForgetVisitors(ctx, by.Day())}
	today, err := filepath.Glob(filepath.Join(s.cli.Data, "backups", "loa-"+by.At.In(loa.Zone).Format("20060102")+"-*.backup"))
	if err == nil && len(today) == 0 {
		_, err = s.backup(ctx)
	}
	errs = append(errs, err, s.dropOldBackups())
	if s.accounts != nil {
		errs = append(errs, checkAccounts(ctx, s.db, s.accounts.OpenHeld, s.now))
	}
	return errors.Join(errs...)
}

func (s *site) dropOldBackups() error {
	dir := filepath.Join(s.cli.Data, "backups")
	entries, err := os.ReadDir(dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
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
