package store

import (
	"context"
	"embed"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/database"

	"loa"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Migrate brings the schema up to this program's version; a database that a restore has not finished with is refused. There is no way down: restore the backup.
func (db *DB) Migrate(ctx context.Context) error {
	half, err := db.halfRestored(ctx)
	if err != nil {
		return err
	}
	if half {
		return loa.Refuse(loa.Conflict, "database", "half_restored")
	}
	return db.migrate(ctx)
}

func (db *DB) migrate(ctx context.Context) error {
	p, err := db.migrator()
	if err != nil {
		return err
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	if err := db.nameOffices(ctx); err != nil {
		return err
	}
	return db.nameWords(ctx)
}

// SchemaVersion is the number of the newest migration applied and of the newest this program knows.
func (db *DB) SchemaVersion(ctx context.Context) (have, want int64, err error) {
	p, err := db.migrator()
	if err != nil {
		return 0, 0, err
	}
	have, want, err = p.GetVersions(ctx)
	if err != nil {
		return 0, 0, fmt.Errorf("read the schema's version: %w", err)
	}
	return have, want, nil
}

func (db *DB) migrator() (*goose.Provider, error) {
	dir, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, fmt.Errorf("open migrations: %w", err)
	}
	p, err := goose.NewProvider(database.Dialect(db.gooseName()), db.write, dir,
		goose.WithAllowOutofOrder(true)) // numbers are given out in ranges: a lower one may be made later
	if err != nil {
		return nil, fmt.Errorf("read migrations: %w", err)
	}
	return p, nil
}
