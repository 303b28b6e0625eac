// Package lunar is the Vietnamese lunar calendar: months, leap months and the
// can-chi names of days, months and years.
//
// Months follow the rules in force in Việt Nam, reckoned in the country's time
// (UTC+7), so they differ from the Chinese calendar in a few years. The package
// answers for the solar years 1976 to 2053 and refuses beyond: before, official
// history differs from the rules; after, some new moons fall too near midnight
// for anyone to say on which day.
//
// It is a leaf: it must never know about markets, festivals or sessions.
package lunar
