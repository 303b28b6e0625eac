package sms

import (
	"fmt"
	"net/netip"
	"strings"
)

// allowed are the addresses that callbacks may come from; none: any.
type allowed []netip.Prefix

func readAllowed(s string) (allowed, error) {
	var all allowed
	for _, one := range strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' || r == '\n' || r == '\r' || r == '\t' }) {
		p, err := netip.ParsePrefix(one)
		if err != nil {
			a, aerr := netip.ParseAddr(one)
			if aerr != nil {
				return nil, fmt.Errorf("%q is no address", one)
			}
			p = netip.PrefixFrom(a, a.BitLen())
		}
		all = append(all, p.Masked())
	}
	return all, nil
}

// holds says whether a caller, such as 203.0.113.9:4711, is one of them.
func (all allowed) holds(caller string) bool {
	if len(all) == 0 {
		return true
	}
	at, err := netip.ParseAddrPort(caller)
	a := at.Addr()
	if err != nil {
		if a, err = netip.ParseAddr(caller); err != nil {
			return false
		}
	}
	for _, p := range all {
		if p.Contains(a.Unmap().WithZone("")) {
			return true
		}
	}
	return false
}
