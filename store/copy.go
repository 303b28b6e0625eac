package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"

	"loa"
)

// bulkInto is a transaction among the many that fill the ledger, with the quickest way each engine has to write many rows: PostgreSQL
// takes them as a stream, which spares both sides a value by value conversation.
func (db *DB) bulkInto(ctx context.Context, fn func(tx *sql.Tx, add func(id loa.BroadcastID, list []loa.Delivery) error) error) error {
	if !db.postgres {
		return db.bulk(ctx, func(tx *sql.Tx) error {
			return fn(tx, func(id loa.BroadcastID, list []loa.Delivery) error { return db.addDeliveries(ctx, tx, id, list) })
		})
	}
	conn, err := db.write.Conn(ctx)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer conn.Close()
	return db.txOn(ctx, conn, func(tx *sql.Tx) error {
		return fn(tx, func(id loa.BroadcastID, list []loa.Delivery) error {
			if len(list) < deliveriesAtOnce {
				return db.addDeliveries(ctx, tx, id, list)
			}
			return copyDeliveries(ctx, tx, conn, id, list, func() error { return db.addDeliveries(ctx, tx, id, list) })
		})
	})
}

// copyDeliveries streams rows into the ledger. A stream knows no ON CONFLICT: should one of them be there already, which takes two
// processes at the same page, otherwise writes them one by one.
func copyDeliveries(ctx context.Context, tx *sql.Tx, conn *sql.Conn, id loa.BroadcastID, list []loa.Delivery, otherwise func() error) error {
	if _, err := tx.ExecContext(ctx, `SAVEPOINT page`); err != nil {
		return fmt.Errorf("queue: %w", err)
	}
	err := conn.Raw(func(c any) error {
		_, err := c.(*stdlib.Conn).Conn().CopyFrom(ctx, pgx.Identifier{"delivery"}, deliveryNames, pgx.CopyFromSlice(len(list), func(i int) ([]any, error) {
			return deliveryValues(make([]any, 0, deliveryWidth), id, &list[i]), nil
		}))
		return err
	})
	var there *pgconn.PgError
	if errors.As(err, &there) && there.Code == "23505" {
		if _, err := tx.ExecContext(ctx, `ROLLBACK TO SAVEPOINT page`); err != nil {
			return fmt.Errorf("queue: %w", err)
		}
		return otherwise()
	}
	if err != nil {
		return fmt.Errorf("queue %d deliveries: %w", len(list), err)
	}
	return nil
}
