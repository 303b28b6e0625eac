package store_test

// wholeOnPurpose are pieces of statements that seem to read a large table from end to end, and why they may.
var wholeOnPurpose = map[string]string{
	`SELECT EXISTS (SELECT 1 FROM word)`:                                      "the first row is enough",
	`CAST(COALESCE(max(spoken), 0) + 1 AS BIGINT) FROM link`:                  "the end of an index is enough",
	`SELECT EXISTS (SELECT 1 FROM channel_event WHERE channel_id = $1)`:       "the first row is enough",
	`(SELECT max(e.heard_at) FROM channel_event e WHERE e.channel_id = c.id)`: "the end of an index is enough",
	`AND k.page `: "what came through the public pages is narrowed by no index: some of all questions",
}

// wholeByFunction are the functions that read large tables from end to end, and why they may.
var wholeByFunction = map[string]string{
	"(*DB).migrate":               "once, when the program is new",
	"(*DB).prove":                 "a backup reads everything",
	"writeTable":                  "a backup reads everything",
	"(*DB).VerifyAudit":           "the whole chain is what is verified",
	"(*DB).RebuildStanding.func1": "everything is derived anew, when an operator asks for it or the law's grace changed",
	"(*DB).regrace":               "the same, when the grace of payments changed",
	"(*DB).standingState":         "the end of an index is enough",
	"(*DB).outreachState":         "the end of an index is enough",
	"(*officeFlows).refresh":      "read into memory once, then what changed",
	"eachProfile":                 "the segment index is read into memory once, then what changed",
	"(*profileExtras).loadPeople": "the segment index is read into memory once, then what changed",
	"(*profileExtras).loadHomes":  "the segment index is read into memory once, then what changed",
	"(*DB).neighbours":            "looking for duplicates compares everybody, and is kept until somebody changes",
	"(*DB).SessionCounts":         "counts are kept until a session changes",
	"unmakeArea":                  "an act is undone: nothing at all may hang on the place it made",
	"(*acting).nothingOn":         "an act is undone: nothing at all may hang on the household it made",
	"(*DB).FlowPeople":            "people of a flow are found by when their cover ends, over a scheme; no room of this list is opened often",
	"(*DB).Acts":                  "read until enough are found; acts of one moment are put in order",
	"(*DB).AuditLog":              "what one officer did, by number: an index more would cost every audited act",
	"(*DB).CollectorLoads":        "counts what was handed to every collector since a day",
}
