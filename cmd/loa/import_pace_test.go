package main

import (
	"testing"
	"time"
)

// TestPaceGivesWay says that an import writes little at a time while somebody else waits to save, and more again afterwards.
func TestPaceGivesWay(t *testing.T) {
	waits := int64(0)
	p := &pace{rows: 200, waits: func() int64 { return waits }}
	each := 100 * time.Microsecond // a row
	run := func() {
		for range 30 {
			p.took(time.Duration(p.rows) * each)
		}
	}
	run()
	alone := p.rows
	if took := time.Duration(alone) * each; took > aimedAlone || took < aimedAlone/2 {
		t.Errorf("alone a batch takes %v, aimed at %v", took, aimedAlone)
	}
	waits++
	run()
	if took := time.Duration(p.rows) * each; took > aimedBeside {
		t.Errorf("beside somebody a batch takes %v, aimed at %v", took, aimedBeside)
	}
	p.beside = time.Time{}
	run()
	if took := time.Duration(p.rows) * each; took < aimedAlone/2 {
		t.Errorf("afterwards a batch takes %v, aimed at %v", took, aimedAlone)
	}
}
