//go:build tools

// Package tools pins the lint tools, apart from the product's own modules.
package tools

import _ "honnef.co/go/tools/cmd/staticcheck"
