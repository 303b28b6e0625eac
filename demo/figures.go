package demo

// The months of the demo: 0 is November 2023, whose end is the first official count, 24 is November 2025. All tables below
// run over months 1 to 24 (December 2023 to November 2025); 2025 begins with month 14.
const (
	months     = 24
	firstOf25  = 14
	lastOf24   = 13 // December 2024
	yearBefore = 12 // November 2024
)

// The lines of every breakdown: the five communes and, last, the villages whose commune the article does not state.
const (
	tuaChua = iota
	sinhPhinh
	sangNhe
	tuaThang
	sinChai
	noCommune
	lines
)

// Figures of the founding article; the other numbers of this file are invented around them, so that the books close.
const (
	conferences25  = 81
	smallGroups25  = 139
	heads25        = 4785
	hiAtEnd        = 73700
	hiYearBefore   = 72888
	peopleInAll    = 76040
	compulsoryPlan = 2925
	hiPlan         = 73553
	voluntaryPlan  = 1320
	householdPlan  = 2600
)

// residents are how many live in each line; together peopleInAll.
var residents = []int{19400, 14000, 15900, 11600, 14000, 1140}

// voluntary SI: who came and went in each month. 2025 adds up to 738 joined, 96 returned, 604 lapsed and 143 left, and carries
// 1,168 to 1,255; 2024 ends at 1,168 in November and in December. Who returns in 2025 lapsed in 2025.
var (
	voluntaryJoined   = [months + 1]int{0, 50, 40, 36, 52, 55, 80, 60, 50, 56, 60, 62, 70, 9, 48, 45, 66, 68, 98, 74, 61, 70, 76, 79, 53}
	voluntaryReturned = [months + 1]int{0, 4, 5, 4, 6, 6, 8, 7, 6, 6, 7, 7, 6, 0, 0, 7, 9, 13, 12, 10, 8, 10, 14, 11, 2}
	voluntaryLapsed   = [months + 1]int{0, 40, 34, 40, 44, 44, 57, 53, 46, 47, 49, 51, 52, 0, 52, 49, 54, 59, 66, 64, 59, 58, 65, 62, 16}
	voluntaryLeft     = [months + 1]int{0, 9, 8, 9, 10, 10, 12, 12, 11, 11, 12, 12, 12, 9, 14, 12, 13, 13, 15, 15, 14, 14, 14, 14, 5}

	// The same by line: where it stood at the end of 2024 and what 2025 brought.
	voluntaryEnd24      = []int{371, 241, 226, 162, 153, 15}
	voluntaryJoined25   = []int{228, 162, 131, 108, 98, 11}
	voluntaryReturned25 = []int{31, 19, 17, 14, 13, 2}
	voluntaryLapsed25   = []int{184, 127, 117, 86, 83, 7}
	voluntaryLeft25     = []int{44, 27, 26, 22, 22, 2}

	// quietDecember is who joined and who left in December 2024, by line: as many, so that the stock stands still.
	quietDecember = []int{3, 2, 2, 1, 1, 0}
)

// renewals is how many of a line are due at the end, by when their cover ends: within 7 days (some let it pass already), within
// 30 and within 60.
type renewals struct{ passed, week, month, later int }

var voluntaryDue = [lines]renewals{tuaChua: {3, 3, 8, 5}, sinhPhinh: {2, 2, 5, 2}, sangNhe: {1, 2, 5, 4}, tuaThang: {1, 1, 4, 3}, sinChai: {1, 0, 4, 8}}

// household HI: 2,240 in November 2023, 2,356 a year later, 2,468 at the end; what lapses follows from the three rows.
const householdAtStart = 2240

var (
	householdGrowth   = [months + 1]int{0, 10, 8, 6, 9, 10, 12, 10, 9, 10, 12, 11, 9, 8, 8, 7, 10, 11, 14, 12, 9, 11, 10, 11, 1}
	householdJoined   = [months + 1]int{0, 18, 15, 12, 16, 18, 22, 19, 17, 18, 20, 19, 14, 15, 14, 13, 17, 18, 24, 20, 17, 19, 18, 21, 4}
	householdReturned = [months + 1]int{0, 0, 0, 1, 1, 1, 2, 1, 1, 1, 1, 1, 1, 1, 1, 2, 1, 1, 2, 1, 1, 2, 1, 1, 1}
)

// compulsory SI: 2,905 in November 2023, 2,961 a year later, 3,022 at the end.
const compulsoryAtStart = 2905

var (
	compulsoryGrowth = [months + 1]int{0, 6, 2, -4, 3, 5, 8, 7, 4, 12, 9, 3, 1, 0, 3, -3, 4, 6, 9, 8, 5, 13, 10, 4, 2}
	compulsoryLeft   = [months + 1]int{0, 9, 8, 12, 8, 9, 8, 10, 9, 8, 9, 8, 11, 12, 9, 13, 9, 10, 9, 10, 9, 9, 10, 9, 11}
	compulsoryShare  = []int{1420, 430, 470, 330, 360, 12}
)

// notInUnemployment are workers whose employers pay no unemployment insurance.
const notInUnemployment = 175

// HI as a whole: growth by month; the State's cards for the newborn make up what the other groups do not.
var (
	hiGrowth24 = []int{66, 60, 52, 64, 66, 74, 70, 66, 74, 72, 66, 62} // December 2023 to November 2024
	hiGrowth25 = []int{60, 62, 54, 66, 68, 78, 74, 66, 78, 76, 70, 60} // December 2024 to November 2025
	stateLeft  = [months + 1]int{0, 18, 20, 22, 17, 16, 18, 19, 17, 18, 20, 19, 21, 20, 22, 24, 18, 17, 18, 19, 18, 19, 21, 20, 19}
)

// Conferences and small groups held; 2025 adds up to the article's 81 and 139.
var (
	conferences = [months + 1]int{0, 4, 4, 3, 6, 6, 9, 6, 5, 6, 6, 7, 10, 5, 5, 4, 7, 7, 11, 7, 6, 7, 7, 8, 12}
	smallGroups = [months + 1]int{0, 7, 7, 6, 9, 10, 14, 10, 9, 10, 11, 12, 16, 8, 9, 7, 12, 12, 17, 12, 11, 12, 13, 14, 20}
)

// employersInAll is how many units pay compulsory SI for their workers.
const employersInAll = 184
