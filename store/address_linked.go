package store

import (
	"context"
	"database/sql"
	"fmt"

	"loa"
)

// Linked is an address beside the telephone of the register, with the person it is tied to.
type Linked struct {
	To     string
	Person loa.PersonID
	Name   string
	Phone  string
}

// LinkedAddresses are the addresses of a network that are tied to people of the scope, in their own order, behind one of them.
func (db *DB) LinkedAddresses(ctx context.Context, in loa.Scope, network, after string, take int) ([]Linked, error) {
	where, args := inScope(in, "a.path", 4)
	rows, err := db.read.QueryContext(ctx, `SELECT x.address, p.id, p.name, p.phone FROM address x JOIN person p ON p.id = x.person_id JOIN area a ON a.id = p.area_id
		WHERE x.office_id = $1 AND x.network = $2 AND x.address > $3 AND x.person_id <> '' AND `+where+` ORDER BY x.address`+limit(take), append([]any{in.Office, network, after}, args...)...)
	list, err := collect(rows, err, func(r *sql.Rows) (l Linked, err error) { return l, r.Scan(&l.To, &l.Person, &l.Name, &l.Phone) })
	if err != nil {
		return nil, fmt.Errorf("read who is tied to which address: %w", err)
	}
	return list, nil
}
