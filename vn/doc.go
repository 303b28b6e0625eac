// Package vn handles Vietnamese text as offices write it: accents, name order,
// telephone numbers, figures and money.
//
// It is a leaf: it must never know about people, areas, stores or pages, only
// about strings and numbers.
package vn
