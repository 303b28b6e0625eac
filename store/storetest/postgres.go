package storetest

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // registers "pgx"

	"loa"
	"loa/store"
)

var said sync.Once

// postgresAddress is the server tests use: the one named by LOA_TEST_POSTGRES, or one started once for the whole run in a
// shared temporary folder, so that packages tested side by side find the same server. Empty when there is none to be had.
var postgresAddress = sync.OnceValue(func() string {
	if a := os.Getenv("LOA_TEST_POSTGRES"); a != "" {
		return a
	}
	a, err := startPostgres()
	if err != nil {
		fmt.Fprintln(os.Stderr, "storetest: PostgreSQL could not be started:", err)
		return ""
	}
	return a
})

// byteOrder is how the databases of Loa sort; otherOrder how Loa must not let them.
const (
	byteOrder  = `LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'`
	otherOrder = `LOCALE_PROVIDER icu ICU_LOCALE 'vi' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'`
)

// postgresDB is a fresh database on the server, dropped at the end of the test.
func postgresDB(t testing.TB, address string) *store.DB {
	t.Helper()
	template, err := migratedDatabase()
	if err != nil {
		t.Fatal(err)
	}
	return open(t, newFrom(t, address, "TEMPLATE "+template))
}

// migratedDatabase is the name of an empty database as the migrations leave it, made once for all tests of a run; the server of the
// run's folder goes with it.
var migratedDatabase = sync.OnceValues(func() (string, error) {
	address, name := postgresAddress(), "loa_template_"+strings.ReplaceAll(loa.NewID(), "-", "")
	admin, err := sql.Open("pgx", address)
	if err != nil {
		return "", err
	}
	defer admin.Close()
	if _, err := admin.ExecContext(context.Background(), `CREATE DATABASE `+name+` TEMPLATE template0 ENCODING 'UTF8' `+byteOrder); err != nil {
		return "", err
	}
	db, err := store.Open(context.Background(), inDatabase(address, name), store.Options{Grace: Grace{}})
	if err != nil {
		return "", err
	}
	return name, db.Close()
})

// Addresses are fresh databases by the address a command opens: a SQLite file, and one on PostgreSQL whenever there is a server.
func Addresses(t testing.TB) map[string]string {
	t.Helper()
	out := map[string]string{"sqlite": t.TempDir() + "/loa.db"}
	if a := postgresAddress(); a != "" {
		out["postgres"] = newPostgres(t, a, byteOrder)
	} else {
		leftOut()
	}
	return out
}

// OtherOrder is the address of a PostgreSQL database that does not sort by bytes; empty when there is no PostgreSQL.
func OtherOrder(t testing.TB) string {
	t.Helper()
	if !HasPostgres() {
		return ""
	}
	return newPostgres(t, postgresAddress(), otherOrder)
}

func newPostgres(t testing.TB, address, order string) string {
	t.Helper()
	return newFrom(t, address, `TEMPLATE template0 ENCODING 'UTF8' `+order)
}

func newFrom(t testing.TB, address, how string) string {
	t.Helper()
	name := "loa_" + strings.ReplaceAll(loa.NewID(), "-", "")
	do := func(q string) error {
		admin, err := sql.Open("pgx", address)
		if err != nil {
			return err
		}
		defer admin.Close()
		_, err = admin.ExecContext(context.Background(), q)
		return err
	}
	if err := do(`CREATE DATABASE ` + name + ` ` + how); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := do(`DROP DATABASE ` + name + ` WITH (FORCE)`); err != nil {
			t.Error(err)
		}
	})
	return inDatabase(address, name)
}

// Postgres is a fresh database on PostgreSQL, or empty when there is none; benchmarks use it.
func Postgres(t testing.TB) *store.DB {
	t.Helper()
	if a := postgresAddress(); a != "" {
		return postgresDB(t, a)
	}
	leftOut()
	return nil
}

