package web_test

import (
	"maps"

	"loa"
)

// The lines of the table for partners, collectors and employers.
func init() {
	maps.Copy(routeTable, map[string]guarded{
		"GET /partners":                        {loa.ReadOutreach, ""},
		"GET /partners/new":                    {loa.EditPartners, ""},
		"POST /partners/new":                   {loa.EditPartners, ""},
		"GET /partners/{id}":                   {loa.ReadOutreach, "partner"},
		"GET /partners/{id}/edit":              {loa.EditPartners, "partner"},
		"POST /partners/{id}/edit":             {loa.EditPartners, "partner"},
		"POST /partners/{id}/retire":           {loa.EditPartners, "partner"},
		"POST /partners/{id}/restore":          {loa.EditPartners, "partner"},
		"GET /collectors":                      {loa.ReadOutreach, ""},
		"GET /collectors/new":                  {loa.EditPartners, ""},
		"POST /collectors/new":                 {loa.EditPartners, ""},
		"GET /collectors/{id}":                 {loa.ReadOutreach, "collector"},
		"GET /collectors/{id}/edit":            {loa.EditPartners, "collector"},
		"POST /collectors/{id}/edit":           {loa.EditPartners, "collector"},
		"POST /collectors/{id}/retire":         {loa.EditPartners, "collector"},
		"POST /collectors/{id}/restore":        {loa.EditPartners, "collector"},
		"GET /employers":                       {loa.ReadOutreach, ""},
		"GET /employers/new":                   {loa.EditPartners, ""},
		"POST /employers/new":                  {loa.EditPartners, ""},
		"GET /employers/{id}":                  {loa.ReadOutreach, "employer"},
		"GET /employers/{id}/edit":             {loa.EditPartners, "employer"},
		"POST /employers/{id}/edit":            {loa.EditPartners, "employer"},
		"POST /employers/{id}/retire":          {loa.EditPartners, "employer"},
		"POST /employers/{id}/restore":         {loa.EditPartners, "employer"},
		"POST /collectors/{id}/territory":      {loa.EditPartners, "collector"},
		"POST /collectors/{id}/territory/drop": {loa.EditPartners, "collector"},
		"GET /collectors/{id}/handed":          {loa.ReadEnrolment, "collector"},
		"POST /collectors/{id}/handed":         {loa.EditEnrolment, "collector"},
		"GET /employers/counts":                {loa.EditPartners, ""},
		"POST /employers/counts":               {loa.EditPartners, ""},
		"POST /employers/counts/file":          {loa.EditPartners, ""},
		"POST /employers/counts/file/save":     {loa.EditPartners, ""},
		"GET /employers/{id}/people":           {loa.ReadPeople, "employer"},
	})
}
