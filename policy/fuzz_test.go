package policy

import (
	"testing"

	"loa"
)

// FuzzReadHistory holds the reader of payments to rows or a refusal, and the average of what it read to its working.
func FuzzReadHistory(f *testing.F) {
	for _, s := range []string{"", "from,to,income\n2020-01,2020-12,1500000", "2020-01;2020-12;1500000;missing", "\ufeff\"2020-01-05\",\"2020-02-01\",\"1\"", "2020-01,2020-12", "a,b,c", "2020-13,2020-12,1\r\n", "2008-01\t2026-12\t9999999999"} {
		f.Add(s)
	}
	p := law(f)
	f.Fuzz(func(t *testing.T, text string) {
		rows, err := ReadHistory(text)
		if err != nil {
			if loa.KindOf(err) != loa.Invalid {
				t.Fatal(err)
			}
			return
		}
		q, err := p.Average(Average{Settled: 2026, History: rows})
		if err != nil {
			if loa.KindOf(err) != loa.Invalid {
				t.Fatal(err)
			}
			return
		}
		checkSteps(t, "average", q)
	})
}

// FuzzRead holds the reader of parameters to a law in which at most one approved row of a name holds on any day.
func FuzzRead(f *testing.F) {
	f.Add(`[{"name":"a","unit":"dong","source":"x","from":"2025-01-01","to":"","value":1,"cites":"x","approved":true}]`, "2025-06-01")
	f.Add(`[{"name":"a","unit":"date","source":"x","from":"2025-01-01","to":"2025-02-01","value":20250101,"cites":"x","approved":true},{"name":"a","unit":"date","source":"x","from":"2025-02-02","to":"","value":20250101,"cites":"x","approved":true}]`, "2025-02-01")
	f.Add(`[]`, "x")
	f.Fuzz(func(t *testing.T, raw, on string) {
		p, err := Read([]byte(raw))
		if err != nil {
			return
		}
		for name, rows := range p {
			n := 0
			for _, r := range rows {
				if err := r.Check(); err != nil {
					t.Fatalf("%s: %v", name, err)
				}
				if r.Holds(loa.Day(on)) {
					n++
				}
			}
			if n > 1 {
				t.Fatalf("%d rows of %s hold on %s", n, name, on)
			}
			p.Known(name)
			p.Changes(loa.Day(on))
		}
	})
}
