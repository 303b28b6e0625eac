package loa

// Scope is the part of the tree an officer is allowed, as ranges of area paths: an office's communes need not be neighbours.
type Scope struct {
	Office OfficeID // the office worked in; a province viewer may switch it
	Ranges []Range
}

// Range is one run of paths: From included, To excluded.
type Range struct{ From, To string }

// Under is the range of everything at and below a path.
func Under(path string) Range {
	if path == "" {
		return Range{"\x01", "\x01"} // nothing: an empty path is a unit outside the present tree
	}
	return Range{path, path[:len(path)-1] + "0"} // paths end in "/", and "0" is the byte after it
}

// Holds says whether a path lies in the scope.
func (s Scope) Holds(path string) bool {
	for _, r := range s.Ranges {
		if path >= r.From && path < r.To {
			return true
		}
	}
	return false
}

// Narrow is the part of s that lies at or below a path; empty when they do not meet.
func (s Scope) Narrow(path string) Scope {
	out := Scope{Office: s.Office}
	want := Under(path)
	for _, r := range s.Ranges {
		lo, hi := max(r.From, want.From), min(r.To, want.To)
		if lo < hi {
			out.Ranges = append(out.Ranges, Range{lo, hi})
		}
	}
	return out
}

// Empty says that nothing is allowed.
func (s Scope) Empty() bool { return len(s.Ranges) == 0 }
