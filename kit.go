package loa

import (
	"net/url"
	"time"
)

// KitNetworks are where officers share things on pages of their own.
var KitNetworks = []string{"facebook", "zalo", "other"}

// KitPost is an officer's own word that something was shared on a page of theirs, with its address where they gave one.
type KitPost struct {
	ID      string
	Office  OfficeID
	NounID  string // the script or broadcast that was shared
	Officer OfficerID
	Network string
	URL     string
	At      time.Time
}

// kitURL is how long the address of a post may be.
const kitURL = 300

// Check refuses a post on no network, or an address that is none.
func (p KitPost) Check() error {
	switch {
	case !OneOf(p.Network, KitNetworks):
		return Refuse(Invalid, "network", "not_in_list")
	case len(p.URL) > kitURL:
		return Refuse(Invalid, "url", "too_long", kitURL)
	}
	if p.URL == "" {
		return nil
	}
	if u, err := url.Parse(p.URL); err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return Refuse(Invalid, "url", "bad_url")
	}
	return nil
}
