// Package store keeps the nouns in SQLite or PostgreSQL: one SQL text for both engines, one file per noun.
// It holds no rules beyond scope: no permissions, no state changes, no events, and it never asks a clock.
package store
