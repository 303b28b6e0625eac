package main

import (
	"loa"
	"loa/policy"
	"loa/sending"
)

func rulesOf(s loa.SendingSettings, law policy.Parameters, on loa.Day) sending.Rules {
	return sending.Rules{}
}
