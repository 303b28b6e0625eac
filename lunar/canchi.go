package lunar

// Stems are the ten stems (can), in the order in which days and years take them.
var Stems = [10]string{"Giáp", "Ất", "Bính", "Đinh", "Mậu", "Kỷ", "Canh", "Tân", "Nhâm", "Quý"}

// Branches are the twelve branches (chi); a market on Mão and Dậu days meets on
// the days whose branch is one of two of them.
var Branches = [12]string{"Tý", "Sửu", "Dần", "Mão", "Thìn", "Tỵ", "Ngọ", "Mùi", "Thân", "Dậu", "Tuất", "Hợi"}

// The branches by name, as indexes of Branches.
const (
	Ty = iota // Tý, the rat
	Suu
	Dan
	Mao
	Thin
	Ti // Tỵ, the snake
	Ngo
	Mui
	Than
	Dau
	Tuat
	Hoi
)

// DayName returns the can-chi name of a solar day, such as "Quý Mão", and
// nothing for a day that does not exist. The cycle of days never broke, so it
// has no range.
func DayName(y, m, d int) string {
	if !exists(y, m, d) {
		return ""
	}
	n := dayNumber(y, m, d)
	return Stems[mod(n+9, 10)] + " " + Branches[mod(n+1, 12)]
}

// DayBranch returns the branch of a solar day as an index of Branches, and -1
// for a day that does not exist.
func DayBranch(y, m, d int) int {
	if !exists(y, m, d) {
		return -1
	}
	return mod(dayNumber(y, m, d)+1, 12)
}

// YearName returns the can-chi name of a lunar year.
func YearName(lunarYear int) string {
	return Stems[mod(lunarYear+6, 10)] + " " + Branches[mod(lunarYear+8, 12)]
}

// MonthName returns the can-chi name of a lunar month, and nothing for a month
// that is not one to twelve. A leap month has the name of the month it repeats.
func MonthName(lunarYear, lunarMonth int) string {
	if lunarMonth < 1 || lunarMonth > 12 {
		return ""
	}
	return Stems[mod(12*lunarYear+lunarMonth+3, 10)] + " " + Branches[mod(lunarMonth+1, 12)]
}

func mod(a, b int) int { return ((a % b) + b) % b }
