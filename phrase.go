package loa

import "loa/vn"

// Phrase is a key of the catalogues used as an argument of a sentence; it is said in the reader's language.
type Phrase string

// Phrase is the key itself, for whoever speaks.
func (p Phrase) Phrase() string { return string(p) }

// Money is an amount in đồng used as an argument of a sentence.
type Money int64

// In writes the amount as the language does.
func (m Money) In(lang string) string { return vn.DongIn(lang, int64(m)) }

// In writes the day as dd/mm/yyyy, which is how both languages write it here.
func (d Day) In(string) string { return d.Vietnamese() }

// Plain is a number used as an argument of a sentence.
type Plain int64

// In writes the number as the language groups it.
func (n Plain) In(lang string) string { return vn.NumberIn(lang, int64(n)) }
