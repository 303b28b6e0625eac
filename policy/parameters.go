// Package policy answers what the law says on a day. Every figure is a dated row of parameters.json or of the office's own
// rows of the same shape; the code only looks up. It is pure: it never knows a database, a page or a clock.
package policy

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"loa"
)

//go:embed parameters.json
var embedded []byte

// Row is one dated figure with the law behind it. Rows are never edited: a change is a new row.
type Row struct {
	Name      string  `json:"name"`
	From      loa.Day `json:"from"`
	To        loa.Day `json:"to"` // empty: open
	Value     int64   `json:"value"`
	Cites     string  `json:"cites"`
	Source    string  `json:"source"`
	Confirmed bool    `json:"confirmed"` // two independent sources agree
	Approved  bool    `json:"approved"`  // a row that is not approved is shown and never used
}

// Holds says whether the row is in force on a day.
func (r Row) Holds(on loa.Day) bool {
	return r.Approved && r.From <= on && (r.To == "" || on <= r.To)
}

// Parameters is the merged list of rows, by name.
type Parameters map[string][]Row

// Embedded are the rows that came with the program.
func Embedded() (Parameters, error) { return Read(embedded) }

// Read checks a list of rows: every row cites something, and no two approved rows of one name overlap.
func Read(raw []byte) (Parameters, error) {
	var rows []Row
	if err := json.Unmarshal(raw, &rows); err != nil {
		return nil, fmt.Errorf("read policy parameters: %w", err)
	}
	p := Parameters{}
	for _, r := range rows {
		if r.Name == "" || r.Cites == "" || !r.From.Valid() || r.To != "" && (!r.To.Valid() || r.To < r.From) {
			return nil, fmt.Errorf("policy parameter %q from %s is not complete", r.Name, r.From)
		}
		p[r.Name] = append(p[r.Name], r)
	}
	for name, list := range p {
		slices.SortFunc(list, func(a, b Row) int { return strings.Compare(string(a.From), string(b.From)) })
		for i := 1; i < len(list); i++ {
			if a, b := list[i-1], list[i]; a.Approved && b.Approved && (a.To == "" || a.To >= b.From) {
				return nil, fmt.Errorf("policy parameter %s: rows from %s and %s overlap", name, a.From, b.From)
			}
		}
	}
	return p, nil
}

// At is the row of that name in force on a day.
func (p Parameters) At(name string, on loa.Day) (Row, bool) {
	for _, r := range p[name] {
		if r.Holds(on) {
			return r, true
		}
	}
	return Row{}, false
}
