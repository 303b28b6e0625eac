package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"sync"
	"time"
)

// settler carries SQLite's write-ahead log into the database beside the writer, so that nobody who saves waits for it.
type settler struct {
	pool *sql.DB
	wake chan struct{}
	end  chan struct{}
	done chan struct{}
	gate sync.Mutex // held by whoever writes much, batch by batch
	look sync.Mutex // held while it uses its connection
}

const (
	settlePages = 4_000                  // how far the log may be ahead of the database before it is carried over
	resetPages  = 32_000                 // how long it may be until whoever writes much waits for the rest, so that it begins anew
	settleEvery = 250 * time.Millisecond // how often that is looked at while there is writing
	ownPages    = 64_000                 // past this the writer does it itself: no log grows without end
)

func newSettler(pool *sql.DB) *settler {
	pool.SetMaxOpenConns(1)
	s := &settler{pool: pool, wake: make(chan struct{}, 1), end: make(chan struct{}), done: make(chan struct{})}
	go s.run()
	return s
}

func (s *settler) run() {
	defer close(s.done)
	for {
		select {
		case <-s.end:
			return
		case <-s.wake:
		}
		if log, carried := s.see("NOOP"); log-carried >= settlePages {
			if log, _ = s.see("PASSIVE"); log >= resetPages {
				// The log begins anew only when all of it is carried over, which never happens beside somebody who writes all
				// the time. What came in meanwhile is little: an import waits for it, an officer who saves does not.
				s.gate.Lock()
				s.see("PASSIVE")
				s.gate.Unlock()
			}
		}
		select {
		case <-s.end:
			return
		case <-time.After(settleEvery):
		}
	}
}

// see says how long the log is and how much of it is carried over. PASSIVE carries over what it can first: it waits for nobody
// and keeps nobody waiting; what it could not carry over stays for the next time, so its failing is no failure.
func (s *settler) see(mode string) (log, carried int) {
	s.look.Lock()
	defer s.look.Unlock()
	var busy int
	if s.pool.QueryRowContext(context.Background(), `PRAGMA wal_checkpoint(`+mode+`)`).Scan(&busy, &log, &carried) != nil {
		return 0, 0
	}
	return log, carried
}

// rest lets go of the database until the function it returns is called.
func (s *settler) rest() (wake func()) {
	s.look.Lock()
	s.pool.SetMaxIdleConns(0)
	return func() {
		s.pool.SetMaxIdleConns(1)
		s.look.Unlock()
	}
}

// wrote tells that something was written.
func (s *settler) wrote() {
	if s == nil {
		return
	}
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// bulk is a write transaction among the many of an import. It need not be on the disk when it ends: what makes an import count
// comes after it in the log and takes all that stands before it along. When the power goes, the count of rows done goes with the
// rows.
func (db *DB) bulk(ctx context.Context, fn func(tx *sql.Tx) error) error {
	if db.settler == nil {
		return db.tx(ctx, fn)
	}
	db.settler.gate.Lock()
	defer db.settler.gate.Unlock()
	if db.fast {
		return db.tx(ctx, fn)
	}
	conn, err := db.write.Conn(ctx)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer conn.Close()
	if _, err := conn.ExecContext(ctx, `PRAGMA synchronous = NORMAL`); err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	err = db.txOn(ctx, conn, fn)
	if _, e := conn.ExecContext(context.WithoutCancel(ctx), `PRAGMA synchronous = FULL`); e != nil {
		_ = conn.Raw(func(any) error { return driver.ErrBadConn }) // nobody saves over it any more; the next one is made anew
		err = errors.Join(err, fmt.Errorf("make the database durable again: %w", e))
	}
	return err
}

func (s *settler) close() error {
	if s == nil {
		return nil
	}
	close(s.end)
	<-s.done
	return s.pool.Close()
}
