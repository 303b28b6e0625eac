package lunar

import (
	"math"
	"sync"
)

// month is one lunar month, known by the Julian day number of its first day.
type month struct {
	first        int
	year, number int
	leap         bool
}

const (
	firstYear = 1976 // solar years served
	lastYear  = 2053
)

// months lists in order, from December 1975, every lunar month that touches the
// years served; those of 2054 only close the list. It is reckoned once.
var months = sync.OnceValue(func() []month {
	var list []month
	for y := firstYear - 1; y <= lastYear; y++ {
		list = append(list, span(y)...)
	}
	return list
})

// span lists the months from the one that holds the winter solstice of a solar
// year, which is month 11, up to the next such month.
func span(solarYear int) []month {
	k := solsticeMoon(solarYear)
	length := solsticeMoon(solarYear+1) - k
	list := make([]month, 0, 13)
	number, year, leapGiven := 11, solarYear, false
	for i := range length {
		first := moonDay(k + i)
		leap := length == 13 && !leapGiven && i > 0 && !hasPrincipalTerm(first, moonDay(k+i+1))
		switch {
		case leap:
			leapGiven = true
		case i > 0:
			if number++; number == 13 {
				number, year = 1, solarYear+1
			}
		}
		list = append(list, month{first: first, year: year, number: number, leap: leap})
	}
	return list
}

// solsticeMoon numbers the last new moon on or before the day of the winter
// solstice of a solar year.
func solsticeMoon(solarYear int) int {
	end := dayNumber(solarYear, 12, 31)
	k := int(math.Floor((float64(end) - firstNew) / synodic))
	for moonDay(k+1) <= end {
		k++
	}
	for moonDay(k) > end {
		k--
	}
	// the month holding 31 December starts after the solstice or holds it
	if sector(moonDay(k)) >= 9 {
		k--
	}
	return k
}

// hasPrincipalTerm says whether the sun enters a new twelfth of its circle on
// one of the days from first up to the day before next.
func hasPrincipalTerm(first, next int) bool { return sector(first) != sector(next) }

// sector is the twelfth of its circle in which the sun stands when a day begins
// in Việt Nam; the winter solstice begins sector 9.
func sector(day int) int { return int(sunLongitude(float64(day)-0.5) / 30) }

// moonDay is the day on which the k-th new moon falls in Việt Nam.
func moonDay(k int) int { return int(math.Floor(newMoon(k) + 0.5)) }
