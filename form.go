package loa

// Form is one form of communication.
type Form string

// Forms of session: one closed list used everywhere. A conference with a commune committee, party committee or
// collector is a conference with partners; a launch is not a conference.
const (
	Festival     Form = "festival"
	Conference   Form = "conference"
	Launch       Form = "launch"
	SmallGroup   Form = "small_group"
	MarketDesk   Form = "market"
	VisitForm    Form = "visit"
	UnionMeeting Form = "union_meeting"
	JointSession Form = "joint_session"
)

// Forms that are not sessions: broadcasts, print and digital channels.
const (
	Loudspeaker  Form = "loudspeaker"
	LeafletForm  Form = "leaflet"
	Zalo         Form = "zalo"
	PageForm     Form = "page"
	PersonalPage Form = "personal_page"
	SMS          Form = "sms"
	Email        Form = "email"
)

// CallForm is a telephone call, from a list of a broadcast: no column of the matrix.
const CallForm Form = "call"

// AttendanceForms are the forms whose heads are added up as attendances, as the founding article counts them.
var AttendanceForms = []Form{Conference, SmallGroup}

// SessionForms are the forms a session can have, in the order they are shown.
var SessionForms = []Form{Festival, Conference, Launch, SmallGroup, MarketDesk, VisitForm, UnionMeeting, JointSession}

// OtherForms are the forms that are not sessions, in the order they are shown.
var OtherForms = []Form{Loudspeaker, LeafletForm, Zalo, PageForm, PersonalPage, SMS, Email}

// AllForms are the columns of the matrix.
func AllForms() []Form { return append(append([]Form{}, SessionForms...), OtherForms...) }

// IsSession says whether a session can have this form.
func (f Form) IsSession() bool {
	for _, g := range SessionForms {
		if f == g {
			return true
		}
	}
	return false
}

// Valid says whether the form is one of the list.
func (f Form) Valid() bool {
	for _, g := range OtherForms {
		if f == g {
			return true
		}
	}
	return f.IsSession()
}
