// Package loa holds the nouns of an outreach office: its territory, people, sessions, enrolments, targets,
// and the rules each noun keeps about itself. It is pure: the standard library and vn, no database, no pages.
package loa
