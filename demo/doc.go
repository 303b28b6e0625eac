// Package demo makes the office of the founding article out of nothing but a seed: its territory, some 76,000 people who do
// not exist, and two years of sessions, touches and payments, built so that Loa's own counting comes to the article's figures.
// It is pure: no clock, no database, no randomness but the seed's.
package demo
