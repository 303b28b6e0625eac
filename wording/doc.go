// Package wording writes the words of a script as somebody reads or hears them on a day: placeholders filled, figures by the calculator
// for the person's group with the law beside them, amounts as the language writes them, without accents for SMS, written out for a voice.
// It is pure: it must never know a clock, a store, a page or a network. What the law of the day does not know is refused by name.
package wording
