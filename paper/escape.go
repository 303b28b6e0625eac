package paper

import (
	"encoding/xml"
	"strings"
)

// escape makes a text safe inside XML; letters XML does not have become the replacement mark.
func escape(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a strings.Builder takes everything
	return b.String()
}
