package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"time"

	"loa"
	"loa/auth"
	"loa/importing"
	"loa/sheet"
	"loa/store"
)

// importer does the work of imports, for the jobs and the command line alike.
type importer struct {
	db     *store.DB
	sealer *auth.Sealer
	now    func() time.Time
	log    *slog.Logger
}

// importMapping says how a file is read; it is kept with the import.
type importMapping struct {
	Sheet   int                     `json:"sheet"`
	Heading int                     `json:"heading"` // row number of the headings in the file
	Columns map[int]importing.Field `json:"columns"`
	Titles  []string                `json:"titles"`
}

// preview reads the file and keeps what each row would do. What is wrong with the file itself is said on the import.
func (im *importer) preview(ctx context.Context, id string) error {
	i, err := im.db.ImportByID(ctx, loa.ImportID(id))
	if err != nil {
		return err
	}
	if i.State != loa.ImportReading {
		return nil // done before a process was stopped
	}
	book, err := im.open(ctx, i)
	if err == nil {
		switch i.Kind {
		case "people":
			err = im.previewPeople(ctx, i, book)
		default:
			err = im.previewFigures(ctx, i, book)
		}
	}
	if code := fileCode(err); code != "" {
		return im.db.SetImport(ctx, i.ID, loa.ImportFailed, code, 0)
	}
	return err
}

// fileCode is the code of what is wrong with a file, with its place behind "|"; empty when the fault is ours.
func fileCode(err error) string {
	var bad *sheet.Error
	if errors.As(err, &bad) {
		return "file_" + string(bad.Code) + "|" + bad.Cell() + "|" + strconv.FormatInt(bad.Max, 10)
	}
	var refusal *loa.Error
	if errors.As(err, &refusal) {
		return refusal.Code + "||"
	}
	return ""
}

func (im *importer) open(ctx context.Context, i loa.Import) (*sheet.Book, error) {
	raw, err := im.db.ImportFile(ctx, i.ID)
	if err != nil {
		return nil, err
	}
	if im.sealer == nil {
		return nil, loa.Refuse(loa.Conflict, "", "no_key")
	}
	plain, err := im.sealer.Open(auth.Place{Office: string(i.Office), Column: "import_file.bytes", Record: string(i.ID)}, raw)
	if err != nil {
		return nil, loa.Refuse(loa.Conflict, "", "no_key")
	}
	return sheet.Open(i.FileName, bytes.NewReader([]byte(plain)), int64(len(plain)))
}

// mapping is the one kept with the import, or a guess from the first rows of the first sheet that has headings.
func (im *importer) mapping(i loa.Import, book *sheet.Book) (importMapping, error) {
	var m importMapping
	if i.Mapping != "" {
		if err := json.Unmarshal([]byte(i.Mapping), &m); err != nil {
			return m, fmt.Errorf("read the import's mapping: %w", err)
		}
		return m, nil
	}
	for n, s := range book.Sheets() {
		if s.Hidden {
			continue
		}
		var first [][]string
		var numbers []int
		for row, err := range book.Rows(n) {
			if err != nil {
				return m, err
			}
			cells := make([]string, len(row.Cells))
			for k, c := range row.Cells {
				cells[k] = c.Text
			}
			first, numbers = append(first, cells), append(numbers, row.Number)
			if len(first) == 30 {
				break
			}
		}
		if at, columns, ok := importing.FindHeadings(first); ok {
			return importMapping{Sheet: n, Heading: numbers[at], Columns: columns, Titles: first[at]}, nil
		}
	}
	return m, loa.Refuse(loa.Invalid, "file", "no_headings")
}

func (im *importer) previewPeople(ctx context.Context, i loa.Import, book *sheet.Book) error {
	m, err := im.mapping(i, book)
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
	reader, err := im.reader(ctx, i, scope, m)
	if err != nil {
		return err
	}
	total, err := im.previewRows(ctx, i, m, book, reader)
	if err != nil {
		return err
	}
	return im.db.SetImport(ctx, i.ID, loa.ImportPreviewed, "", total)
}

// scope is what the import may touch: the commune it was made for, or the whole office.
func (im *importer) scope(ctx context.Context, i loa.Import) (loa.Scope, error) {
	communes, err := im.db.OfficeAreas(ctx, i.Office, loa.DayOf(im.now()))
	if err != nil {
		return loa.Scope{}, err
	}
	s := loa.Scope{Office: i.Office}
	for _, a := range communes {
		if a.ID == i.Area && a.Kind != loa.OfficeNode {
			return loa.Scope{Office: i.Office, Ranges: []loa.Range{loa.Under(a.Path)}}, nil
		}
		s.Ranges = append(s.Ranges, loa.Under(a.Path))
	}
	if s.Empty() {
		return s, loa.Refuse(loa.NotFound, "area", "not_found")
	}
	return s, nil
}

func (im *importer) reader(ctx context.Context, i loa.Import, in loa.Scope, m importMapping) (*importing.Reader, error) {
	areas, err := im.db.Areas(ctx, in)
	if err != nil {
		return nil, err
	}
	aliases, err := im.db.Aliases(ctx, in)
	if err != nil {
		return nil, err
	}
	tools := importing.Tools{Areas: newVillages(areas, aliases), NewID: func() loa.PersonID { return loa.PersonID(loa.NewID()) },
		HomeID: func() loa.HouseholdID { return loa.HouseholdID(loa.NewID()) }}
	if im.sealer != nil {
		tools.Blind = func(f importing.Field, plain string) string { return im.sealer.Index("person."+string(f), plain) }
	}
	return importing.NewReader(m.Columns, loa.DayOf(im.now()), tools), nil
}

func known(k *store.KnownPerson) *importing.Known {
	born := importing.BirthText(k.BornYear, k.BornOn)
	out := &importing.Known{ID: k.ID, Name: k.Name, Folded: k.Folded, BornYear: k.BornYear, BornOn: k.BornOn, Area: k.Area, Household: k.Household, HIUntil: k.HIUntil, VSIUntil: k.VSIUntil,
		Fields: map[importing.Field]string{importing.Name: k.Name, importing.Born: born, importing.Sex: k.Sex, importing.Ethnic: k.Ethnic, importing.Language: k.Language, importing.Literacy: k.Literacy,
			importing.Poverty: k.Poverty, importing.PovertyFrom: string(k.PovertyFrom), importing.PovertyTo: string(k.PovertyTo), importing.Occupation: k.Occupation, importing.Relation: k.Relation,
			importing.Phone: k.Phone, importing.PhoneOwner: k.PhoneOwner, importing.Household: k.HouseholdCode, importing.NationalID: k.NationalIndex, importing.SINumber: k.SIIndex, importing.Note: k.Note}}
	for f, channel := range map[importing.Field]string{importing.ConsentSMS: "sms", importing.ConsentCall: "call", importing.ConsentZalo: "zalo"} {
		switch loa.ConsentFor(k.Consents, "care", channel) {
		case "agreed":
			out.Fields[f] = "true"
		case "refused":
			out.Fields[f] = "false"
		}
	}
	return out
}
