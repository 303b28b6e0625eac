package lunar

// march1 is the Julian day number of 1 March of year 0. Years are counted from
// March here, so that the leap day comes last.
const march1 = 1721120

// dayNumber returns the Julian day number of a day of the solar calendar.
func dayNumber(y, m, d int) int {
	if m <= 2 {
		y, m = y-1, m+12
	}
	return 365*y + floorDiv(y, 4) - floorDiv(y, 100) + floorDiv(y, 400) + (153*(m-3)+2)/5 + d - 1 + march1
}

// solarDay is dayNumber the other way round.
func solarDay(number int) (y, m, d int) {
	days := number - march1
	era := floorDiv(days, 146097)
	in := days - era*146097
	year := (in - in/1460 + in/36524 - in/146096) / 365
	in -= 365*year + year/4 - year/100
	month := (5*in + 2) / 153
	y, m, d = 400*era+year, month+3, in-(153*month+2)/5+1
	if m > 12 {
		y, m = y+1, m-12
	}
	return y, m, d
}

func exists(y, m, d int) bool {
	if m < 1 || m > 12 || d < 1 || d > 31 {
		return false
	}
	yy, mm, dd := solarDay(dayNumber(y, m, d))
	return y == yy && m == mm && d == dd
}

func floorDiv(a, b int) int {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}
