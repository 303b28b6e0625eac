package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"loa"
	"loa/importing"
	"loa/sheet"
	"loa/vn"
)

// figureMapping is how a list of figures is read.
type figureMapping struct {
	Sheet   int                     `json:"sheet"`
	Heading int                     `json:"heading"`
	Month   loa.Month               `json:"month"`
	Columns importing.FigureColumns `json:"columns"`
}

// previewFigures reads official counts or an assigned plan; a list is a few hundred lines, so it is kept in one go.
func (im *importer) previewFigures(ctx context.Context, i loa.Import, book *sheet.Book) error {
	m, err := findFigures(book)
	if err != nil {
		return err
	}
	kept, err := json.Marshal(m)
	if err != nil {
		return fmt.Errorf("keep the mapping: %w", err)
	}
	if err := im.db.BeginLines(ctx, i.ID, string(kept)); err != nil {
		return err
	}
	scope, err := im.scope(ctx, i)
	if err != nil {
		return err
	}
	communes, anchor, err := im.communes(ctx, scope)
	if err != nil {
		return err
	}
	var lines []loa.ImportLine
	for row, err := range book.Rows(m.Sheet) {
		if err != nil {
			return err
		}
		if row.Number <= m.Heading {
			continue
		}
		line, err := im.figureLine(ctx, i, scope, m, row, communes, anchor)
		if err != nil {
			return err
		}
		if line.Outcome != "" {
			lines = append(lines, line)
		}
		if len(lines) > 20_000 {
			return &sheet.Error{Code: sheet.TooManyRows, Max: 20_000}
		}
	}
	for start := 0; start < len(lines); start += previewBatch {
		if err := im.db.AddLines(ctx, i.ID, start, lines[start:min(start+previewBatch, len(lines))]); err != nil {
			return err
		}
	}
	return im.db.SetImport(ctx, i.ID, loa.ImportPreviewed, "", len(lines))
}

func findFigures(book *sheet.Book) (figureMapping, error) {
	for n, s := range book.Sheets() {
		if s.Hidden {
			continue
		}
		m := figureMapping{Sheet: n}
		seen := 0
		for row, err := range book.Rows(n) {
			if err != nil {
				return m, err
			}
			cells := make([]string, len(row.Cells))
			for k, c := range row.Cells {
				cells[k] = c.Text
				if found, ok := importing.MonthIn(c.Text); ok && m.Month == "" {
					m.Month = found
				}
			}
			if columns, ok := importing.GuessFigures(cells); ok {
				m.Heading, m.Columns = row.Number, columns
				return m, nil
			}
			if seen++; seen == 30 {
				break
			}
		}
	}
	return figureMapping{}, loa.Refuse(loa.Invalid, "file", "no_headings")
}

// communes are the areas a figure may be about, by every name lists use, and the office's own node.
func (im *importer) communes(ctx context.Context, in loa.Scope) (map[string]loa.AreaID, loa.AreaID, error) {
	areas, err := im.db.Areas(ctx, in)
	if err != nil {
		return nil, "", err
	}
	aliases, err := im.db.Aliases(ctx, in)
	if err != nil {
		return nil, "", err
	}
	out, anchor := map[string]loa.AreaID{}, loa.AreaID("")
	for _, a := range areas {
		switch a.Kind {
		case loa.OfficeNode:
			anchor = a.ID
		case loa.Commune:
			out[plainName(a.Name)] = a.ID
		}
	}
	for _, x := range aliases {
		for _, a := range areas {
			if a.ID == x.Area && a.Kind == loa.Commune {
				out[plainName(x.Name)] = a.ID
			}
		}
	}
	for _, w := range []string{"", "chua ro xa", "commune not stated", "khong ro xa", "ca co quan", "toan co quan", "whole office"} {
		out[w] = anchor
	}
	return out, anchor, nil
}

// sumWords begin the line under a list that only adds it up.
var sumWords = map[string]bool{"cong": true, "tong": true, "tong cong": true, "tong so": true, "total": true, "sum": true}

