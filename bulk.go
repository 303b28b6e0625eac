package loa

import "time"

// Bulk is a whole office at once, or a large part of one, as the demo and the tests make it. What belongs together stands in
// one Bulk: the store derives spells, name words and area paths from it in memory, row by row no SQL could do as fast.
type Bulk struct {
	By             By // who makes it and when
	Offices        []Office
	Areas          []Area // a path left empty is made from the parents that hold without end
	Codes          []AreaCode
	Parents        []AreaParent
	Aliases        []AreaAlias
	Figures        []AreaFigure
	OfficeAreas    []OfficeArea
	Influencers    []Influencer
	Markets        []Market
	Festivals      []FestivalDay
	Officers       []BulkOfficer
	Grants         []Grant
	Households     []Household
	People         []Person
	Contributions  []Contribution
	Leavings       []Leaving
	Consents       []Consent
	Segments       []Segment
	Matrices       []Matrix
	Sessions       []Session
	Snapshots      []Snapshot // segments frozen for those sessions
	Letters        []BulkLetter
	Attendances    []Attendance
	Visits         []Visit
	Questions      []Question
	Answers        []Answer
	Leads          []Lead
	Steps          []EnrolmentStep
	Partners       []Partner
	Collectors     []Collector // their areas hold from the day below
	Employers      []Employer
	Targets        []Target
	Participations []Participation
	Stories        []Story
	StoryUses      []StoryUse // of those stories
	Scripts        []Script
	Clips          []Clip // with their bytes
	Prices         []PriceItem
	LeafletRuns    []LeafletRun
	Leaflets       []Leaflet // of those printings
	LeafletsHanded []BulkHanded
	Links          []Link // of those leaflets and of officers
	LinkVisits     []BulkVisits
	Askers         []BulkAsker // of questions above
	Channels       []Channel   // their settings sealed already
	Addresses      []BulkAddress
	Broadcasts     []Broadcast
	Deliveries     []Delivery // of those broadcasts; who failed has fallen to the next rung already
	Stations       []Station
	Plays          []Play // behind those deliveries; what was played is counted for the villages in earshot
	TerritoryFrom  Day    // since when the collectors have their areas
}

// BulkAddress is a way to somebody beside the telephone of the register, or what is known of a number.
type BulkAddress struct {
	Office     OfficeID
	Network    string
	To         string
	Person     PersonID // empty where nobody is tied to it
	Consent    FactID   // under which they were tied
	LinkedAt   time.Time
	OptedOutAt time.Time
	OptedHow   string
	BadAt      time.Time
	BadCode    string
}

// BulkHanded is how many sheets of a leaflet went out at a session.
type BulkHanded struct {
	ID      string
	Leaflet LeafletID
	Session SessionID
	N       int
	At      time.Time
	By      OfficerID
}

// BulkVisits is how often a link was opened on a day, and from how many browsers.
type BulkVisits struct {
	Link   LinkID
	On     Day
	N      int
	People int
}

// AreaAlias is another name people use for an area.
type AreaAlias struct {
	Area AreaID
	Name string
}

// OfficeArea says from when to when an office answers for an area.
type OfficeArea struct {
	Office   OfficeID
	Area     AreaID
	From, To Day
}

// BulkLetter is a numbered letter to a partner of a session.
type BulkLetter struct {
	Session SessionID
	Partner PartnerID
	No      int64
	On      Day
	Token   string // the secret of the page the partner may open
	SaidYes Day
}

// BulkAsker is who asked through a public page, with the words agreed to.
type BulkAsker struct {
	Asker
	Agreed string // the text of the version named in Consent
}

// BulkOfficer is an officer with what lets them in.
type BulkOfficer struct {
	Officer
	PasswordHash string
	DemoToken    string // works only where the office is marked synthetic
}

// Paths gives every area of the present tree its path: one step per level, ending in "/". The office's own node stands under
// the province behind a "~", so that it sorts after all communes. Paths already given stay; known are those of parents that
// are not in the Bulk.
func (b *Bulk) Paths(known map[AreaID]string) {
	index := make(map[AreaID]int, len(b.Areas))
	for i, a := range b.Areas {
		index[a.ID] = i
	}
	parent := map[AreaID]AreaID{}
	for _, p := range b.Parents {
		if p.To == OpenEnd {
			parent[p.Area] = p.Parent
		}
	}
	var path func(id AreaID, depth int) string
	path = func(id AreaID, depth int) string {
		i, here := index[id]
		if !here || depth > 8 {
			return known[id]
		}
		a := &b.Areas[i]
		if a.Path != "" {
			return a.Path
		}
		up := ""
		if a.Kind != Province {
			if up = path(parent[id], depth+1); up == "" {
				return "" // a unit that no longer exists, or one that hangs nowhere
			}
		}
		a.Path = up + PathStep(a.ID, a.Kind)
		return a.Path
	}
	for _, a := range b.Areas {
		path(a.ID, 0)
	}
}

// PathStep is an area's own step of a path: the last eight characters of its ID, which no sibling shares.
func PathStep(id AreaID, kind AreaKind) string {
	step := string(id[max(len(id)-8, 0):]) + "/"
	if kind == OfficeNode {
		return "~" + step
	}
	return step
}
