package store

import (
	"context"
	"database/sql"
	"os"
	"time"
)

// settler carries SQLite's write-ahead log into the database beside the writer, so that nobody who saves waits for it.
type settler struct {
	pool *sql.DB
	log  string
	wake chan struct{}
	end  chan struct{}
	done chan struct{}
}

const (
	settleBytes = 8 << 20                // how long the log may grow before it is carried over
	settleEvery = 250 * time.Millisecond // and how often that is looked at while there is writing
	settlePages = 32_000                 // past this the writer does it itself: no log grows without end
)

func newSettler(pool *sql.DB, path string) *settler {
	pool.SetMaxOpenConns(1)
	s := &settler{pool: pool, log: path + "-wal", wake: make(chan struct{}, 1), end: make(chan struct{}), done: make(chan struct{})}
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
		if f, err := os.Stat(s.log); err == nil && f.Size() >= settleBytes {
			// PASSIVE waits for nobody and keeps nobody waiting; what it could not carry over stays for the next time, so its
			// failing is no failure.
			_, _ = s.pool.ExecContext(context.Background(), `PRAGMA wal_checkpoint(PASSIVE)`)
		}
		select {
		case <-s.end:
			return
		case <-time.After(settleEvery):
		}
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

func (s *settler) close() error {
	if s == nil {
		return nil
	}
	close(s.end)
	<-s.done
	return s.pool.Close()
}
