package web_test

import (
	"loa"
	"loa/web/webtest"
)

func init() {
	for pattern, g := range areaTable {
		routeTable[pattern] = g
	}
	for _, room := range []string{"area", "figure", "influencer"} {
		rooms[room] = true
	}
}

// areaTable is the part of the table about the territory.
var areaTable = map[string]guarded{
	"GET /areas":                                 {loa.ReadFigures, ""},
	"GET /areas/find":                            {loa.ReadFigures, ""},
	"GET /areas/history":                         {loa.ReadFigures, ""},
	"GET /areas/gazetteer":                       {loa.EditAreas, ""},
	"GET /areas/new":                             {loa.EditAreas, ""},
	"POST /areas/new":                            {loa.EditAreas, ""},
	"GET /areas/communes/new":                    {loa.EditAreas, ""},
	"POST /areas/communes/new":                   {loa.EditAreas, ""},
	"GET /areas/boundaries":                      {loa.EditAreas, ""},
	"POST /areas/boundaries":                     {loa.EditAreas, ""},
	"POST /areas/boundaries/keep":                {loa.EditAreas, ""},
	"POST /areas/boundaries/undo":                {loa.EditAreas, ""},
	"GET /areas/market-days":                     {loa.ReadFigures, ""},
	"GET /areas/{id}":                            {loa.ReadFigures, "village"},
	"GET /areas/{id}/villages":                   {loa.ReadFigures, "commune"},
	"GET /areas/{id}/edit":                       {loa.EditAreas, "village"},
	"POST /areas/{id}/edit":                      {loa.EditAreas, "village"},
	"GET /areas/{id}/move":                       {loa.EditAreas, "village"},
	"POST /areas/{id}/move":                      {loa.EditAreas, "village"},
	"POST /areas/{id}/code":                      {loa.EditAreas, "commune"},
	"POST /areas/{id}/end":                       {loa.EditAreas, "commune"},
	"POST /area-acts/{id}/undo":                  {loa.EditAreas, "unknown"},
	"POST /areas/{id}/figures":                   {loa.EditAreas, "village"},
	"POST /areas/{id}/influencers":               {loa.EditAreas, "village"},
	"POST /areas/{id}/influencers/{who}/save":    {loa.EditAreas, "village"},
	"POST /areas/{id}/influencers/{who}/end":     {loa.EditAreas, "village"},
	"POST /areas/{id}/markets":                   {loa.EditAreas, "commune"},
	"POST /areas/{id}/markets/{market}/drop":     {loa.EditAreas, "commune"},
	"POST /areas/{id}/festivals":                 {loa.EditAreas, "village"},
	"POST /areas/{id}/festivals/{festival}/drop": {loa.EditAreas, "village"},
	"POST /areas/{id}/boundary/drop":             {loa.EditAreas, "commune"},
}

// lookedAreas are the pages of the territory a director meets.
func lookedAreas(o webtest.Office) []string {
	village, commune := "/areas/"+string(o.Village1), "/areas/"+string(o.Commune1)
	return []string{"/areas", "/areas?q=mot", village, commune, "/areas/" + string(o.Anchor), commune + "/villages", village + "/edit", "/areas/" + string(o.Loose) + "/move",
		"/areas/" + string(o.Commune2) + "/move", "/areas/new", "/areas/communes/new", "/areas/boundaries", "/areas/history"}
}
