// Package speech turns a text into a voice: it writes out what a synthesiser cannot read, tells how long it will take to say, and calls
// a synthesiser and an audio tool that the operator has.
//
// It is a leaf: it must never know about scripts, clips, people, stores or pages, only about texts and sounds.
package speech
