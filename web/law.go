package web

import (
	"context"
	"net/http"
	"sync"
	"time"

	"loa"
	"loa/policy"
)

// embeddedLaw reads the rows that came with the program once; lists made from them leave them as they are.
var embeddedLaw = sync.OnceValues(policy.Embedded)

// law is the law of the request's office: the rows that came with the program and the office's own.
func (s *Server) law(r *http.Request) (policy.Parameters, error) {
	return s.lawOf(r.Context(), whoOf(r).Office.ID)
}

// lawOf is the law of an office, kept until something changes in it, so that every process sees a new row at its next page.
func (s *Server) lawOf(ctx context.Context, office loa.OfficeID) (policy.Parameters, error) {
	change, err := s.DB.ChangeNo(ctx, office)
	if err != nil {
		return nil, err
	}
	return once(s.memo, memoKey{office, change, "law"}, func() (policy.Parameters, error) {
		return s.lawKnown(context.WithoutCancel(ctx), office, time.Time{}) // others wait for the same rows
	})
}

// lawKnown is the law of an office as it was known at a moment; zero: now.
func (s *Server) lawKnown(ctx context.Context, office loa.OfficeID, known time.Time) (policy.Parameters, error) {
	law, err := embeddedLaw()
	if err != nil {
		return nil, err
	}
	rows, err := s.DB.PolicyRows(ctx, office)
	if err != nil || len(rows) == 0 {
		return law, err
	}
	return law.With(policy.OfOffice(rows), known), nil
}
