package loa

import "time"

// Office is a grassroots social-insurance office: the head of its documents, its number series, assigned plan, channels and audit chain.
type Office struct {
	ID        OfficeID
	Name      string // as printed in the head of documents
	ShortName string
	Slug      string // its word in public addresses; it stays when the name changes, since it is printed
	Superior  string // the body above
	Place     string // place name before a document's date
	Symbol    string // behind a document's number
	Province  AreaID
	Anchor    AreaID // the node that holds villages and records whose commune is not stated
	ChangeNo  int64
	Synthetic bool // made by the demo
	AsOf      Day  // the day the demo runs as of
	Seed      int64
	CreatedAt time.Time
}

// Settings an office may change; the zero value of a missing row is the default given here.
type Settings struct {
	DueDays   int // how long before the cover ends somebody is due (60)
	CutOffDay int // last day that counts for a month; 0 means the month's end
	OneTime   int // how many hours a one-time password lets in

	PublicOff   bool   // there are no public pages
	Contacts    bool   // public pages name the officer to speak to, with the telephone
	PublicPhone string // the office's own number on public pages, +84…
}

// DefaultSettings holds until an office says otherwise.
var DefaultSettings = Settings{DueDays: 60, OneTime: 72}
