// Package reporting turns the rows of an office into its figures: stocks and flows against the plan and the year before, by
// commune and month, told by the communes of any day. It is handed everything it counts and must never know a database, a page
// or a language: no SQL, no sentences, no clock.
package reporting
