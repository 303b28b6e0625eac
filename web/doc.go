// Package web serves the office pages: one file per noun, a table of routes, server-rendered templates that work without
// scripts where a form can. It turns refusals into sentences and holds no rule of its own.
package web