func (im *importer) figureLine(ctx context.Context, i loa.Import, scope loa.Scope, m figureMapping, row sheet.Row, communes map[string]loa.AreaID, anchor loa.AreaID) (loa.ImportLine, error) {
	line := loa.ImportLine{Import: i.ID, No: row.Number}
	for _, c := range row.Cells {
		line.Cells = append(line.Cells, c.Text)
		if sumWords[vn.Fold(c.Text)] {
			return loa.ImportLine{}, nil
		}
	}
	figures, code := importing.ReadFigures(m.Columns, row, m.Month, loa.DayOf(im.now()))
	wrong := func(code string) (loa.ImportLine, error) {
		line.Outcome, line.Reason = "error", code+"|"
		return line, nil
	}
	if code != "" {
		return wrong(code)
	}
	if len(figures) == 0 {
		return loa.ImportLine{}, nil
	}
	line.Name = figures[0].Commune
	area, ok := communes[plainName(figures[0].Commune)]
	if !ok || area == "" {
		return wrong("commune_unknown")
	}
	known, err := im.figuresKnown(ctx, i, scope, area, figures)
	var refusal *loa.Error
	if errors.As(err, &refusal) {
		return wrong(refusal.Code)
	}
	if err != nil {
		return line, err
	}
	rank := map[string]int{"same": 0, "changed": 1, "new": 2}
	for k, f := range figures {
		if line.Outcome == "" || rank[known[k]] > rank[line.Outcome] {
			line.Outcome = known[k]
		}
		packed, err := json.Marshal(f)
		if err != nil {
			return line, fmt.Errorf("keep a figure: %w", err)
		}
		line.Changes = append(line.Changes, loa.FieldChange{Field: string(area), Old: known[k], New: string(packed)})
	}
	return line, nil
}

func (im *importer) figuresKnown(ctx context.Context, i loa.Import, scope loa.Scope, area loa.AreaID, figures []importing.Figure) ([]string, error) {
	if i.Kind == "participation" {
		list, err := im.participations(i, area, figures)
		if err != nil {
			return nil, err
		}
		return im.db.ParticipationKnown(ctx, scope, list)
	}
	list, err := im.targets(i, area, figures)
	if err != nil {
		return nil, err
	}
	return im.db.TargetsKnown(ctx, scope, list)
}

func (im *importer) participations(i loa.Import, area loa.AreaID, figures []importing.Figure) ([]loa.Participation, error) {
	var out []loa.Participation
	for _, f := range figures {
		if f.Month == "" {
			return nil, loa.Refuse(loa.Invalid, "month", "no_month")
		}
		p := loa.Participation{ID: loa.NewID(), Office: i.Office, Area: area, Scheme: f.Scheme, Month: f.Month, N: f.Value, Source: i.FileName, Import: i.ID}
		if err := p.Check(); err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, nil
}

func (im *importer) targets(i loa.Import, area loa.AreaID, figures []importing.Figure) ([]loa.Target, error) {
	var out []loa.Target
	for _, f := range figures {
		x := loa.Target{ID: loa.NewID(), Office: i.Office, Area: area, Scheme: f.Scheme, Measure: f.Measure, Year: f.Year, Month: f.MonthNo, Value: f.Value, InForce: f.InForce, Document: f.Doc, Import: i.ID}
		if x.Year == 0 && f.Month != "" {
			x.Year, x.Month = f.Month.Year(), f.Month.Number()
		}
		if x.Year == 0 {
			x.Year, _, _ = loa.DayOf(im.now()).Parts()
		}
		if x.InForce == "" {
			x.InForce = loa.MakeDay(x.Year, 1, 1)
		}
		if err := x.Check(); err != nil {
			return nil, err
		}
		out = append(out, x)
	}
	return out, nil
}

// applyFigures writes the figures of a previewed list in one short transaction.
func (im *importer) applyFigures(ctx context.Context, i loa.Import, by loa.By) error {
	scope, err := im.scope(ctx, i)
	if err != nil {
		return err
	}
	var counts []loa.Participation
	var plan []loa.Target
	for after := 0; ; {
		lines, err := im.db.ImportLines(ctx, i.ID, "", after, 2000)
		if err != nil {
			return err
		}
		if len(lines) == 0 {
			break
		}
		after = lines[len(lines)-1].No
		for _, l := range lines {
			if l.Outcome != "new" && l.Outcome != "changed" {
				continue
			}
			for _, c := range l.Changes {
				var f importing.Figure
				if err := json.Unmarshal([]byte(c.New), &f); err != nil {
					return fmt.Errorf("read the figure of row %s: %w", strconv.Itoa(l.No), err)
				}
				area := loa.AreaID(c.Field)
				if i.Kind == "participation" {
					list, err := im.participations(i, area, []importing.Figure{f})
					if err != nil {
						return err
					}
					counts = append(counts, list...)
				} else {
					list, err := im.targets(i, area, []importing.Figure{f})
					if err != nil {
						return err
					}
					plan = append(plan, list...)
				}
			}
		}
	}
	if len(counts) > 0 {
		if _, _, _, err := im.db.SaveParticipation(ctx, scope, by, counts); err != nil {
			return err
		}
	}
	if len(plan) > 0 {
		if _, _, _, err := im.db.SaveTargets(ctx, scope, by, plan); err != nil {
			return err
		}
	}
	if err := im.db.ShowImport(ctx, by, i); err != nil {
		return err
	}
	return im.refresh(ctx, string(i.ID))
}
