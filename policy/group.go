package policy

import (
	"slices"

	"loa"
)

// Group is what somebody belongs to that changes what the State adds.
type Group string

// The groups of voluntary SI (Decree 159/2025, Article 5).
const (
	Poor           Group = "poor"
	NearPoor       Group = "near_poor"
	EthnicMinority Group = "ethnic_minority"
	IslandCommune  Group = "island_commune"
	Other          Group = "other"
)

// The further groups of health insurance (Decree 188/2025; Law 51/2024).
const (
	NearPoorInPoorCommune   Group = "near_poor_in_poor_commune"
	MinorityInDifficultArea Group = "minority_in_difficult_area"
	MinorityLeftList        Group = "minority_left_list"
	ResidentVeryDifficult   Group = "resident_very_difficult"
	Pupil                   Group = "pupil"
	AverageFarmHousehold    Group = "average_farm_household"
	Under6                  Group = "under_6"
	SocialPension           Group = "social_pension"
	SocialProtection        Group = "social_protection"
	VillageHealthWorker     Group = "village_health_worker" // and village midwife
	VillageStaff            Group = "village_staff"
	GrassrootsSecurity      Group = "grassroots_security"
	Artisan                 Group = "artisan"
	TraffickingVictim       Group = "trafficking_victim"
	Pensioner               Group = "pensioner"
	StandardBenefit         Group = "standard"
)

// SupportGroups are the groups of voluntary SI in the order they are offered.
var SupportGroups = []Group{Poor, NearPoor, EthnicMinority, IslandCommune, Other}

// HIGroups are the groups for which the State pays HI wholly or in part, in the order they are offered.
var HIGroups = []Group{Poor, NearPoor, NearPoorInPoorCommune, MinorityInDifficultArea, MinorityLeftList, ResidentVeryDifficult, IslandCommune, Pupil,
	AverageFarmHousehold, Under6, SocialPension, SocialProtection, VillageHealthWorker, VillageStaff, GrassrootsSecurity, Artisan, TraffickingVictim}

// BenefitGroups are the groups whose card pays another part of a visit than the standard one.
var BenefitGroups = []Group{StandardBenefit, Pensioner, NearPoor, SocialPension, Poor, MinorityInDifficultArea, ResidentVeryDifficult, IslandCommune, Under6}

func checkGroups(groups, known []Group) error {
	for _, g := range groups {
		if !slices.Contains(known, g) {
			return loa.Refuse(loa.Invalid, "groups", "policy_group", string(g))
		}
	}
	return nil
}
