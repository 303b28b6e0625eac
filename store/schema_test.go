package store_test

import (
	"context"
	"errors"
	"flag"
	"os"
	"regexp"
	"strings"
	"testing"

	"loa/store"
	"loa/store/storetest"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestSchemaFile keeps testdata/schema.sql what the migrations make, so that the present schema can be read in one file.
func TestSchemaFile(t *testing.T) {
	db := storetest.SQLite(t)
	rows, err := db.Writer().Query(`SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'goose_%'
		ORDER BY CASE type WHEN 'table' THEN name ELSE tbl_name END, CASE type WHEN 'table' THEN 0 WHEN 'index' THEN 1 ELSE 2 END, name`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var b strings.Builder
	b.WriteString("-- Generated from store/migrations by go test ./store -run SchemaFile -update. Never edited by hand, never run.\n")
	for rows.Next() {
		var q string
		if err := rows.Scan(&q); err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(q, "CREATE TABLE") || strings.HasPrefix(q, "CREATE VIEW") {
			b.WriteByte('\n')
		}
		b.WriteString(strings.TrimSpace(q) + ";\n")
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	const file = "testdata/schema.sql"
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(kept) != b.String() {
		t.Errorf("%s is not what the migrations make; run go test ./store -run SchemaFile -update", file)
	}
}

// TestMigrationsAreOneText: one file for both engines, and no way down but the backup.
func TestMigrationsAreOneText(t *testing.T) {
	entries, err := os.ReadDir("migrations")
	if err != nil {
		t.Fatal(err)
	}
	name := regexp.MustCompile(`^\d{4}_[a-z0-9_]+(\.(sqlite|postgres))?\.sql$`)
	for _, e := range entries {
		raw, err := os.ReadFile("migrations/" + e.Name())
		if err != nil {
			t.Fatal(err)
		}
		if !name.MatchString(e.Name()) || !strings.Contains(string(raw), "-- +goose Up\n") || strings.Contains(string(raw), "+goose Down") {
			t.Errorf("%s: its name is not that of a migration, or it has no way up, or one down", e.Name())
		}
	}
}

func TestPostgresMustSortByBytes(t *testing.T) {
	address := storetest.OtherOrder(t)
	if address == "" {
		t.Skip("no PostgreSQL; make test brings it")
	}
	_, err := store.Open(context.Background(), address, store.Options{})
	if !errors.Is(err, store.ErrOrder) || !strings.Contains(err.Error(), "CREATE DATABASE loa TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'") {
		t.Errorf("a database in another order answers %v", err)
	}
}
