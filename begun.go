package loa

// Begun says which of its first steps an office has taken: what Today asks a new office to do, in this order.
type Begun struct {
	Officers bool // somebody besides the director and the administrator has a role
	Villages bool
	People   bool
	Targets  bool
	Matrix   bool // one is in force
	Sessions bool
}

// Settled says that the office has left its first days behind: it knows people, has decided and has gone out.
func (b Begun) Settled() bool { return b.People && b.Matrix && b.Sessions }
