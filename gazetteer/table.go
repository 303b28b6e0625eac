package gazetteer

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"fmt"
	"io"
	"strings"
	"sync"
)

// packed is made by scripts/gazetteer and never edited.
//
//go:embed units.tsv.gz
var packed []byte

// units is the table unpacked, with what looking it up needs.
type units struct {
	provinces []Place
	communes  []Place
	byCode    map[string]int // communes
	span      map[string][2]int
	former    map[string][]Old    // by new code
	successor map[string][]string // new codes by old code
	changes   []Change
	search    []entry
}

// table unpacks the embedded file when it is first asked for. The file is part
// of the program, so one that cannot be read is a broken build.
var table = sync.OnceValue(func() *units {
	u, err := unpack(packed)
	if err != nil {
		panic(fmt.Errorf("the embedded table of communes: %w", err))
	}
	return u
})

func unpack(packed []byte) (*units, error) {
	zr, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, fmt.Errorf("open: %w", err)
	}
	text, err := io.ReadAll(zr)
	if err != nil {
		return nil, fmt.Errorf("unpack: %w", err)
	}
	return parse(string(text))
}

var kindLetters = map[string]Kind{"p": KindProvince, "c": KindCity, "x": KindCommune, "w": KindWard, "s": KindSpecial}

func parse(text string) (*units, error) {
	u := &units{byCode: map[string]int{}, span: map[string][2]int{}, former: map[string][]Old{}, successor: map[string][]string{}}
	var province Place
	code := "" // of the commune being read
	for line := range strings.Lines(text) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		switch {
		case f[0] == "P" && len(f) == 4:
			province = Place{Code: f[1], Kind: kindLetters[f[2]], Name: f[3]}
			u.provinces = append(u.provinces, province)
			u.span[province.Code] = [2]int{len(u.communes), len(u.communes)}
		case f[0] == "C" && len(f) == 4:
			code = f[1]
			u.byCode[code] = len(u.communes)
			u.communes = append(u.communes, Place{Code: code, Kind: kindLetters[f[2]], Name: f[3], ProvinceCode: province.Code, ProvinceName: province.Name})
			u.span[province.Code] = [2]int{u.span[province.Code][0], len(u.communes)}
		case f[0] == "O" && len(f) == 5:
			u.former[code] = append(u.former[code], Old{Code: f[1], Name: f[2], District: f[3], Province: f[4]})
			if f[1] != "" {
				u.successor[f[1]] = append(u.successor[f[1]], code)
			}
		default:
			return nil, fmt.Errorf("line %q is none of P, C, O", line)
		}
	}
	u.changes = applyChanges(pointers(u.provinces), pointers(u.communes))
	u.search = entries(u)
	return u, nil
}

func pointers(places []Place) map[string]*Place {
	m := make(map[string]*Place, len(places))
	for i := range places {
		m[places[i].Code] = &places[i]
	}
	return m
}
