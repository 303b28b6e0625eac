package loa

import "testing"

// TestAScriptGoesOutForItsPurpose: words go out for what they were approved for, or as advertising, which is held to the most.
func TestAScriptGoesOutForItsPurpose(t *testing.T) {
	for _, written := range Purposes {
		for _, sent := range Purposes {
			err := Broadcast{Purpose: sent}.Keeps(Script{Purpose: written})
			if want := written == sent || sent == Advertising; (err == nil) != want {
				t.Errorf("written for %s, sent as %s: %v", written, sent, err)
			}
		}
	}
	if err := (Broadcast{Purpose: Care}).Keeps(Script{}); err != nil {
		t.Errorf("words that are still written: %v", err)
	}
}
