// Package webtest serves the office pages over invented offices and signs browsers in, so that a test says in a line who
// opens what. Only tests use it.
package webtest
