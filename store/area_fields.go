package store

import (
	"context"
	"database/sql"
	"strings"

	"loa"
)

// areaFields are the fields of a commune or village that an officer changes.
var areaFields = []field[loa.Area]{
	oneField("name", func(a *loa.Area) *string { return &a.Name }),
	oneField("prefix", func(a *loa.Area) *string { return &a.Prefix }),
	oneField("lat_e5", func(a *loa.Area) *int64 { return &a.LatE5 }),
	oneField("lon_e5", func(a *loa.Area) *int64 { return &a.LonE5 }),
	oneField("travel_dry_min", func(a *loa.Area) *int { return &a.TravelDryMin }),
	oneField("travel_wet_min", func(a *loa.Area) *int { return &a.TravelWetMin }),
	oneField("signal", func(a *loa.Area) *string { return &a.Signal }),
	oneField("loudspeaker", func(a *loa.Area) *string { return &a.Loudspeaker }),
	wordsField("ethnic_groups", func(a *loa.Area) *[]string { return &a.EthnicGroups }),
	wordsField("languages", func(a *loa.Area) *[]string { return &a.Languages }),
	oneField("focal_officer_id", func(a *loa.Area) *loa.OfficerID { return &a.FocalOfficer }),
	oneField("walk_order", func(a *loa.Area) *int { return &a.WalkOrder }),
	oneField("note", func(a *loa.Area) *string { return &a.Note }),
}

// wordsField is a field kept as words in one column.
func wordsField[T any](name string, at func(*T) *[]string) field[T] {
	text := func(row *T) string { return strings.Join(*at(row), " ") }
	return field[T]{
		name: name,
		get:  func(row *T) any { return text(row) },
		copy: func(to, from *T) { *at(to) = *at(from) },
		text: text,
		kept: func(row *T) []keptValue { return []keptValue{{name, text(row)}} },
	}
}

// recordsOf are fields in the form a plain record is saved in.
func recordsOf[T any](columns []field[T], old, now *T) []recordField {
	out := make([]recordField, len(columns))
	for i, c := range columns {
		out[i] = recordField{c.name, c.kept(old)[0].value, c.kept(now)[0].value}
	}
	return out
}

// mergeAliases is mergeFields for the other names, which are kept in rows of their own.
func mergeAliases(ctx context.Context, tx *sql.Tx, id loa.AreaID, read int64, had, mine []string) (names []string, clash []loa.FieldChange, err error) {
	was, err := valuesAt(ctx, tx, string(id), read)
	if err != nil {
		return nil, nil, err
	}
	old, newer := was["aliases"]
	now, form := strings.Join(had, ", "), strings.Join(mine, ", ")
	switch {
	case !newer || now == form:
		return mine, nil, nil
	case old == form:
		return had, nil, nil
	}
	return mine, []loa.FieldChange{{Field: "aliases", Old: now, New: form}}, nil
}
