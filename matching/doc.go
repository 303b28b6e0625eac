// Package matching says how likely two records are one human, and compares an official list of participants with the
// register. It is pure: it is handed records and gives back findings in codes, never prose.
package matching
