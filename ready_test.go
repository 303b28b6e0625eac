package loa

import "testing"

// TestReadySegmentsCanBeAsked checks every rule that comes with Loa, and that it survives being saved.
func TestReadySegmentsCanBeAsked(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range ReadySegments() {
		if err := s.Check(); err != nil {
			t.Errorf("%s: %v", s.Code, err)
		}
		if back, err := ReadRule(s.Rule.JSON()); err != nil || back.JSON() != s.Rule.JSON() {
			t.Errorf("%s does not survive being saved: %v", s.Code, err)
		}
		if seen[s.Code] {
			t.Errorf("%s stands twice", s.Code)
		}
		seen[s.Code] = true
	}
}
