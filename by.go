package loa

import "time"

// By is who does something and when, handed into every write so that the store never asks a clock.
type By struct {
	Officer OfficerID
	At      time.Time
}

// Day is the day of the act in Việt Nam.
func (b By) Day() Day { return DayOf(b.At) }
