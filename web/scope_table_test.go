package web_test

import (
	"context"
	"io"

	"loa"
	"loa/store"
)

// routeTable says of every route which act it must ask for and what its {id} names. It is written by hand on purpose: the
// server must agree with it line by line.
var routeTable = map[string]guarded{
	"GET /account":                       {loa.SignedIn, ""},
	"POST /account":                      {loa.SignedIn, ""},
	"POST /account/logins/end":           {loa.SignedIn, ""},
	"GET /account/password":              {loa.SignedIn, ""},
	"POST /account/password":             {loa.SignedIn, ""},
	"GET /admin":                         {loa.Administer, ""},
	"GET /admin/audit":                   {loa.ReadAudit, ""},
	"POST /admin/audit/verify":           {loa.ReadAudit, ""},
	"GET /admin/backups":                 {loa.Administer, ""},
	"POST /admin/backups":                {loa.Administer, ""},
	"POST /admin/backups/check":          {loa.Administer, ""},
	"POST /admin/officers":               {loa.Administer, ""},
	"GET /admin/officers/new":            {loa.Administer, ""},
	"GET /admin/officers/{id}":           {loa.Administer, "officer"},
	"POST /admin/officers/{id}":          {loa.Administer, "officer"},
	"POST /admin/officers/{id}/disable":  {loa.Administer, "officer"},
	"POST /admin/officers/{id}/enable":   {loa.Administer, "officer"},
	"POST /admin/officers/{id}/password": {loa.Administer, "officer"},
	"POST /admin/officers/{id}/roles":    {loa.Administer, "officer"},
	"POST /admin/roles/{id}/restore":     {loa.Administer, "grant"},
	"POST /admin/roles/{id}/revoke":      {loa.Administer, "grant"},
	"GET /admin/settings":                {loa.Administer, ""},
	"POST /admin/settings":               {loa.Administer, ""},
	"GET /enrolment":                     {loa.ReadEnrolment, ""},
	"GET /enrolment/reasons":             {loa.ReadEnrolment, ""},
	"GET /enrolment/renewals":            {loa.ReadEnrolment, ""},
	"GET /enrolment/{id}":                {loa.ReadEnrolment, "lead"},
	"POST /enrolment/{id}/pay":           {loa.EditEnrolment, "lead"},
	"POST /enrolment/{id}/step":          {loa.EditEnrolment, "lead"},
	"POST /enrolment/{id}/undo":          {loa.EditEnrolment, "lead"},
	"GET /households/{id}":               {loa.ReadPeople, "household"},
	"POST /language":                     {"", ""},
	"GET /login":                         {"", ""},
	"POST /login":                        {"", ""},
	"POST /login/demo":                   {"", ""},
	"POST /logout":                       {"", ""},
	"GET /matrix":                        {loa.ReadOutreach, ""},
	"GET /matrix/cell":                   {loa.ReadOutreach, "segment"},
	"POST /matrix/cell":                  {loa.EditMatrix, ""},
	"POST /matrix/cell/drop":             {loa.EditMatrix, ""},
	"POST /matrix/drop":                  {loa.EditMatrix, ""},
	"GET /matrix/print":                  {loa.ReadOutreach, ""},
	"POST /matrix/sign":                  {loa.SignMatrix, ""},
	"GET /matrix/versions":               {loa.ReadOutreach, ""},
	"GET /people":                        {loa.ReadPeople, ""},
	"GET /people/new":                    {loa.EditPeople, ""},
	"POST /people/new":                   {loa.EditPeople, ""},
	"GET /people/{id}":                   {loa.ReadPeople, "person"},
	"POST /people/{id}/consent":          {loa.EditPeople, "person"},
	"GET /people/{id}/edit":              {loa.EditPeople, "person"},
	"POST /people/{id}/edit":             {loa.EditPeople, "person"},
	"POST /people/{id}/lead":             {loa.EditEnrolment, "person"},
	"POST /people/{id}/leave":            {loa.EditEnrolment, "person"},
	"POST /people/{id}/pay":              {loa.EditEnrolment, "person"},
	"POST /people/{id}/reveal":           {loa.RevealID, "person"},
	"POST /people/{id}/visit":            {loa.EditOutreach, "person"},
	"GET /place":                         {loa.SignedIn, ""},
	"GET /segments":                      {loa.ReadOutreach, ""},
	"POST /segments/count":               {loa.ReadOutreach, ""},
	"GET /segments/new":                  {loa.EditOutreach, ""},
	"POST /segments/new":                 {loa.EditOutreach, ""},
	"GET /segments/overlap":              {loa.ReadOutreach, ""},
	"GET /segments/{id}":                 {loa.ReadOutreach, "segment"},
	"GET /segments/{id}/edit":            {loa.EditOutreach, "segment"},
	"POST /segments/{id}/edit":           {loa.EditOutreach, "segment"},
	"GET /segments/{id}/people":          {loa.ReadPeople, "segment"},
	"POST /segments/{id}/restore":        {loa.EditOutreach, "segment"},
	"POST /segments/{id}/retire":         {loa.EditOutreach, "segment"},
	"GET /setup":                         {"", ""},
	"POST /setup":                        {"", ""},
	"GET /setup/find":                    {"", ""},
}

func backupProofs(db *store.DB) ([]store.TableProof, error) {
	return db.Backup(context.Background(), io.Discard, store.Manifest{Program: "test"})
}
