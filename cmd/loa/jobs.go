package main

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"

	"loa/store"
)

// jobArgs is one piece of background work; the work itself is looked up by its kind.
type jobArgs struct {
	What string `json:"what"`
	ID   string `json:"id"`
}

// Kind names the one queue Loa uses: jobs are few and batch-sized.
func (jobArgs) Kind() string { return "loa" }

// work is what each kind of job does.
type work map[string]func(ctx context.Context, id string) error

type worker struct {
	river.WorkerDefaults[jobArgs]
	work work
	log  *slog.Logger
}

// Work runs a job; an error is logged once here and the queue tries again later.
func (w *worker) Work(ctx context.Context, job *river.Job[jobArgs]) error {
	fn, ok := w.work[job.Args.What]
	if !ok {
		return river.JobCancel(fmt.Errorf("no such work: %s", job.Args.What))
	}
	if err := fn(ctx, job.Args.ID); err != nil {
		w.log.Error("job failed", "what", job.Args.What, "id", job.Args.ID, "try", job.Attempt, "error", err)
		return err
	}
	return nil
}

// longestJob is how long one job may take: an import of 200,000 rows is one.
const longestJob = 20 * time.Minute

// Timeout ends a job that hangs.
func (w *worker) Timeout(*river.Job[jobArgs]) time.Duration { return longestJob }

// freeJobs gives back what a killed process was working on. A SQLite file belongs to one process, so whatever runs in it as this
// one starts, runs nowhere; on PostgreSQL another process may be at work, and the queue itself waits longestJob before it decides.
func freeJobs(ctx context.Context, db *store.DB) error {
	if db.Postgres() {
		return nil
	}
	if _, err := db.Writer().ExecContext(ctx, `UPDATE river_job SET state = 'available' WHERE state = 'running'`); err != nil {
		return fmt.Errorf("free the jobs of a killed process: %w", err)
	}
	return nil
}

// migrateJobs makes the queue's own tables.
func migrateJobs(ctx context.Context, db *store.DB) error {
	return withDriver(db, func(d riverdriver.Driver[*sql.Tx]) error {
		m, err := rivermigrate.New(d, &rivermigrate.Config{Logger: slog.New(slog.DiscardHandler)})
		if err != nil {
			return fmt.Errorf("prepare the job queue: %w", err)
		}
		if _, err := m.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
			return fmt.Errorf("make the job queue: %w", err)
		}
		return nil
	})
}

// withDriver hands over the queue's driver for the engine; both work on *sql.Tx, so a job is enqueued in the transaction of
// the change that asks for it.
func withDriver(db *store.DB, fn func(riverdriver.Driver[*sql.Tx]) error) error {
	if db.Postgres() {
		return fn(riverdatabasesql.New(db.Writer()))
	}
	return fn(riversqlite.New(db.Writer()))
}

// startJobs starts the queue and lets the store enqueue into it; stop waits for the batch under way.
func startJobs(ctx context.Context, db *store.DB, w work, log *slog.Logger, daily func(context.Context) error) (stop func(), err error) {
	if err := migrateJobs(ctx, db); err != nil {
		return nil, err
	}
	if err := freeJobs(ctx, db); err != nil {
		return nil, err
	}
	workers := river.NewWorkers()
	w["daily"] = func(ctx context.Context, _ string) error { return daily(ctx) }
	river.AddWorker(workers, &worker{work: w, log: log})
	config := &river.Config{
		Workers:           workers,
		Queues:            map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: 2}},
		Logger:            slog.New(slog.DiscardHandler), // what fails is logged by the worker, in our words
		FetchPollInterval: 500 * time.Millisecond,
		JobTimeout:        longestJob, RescueStuckJobsAfter: longestJob + 5*time.Minute,
		PeriodicJobs: []*river.PeriodicJob{river.NewPeriodicJob(river.PeriodicInterval(time.Hour),
			func() (river.JobArgs, *river.InsertOpts) { return jobArgs{What: "daily"}, nil }, nil)},
	}
	var client *river.Client[*sql.Tx]
	err = withDriver(db, func(d riverdriver.Driver[*sql.Tx]) error {
		client, err = river.NewClient(d, config)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("start the job queue: %w", err)
	}
	db.OnEnqueue(func(ctx context.Context, tx *sql.Tx, job store.Job) error {
		_, err := client.InsertTx(ctx, tx, jobArgs{What: job.Kind, ID: job.ID}, nil)
		return err
	})
	if err := client.Start(ctx); err != nil {
		return nil, fmt.Errorf("start the job queue: %w", err)
	}
	return func() {
		end, cancel := context.WithTimeout(context.WithoutCancel(ctx), 20*time.Second)
		defer cancel()
		if err := client.Stop(end); err != nil {
			log.Error("stop the job queue", "error", err)
		}
	}, nil
}
