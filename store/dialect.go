package store

import "database/sql"

// dialect is everything in which the two engines differ.
type dialect struct{ postgres bool }

func (d dialect) readIsolation() sql.IsolationLevel {
	if d.postgres {
		return sql.LevelRepeatableRead
	}
	return sql.LevelDefault
}

// gooseName is the engine's name for the migration tool.
func (d dialect) gooseName() string {
	if d.postgres {
		return "postgres"
	}
	return "sqlite3"
}
