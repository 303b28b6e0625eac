package demo

import (
	"fmt"
	"time"

	"loa"
)

// Seal seals a number for one column of one record of an office, and Index is its keyed fingerprint; the demo is handed both, so that what
// it makes can be opened and found like what officers type.
type (
	Seal  func(office, column, record, plain string) ([]byte, error)
	Index func(column, plain string) string
)

// Options say which demo is made.
type Options struct {
	Seed  int64     // another seed: other people, the same figures
	Grace loa.Grace // the payment grace, which decides when somebody has lapsed
	Seal  Seal      // nil: nobody has an ID number
	Index Index
}

// AsOf is the day the demo runs as of: the article does not date its "up to now".
const AsOf loa.Day = "2025-11-30"

// maker is a demo being made.
type maker struct {
	Options
	dice *dice
	ids  *mint
	b    loa.Bulk

	office    loa.Office
	province  loa.AreaID
	unitArea  [lines]loa.AreaID // the communes and, last, the office's own node
	villages  []village
	officers  officers
	segments  map[string]loa.SegmentID
	agents    [lines][]loa.CollectorID
	employers [lines][]int // indexes into b.Employers
	markets   []market
	partners  map[string][]loa.PartnerID

	extra    []extra      // beside b.People, same index
	byUnit   [lines][]int // indexes of people
	adults   [lines][]int // those an officer would talk to
	infants  []int        // people who may have been born during the demo's months
	talks    []talk       // beside b.Sessions, same index
	held     [lines][months + 1][]int
	phones   int
	invites  [][]int               // per village: the sessions planned there
	standing map[int32][]loa.Spell // of the people of those villages, by their place in b.People
	spares   []int                 // people without any insurance, free to be somebody else's double
}

// extra is what the making of a person needs beside the person.
type extra struct {
	unit, village int
	age           int // on AsOf
	track         track
	taken         bool // plays a part in somebody's story already
	gone          bool // died or moved away
}

// track is how somebody comes to health insurance.
type track uint8

const (
	stateTrack track = iota
	employeeTrack
	householdTrack
	noTrack
)

// Make makes the demo.
func Make(o Options) (loa.Bulk, error) {
	m := &maker{Options: o, dice: &dice{state: uint64(o.Seed)*0x9e3779b97f4a7c15 + 1}, segments: map[string]loa.SegmentID{}, partners: map[string][]loa.PartnerID{}}
	m.ids = &mint{dice: &dice{state: uint64(o.Seed) ^ 0x5eed}, at: at(day(0, 1), 8*60)}
	m.dice.next()
	m.makeOffice()
	steps := []func() error{m.makeTerritory, m.makeOfficers, m.makePartners, m.makePeople, m.makeEmployers, m.makeSegments, m.makeMatrices,
		m.makeSessions, m.atEmployers, m.makeCompulsory, m.makeHealth, m.makeVoluntary, m.makeOpenLeads, m.makeAttendances, m.makeQuestions, m.makeContacts,
		m.makeTargets, m.makeParticipation, m.sealNumbers, m.makeSnapshots, m.makeLetters, m.makeStories, m.makeLeaflets, m.makeLinks, m.makeSending}
	for _, step := range steps {
		if err := step(); err != nil {
			return loa.Bulk{}, err
		}
	}
	return m.b, nil
}

func (m *maker) makeOffice() {
	m.province = loa.AreaID(m.ids.id())
	for i := range m.unitArea {
		m.unitArea[i] = loa.AreaID(m.ids.id())
	}
	m.office = loa.Office{ID: loa.OfficeID(m.ids.id()), Name: "BHXH cơ sở Tủa Chùa", ShortName: "Tủa Chùa", Superior: "Bảo hiểm xã hội tỉnh Điện Biên", Place: "Tủa Chùa",
		Symbol: "BHXH-TC", Province: m.province, Anchor: m.unitArea[noCommune], Synthetic: true, AsOf: AsOf, Seed: m.Seed, CreatedAt: at(day(0, 1), 8*60)}
	m.b.Offices = []loa.Office{m.office}
	m.b.TerritoryFrom = "2025-07-01"
}

// fact starts a fact that happened on a day and was written down that evening.
func (m *maker) fact(area loa.AreaID, on loa.Day, by loa.OfficerID) loa.Fact {
	return loa.Fact{ID: loa.FactID(m.ids.id()), Office: m.office.ID, Area: area, HappenedOn: on, RecordedAt: at(on, 17*60), RecordedBy: by}
}

// text100 are the days of a month as two digits.
var text100 = func() (out [32]string) {
	for i := range out {
		out[i] = fmt.Sprintf("%02d", i)
	}
	return out
}()

// monthNames are the months of the demo's calendar as yyyy-mm, from forty years before its first to ten after.
var monthNames = func() (out [601]string) {
	for i := range out {
		out[i] = string(loa.MakeMonth(2023, 11+i-480))
	}
	return out
}()

// day is a day of a month, counted from November 2023.
func day(month, d int) loa.Day { return loa.Day(monthNames[month+480] + "-" + text100[d]) }

// monthOf is the month as the rest of Loa writes it.
func monthOf(month int) loa.Month { return loa.Month(monthNames[month+480]) }

// at is an instant of a day in Việt Nam.
func at(d loa.Day, minute int) time.Time {
	return d.Time().Add(time.Duration(minute)*time.Minute - 7*time.Hour).In(loa.Zone)
}
