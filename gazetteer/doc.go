// Package gazetteer knows the provinces and communes of Việt Nam as they stand
// since 1 July 2025, and which units each commune was made of.
//
// The table is public reference data and the same for everybody. What an office
// knows about its own area lives elsewhere: this package must never know about
// offices, areas or stores.
package gazetteer