// KeptPostgres is the address of a database of a fixed name, made when it is not there; keep leaves it for the next run.
// Empty when there is no PostgreSQL to be had. Benchmarks use it for data that takes minutes to make.
func KeptPostgres(t testing.TB, name string, keep bool) string {
	t.Helper()
	address := postgresAddress()
	if address == "" {
		leftOut()
		return ""
	}
	do := func(q string) error {
		admin, err := sql.Open("pgx", address)
		if err != nil {
			return err
		}
		defer admin.Close()
		_, err = admin.ExecContext(context.Background(), q)
		return err
	}
	drop := `DROP DATABASE IF EXISTS ` + name + ` WITH (FORCE)`
	if !keep {
		if err := do(drop); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := do(drop); err != nil {
				t.Error(err)
			}
		})
	}
	err := do(`CREATE DATABASE ` + name + ` TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'`)
	if err != nil && !(keep && strings.Contains(err.Error(), "already exists")) {
		t.Fatal(err)
	}
	return inDatabase(address, name)
}

func inDatabase(address, name string) string {
	head, query, _ := strings.Cut(address, "?")
	head = head[:strings.LastIndex(head, "/")+1] + name
	if query != "" {
		head += "?" + query
	}
	return head
}

// startPostgres makes and starts a throw-away server as an unprivileged user (PostgreSQL refuses root). It listens on a
// socket in its own folder alone and stays for the next run; "make stop-postgres" ends it.
func startPostgres() (string, error) {
	bin := findPostgres()
	if bin == "" {
		return "", fmt.Errorf("not installed")
	}
	dir := filepath.Join(os.TempDir(), "loa-test-postgres-"+strconv.Itoa(os.Getuid()))
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	lock, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return "", err
	}
	defer lock.Close()
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX); err != nil {
		return "", err
	}
	address := "postgres://postgres@/postgres?host=" + dir
	if reachable(address) {
		return address, nil
	}
	as, err := unprivileged(dir)
	if err != nil {
		return "", err
	}
	data := filepath.Join(dir, "data")
	os.RemoveAll(data)
	run := func(name string, args ...string) error {
		cmd := exec.Command(filepath.Join(bin, name), args...)
		cmd.SysProcAttr = as
		cmd.Dir = dir
		out, err := cmd.CombinedOutput()
		if err != nil {
			return fmt.Errorf("%s: %w: %s", name, err, out)
		}
		return nil
	}
	if err := run("initdb", "-D", data, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"); err != nil {
		return "", err
	}
	opts := "-c listen_addresses='' -c unix_socket_directories='" + dir + "' -c fsync=off -c full_page_writes=off -c synchronous_commit=off -c max_connections=300 -c shared_buffers=256MB"
	if err := run("pg_ctl", "-D", data, "-w", "-t", "60", "-l", filepath.Join(dir, "log"), "-o", opts, "start"); err != nil {
		return "", err
	}
	return address, nil
}

func reachable(address string) bool {
	db, err := sql.Open("pgx", address)
	if err != nil {
		return false
	}
	defer db.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	return db.PingContext(ctx) == nil
}

func findPostgres() string {
	if p, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(p)
	}
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb") // the pattern is fixed and well formed
	if len(found) == 0 {
		return ""
	}
	return filepath.Dir(found[len(found)-1])
}

// unprivileged gives the folder to the system's own postgres user when the tests run as root.
func unprivileged(dir string) (*syscall.SysProcAttr, error) {
	if os.Getuid() != 0 {
		return nil, nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		if u, err = user.Lookup("nobody"); err != nil {
			return nil, err
		}
	}
	uid, _ := strconv.Atoi(u.Uid)
	gid, _ := strconv.Atoi(u.Gid)
	if err := os.Chown(dir, uid, gid); err != nil {
		return nil, err
	}
	return &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}, nil
}

// Template is the address of the empty database that tests copy; empty when there is no PostgreSQL.
func Template() (string, error) {
	if postgresAddress() == "" {
		return "", nil
	}
	name, err := migratedDatabase()
	return inDatabase(postgresAddress(), name), err
}
