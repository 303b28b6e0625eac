// Package fake is the providers as they behave: Zalo, a Facebook Page and the
// SMS gateways as HTTP handlers, a message centre that speaks SMPP and a mail
// server that speaks SMTP, all in one world with one clock, one ledger of
// everything that came, and one list of faults.
//
// It is written from the providers' own wire formats, and must never know a
// driver: what it says about a driver is worth nothing otherwise. Where the
// providers publish no code or shape, it answers notPublished, or follows a
// setting.
package fake
