package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"loa/vn"
)

type province struct {
	Code string `json:"province_code"`
	Name string `json:"name"`
	Kind string `json:"place_type"`
}

type ward struct {
	Code     string `json:"ward_code"`
	Name     string `json:"name"`
	Province string `json:"province_code"`
}

type mapping struct {
	OldCode     string `json:"old_ward_code"`
	OldName     string `json:"old_ward_name"`
	OldDistrict string `json:"old_district_name"`
	OldProvince string `json:"old_province_name"`
	NewCode     string `json:"new_ward_code"`
	NewName     string `json:"new_ward_name"`
	NewProvince string `json:"new_province_name"`
}

type source struct {
	provinces []province
	wards     []ward
	mappings  []mapping
}

// parse reads the package's list of tables and checks that it is whole.
func parse(data []byte) (source, error) {
	var tables []struct {
		Name string
		Data json.RawMessage
	}
	if err := json.Unmarshal(data, &tables); err != nil {
		return source{}, fmt.Errorf("read address.json: %w", err)
	}
	var src source
	for _, t := range tables {
		var err error
		switch t.Name {
		case "provinces":
			err = json.Unmarshal(t.Data, &src.provinces)
		case "wards":
			err = json.Unmarshal(t.Data, &src.wards)
		case "ward_mappings":
			err = json.Unmarshal(t.Data, &src.mappings)
		}
		if err != nil {
			return source{}, fmt.Errorf("read table %s: %w", t.Name, err)
		}
	}
	if p, w, m := len(src.provinces), len(src.wards), len(src.mappings); p != 34 || w != 3321 || m != 10977 {
		return source{}, fmt.Errorf("%d provinces, %d communes, %d mappings; want 34, 3321, 10977", p, w, m)
	}
	return src, src.tidy()
}

// tidy brings all names to one spelling of spaces and accents, and refuses what
// the table could not hold.
func (s source) tidy() error {
	var names []*string
	for i := range s.provinces {
		names = append(names, &s.provinces[i].Name)
	}
	for i := range s.wards {
		names = append(names, &s.wards[i].Name)
	}
	for i := range s.mappings {
		m := &s.mappings[i]
		names = append(names, &m.OldName, &m.OldDistrict, &m.OldProvince, &m.NewName, &m.NewProvince)
	}
	for _, n := range names {
		*n = vn.Tidy(*n)
		if strings.ContainsAny(*n, "\t\n") {
			return errors.New("a name holds a tab or a line break")
		}
	}
	return nil
}
