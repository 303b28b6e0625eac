package main

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"fmt"
	"os"
	"slices"
	"strings"
)

// kinds maps the word in front of a name to the kind written in the table.
var kinds = []struct{ word, kind string }{
	{"Thành phố ", "c"}, {"Phường ", "w"}, {"Xã ", "x"}, {"Đặc khu ", "s"},
}

// write lays the table out: a line P for a province, under it a line C for each
// commune, under that a line O for each former unit.
func write(src source, olds []old) (int, error) {
	slices.SortFunc(src.provinces, func(a, b province) int { return cmp.Compare(a.Code, b.Code) })
	slices.SortFunc(src.wards, func(a, b ward) int {
		return cmp.Or(cmp.Compare(a.Province, b.Province), cmp.Compare(a.Code, b.Code))
	})
	slices.SortStableFunc(olds, func(a, b old) int {
		return cmp.Or(cmp.Compare(a.into, b.into), cmp.Compare(last(a), last(b)), cmp.Compare(a.code, b.code), cmp.Compare(a.name, b.name))
	})
	byWard := map[string][]old{}
	for _, o := range olds {
		byWard[o.into] = append(byWard[o.into], o)
	}
	var text bytes.Buffer
	i := 0
	for _, p := range src.provinces {
		kind, name := "p", p.Name
		if p.Kind != "Tỉnh" {
			var ok bool
			if kind, name, ok = splitKind(p.Name); !ok || kind != "c" {
				return 0, fmt.Errorf("province %s %q: kind %q is not known", p.Code, p.Name, p.Kind)
			}
		}
		fmt.Fprintf(&text, "P\t%s\t%s\t%s\n", p.Code, kind, name)
		for ; i < len(src.wards) && src.wards[i].Province == p.Code; i++ {
			w := src.wards[i]
			kind, name, ok := splitKind(w.Name)
			if !ok {
				return 0, fmt.Errorf("commune %s %q: no kind in front of its name", w.Code, w.Name)
			}
			fmt.Fprintf(&text, "C\t%s\t%s\t%s\n", w.Code, kind, name)
			for _, o := range byWard[w.Code] {
				fmt.Fprintf(&text, "O\t%s\t%s\t%s\t%s\n", o.code, o.name, o.district, o.province)
			}
		}
	}
	if i != len(src.wards) {
		return 0, fmt.Errorf("commune %s lies in a province %s that is not listed", src.wards[i].Code, src.wards[i].Province)
	}
	return save(text.Bytes())
}

// last puts the units without a code after those with one.
func last(o old) int {
	if o.code == "" {
		return 1
	}
	return 0
}

func splitKind(full string) (kind, name string, ok bool) {
	for _, k := range kinds {
		if name, ok := strings.CutPrefix(full, k.word); ok && name != "" {
			return k.kind, name, true
		}
	}
	return "", "", false
}

func save(text []byte) (int, error) {
	var packed bytes.Buffer
	zw, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		return 0, fmt.Errorf("pack the table: %w", err)
	}
	if _, err := zw.Write(text); err != nil {
		return 0, fmt.Errorf("pack the table: %w", err)
	}
	if err := zw.Close(); err != nil {
		return 0, fmt.Errorf("pack the table: %w", err)
	}
	if err := os.WriteFile(tablePath, packed.Bytes(), 0o644); err != nil {
		return 0, fmt.Errorf("write the table: %w", err)
	}
	if err := os.WriteFile(licenceOut, []byte(licence), 0o644); err != nil {
		return 0, fmt.Errorf("write the licence note: %w", err)
	}
	return packed.Len(), nil
}
