package matching

import (
	"loa"
	"loa/vn"
)

// Record is what is compared of a person. The index values are blind: equal when the numbers behind them are.
type Record struct {
	ID            loa.PersonID
	Name          string
	BornYear      int
	BornOn        loa.Day
	Sex           loa.Sex
	Area          loa.AreaID
	Commune       loa.AreaID
	Household     loa.HouseholdID
	Phone         string
	PhoneShared   bool
	NationalIndex string
	SIIndex       string
}

// Reason is one thing that speaks for or against two records being one human.
type Reason struct {
	Code   string
	Points int
}

// Possible is the score from which a pair may be looked at, Likely the one from which it should be; Certain is an equal number on
// both.
const (
	Possible = 40
	Likely   = 60
	Certain  = 100
)

// Score adds up what speaks for and against, and tells it in codes, the weightiest kind first.
func Score(a, b Record) (int, []Reason) {
	var out []Reason
	add := func(yes bool, code string, points int) {
		if yes {
			out = append(out, Reason{code, points})
		}
	}
	numbers(a, b, add)
	add(vn.Fold(a.Name) == vn.Fold(b.Name), "same_name", 35)
	add(vn.Fold(a.Name) != vn.Fold(b.Name) && vn.SoundKey(a.Name) == vn.SoundKey(b.Name), "same_sound", 30)
	birth(a, b, add)
	add(a.Area == b.Area && a.Area != "", "same_village", 15)
	add(a.Area != b.Area && a.Commune == b.Commune && a.Commune != "", "same_commune", 5)
	add(a.Household == b.Household && a.Household != "", "same_household", 10)
	add(a.Phone == b.Phone && a.Phone != "" && !a.PhoneShared && !b.PhoneShared, "same_phone", 20)
	add(a.Phone == b.Phone && a.Phone != "" && (a.PhoneShared || b.PhoneShared), "shared_phone", 5)
	add(a.Sex != b.Sex && a.Sex != "" && b.Sex != "", "other_sex", -40)
	sum := 0
	for _, r := range out {
		sum += r.Points
	}
	return max(0, min(sum, 100)), out
}

func numbers(a, b Record, add func(bool, string, int)) {
	add(a.NationalIndex == b.NationalIndex && a.NationalIndex != "", "same_national_id", Certain)
	add(a.SIIndex == b.SIIndex && a.SIIndex != "", "same_si_number", Certain)
	add(a.NationalIndex != b.NationalIndex && a.NationalIndex != "" && b.NationalIndex != "", "other_national_id", -60)
	add(a.SIIndex != b.SIIndex && a.SIIndex != "" && b.SIIndex != "", "other_si_number", -30)
}

// birth weighs the dates: a full date is rare to share, a year is not, and two full dates that differ speak against.
func birth(a, b Record, add func(bool, string, int)) {
	full := a.BornOn != "" && b.BornOn != ""
	known := a.BornYear != 0 && b.BornYear != 0
	apart := a.BornYear - b.BornYear
	switch {
	case full && a.BornOn == b.BornOn:
		add(true, "same_birthday", 30)
	case known && apart == 0:
		add(true, "same_born_year", 15)
		add(full, "other_birthday", -20)
	case known && (apart == 1 || apart == -1):
		add(true, "near_born_year", 8)
		add(full, "other_birthday", -20)
	case known:
		add(true, "other_born_year", -40)
	}
}
