package loa

import "time"

// Login is one signed-in browser. The token itself is only in the browser's cookie; what is kept is its hash.
type Login struct {
	Hash      string
	Officer   OfficerID
	Data      []byte // what the login remembers: the office and commune chosen in the top bar
	Agent     string // how the browser names itself, so that an officer recognises it
	MadeAt    time.Time
	SeenAt    time.Time
	ExpiresAt time.Time
}

// How long a login lives: a working day in all, and a night without a click ends it.
const (
	LoginLife = 12 * time.Hour
	LoginIdle = 8 * time.Hour
)

// Holds says whether the login still signs somebody in.
func (l Login) Holds(now time.Time) bool {
	return now.Before(l.ExpiresAt) && now.Sub(l.SeenAt) < LoginIdle
}
