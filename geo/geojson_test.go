package geo

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"strings"
	"testing"
)

func square(lon, lat, side float64) string {
	return fmt.Sprintf("[[[%v,%v],[%v,%v],[%v,%v],[%v,%v],[%v,%v]]]", lon, lat, lon+side, lat, lon+side, lat+side, lon, lat+side, lon, lat)
}

func file(features ...string) string {
	return `{"type":"FeatureCollection","features":[` + strings.Join(features, ",") + `]}`
}

func place(code, geometry string) string {
	return `{"type":"Feature","properties":{"code":` + code + `},"geometry":` + geometry + `}`
}

func polygon(coordinates string) string {
	return `{"type":"Polygon","coordinates":` + coordinates + `}`
}

func TestReadBelieves(t *testing.T) {
	raw, err := os.Open("testdata/communes.geojson")
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	places, err := Read(raw)
	if err != nil {
		t.Fatal(err)
	}
	if len(places) != 5 {
		t.Fatalf("%d places, want 5", len(places))
	}
	for _, p := range places {
		if !strings.HasPrefix(p.Code, "032") || len(p.Polygons) == 0 {
			t.Errorf("%s has %d polygons", p.Code, len(p.Polygons))
		}
		again, err := Read(strings.NewReader(file(place(`"`+p.Code+`"`, p.GeoJSON()))))
		if err != nil || again[0].GeoJSON() != p.GeoJSON() {
			t.Errorf("%s does not read back as it was written: %v", p.Code, err)
		}
	}
}

func TestReadTakesNumbersForCodes(t *testing.T) {
	places, err := Read(strings.NewReader("\ufeff" + file(place(`3226`, polygon(square(103, 21, 1))))))
	if err != nil || places[0].Code != "03226" {
		t.Fatalf("got %v, %v", places, err)
	}
}

func TestReadRefuses(t *testing.T) {
	good := polygon(square(103, 21, 0.1))
	deep := strings.Repeat("[", 100000)
	for name, c := range map[string]struct {
		text string
		want Code
	}{
		"empty":          {"", NotJSON},
		"text":           {"xã", NotJSON},
		"nested":         {deep, NotJSON},
		"half":           {file(place(`"1"`, good))[:60], NotJSON},
		"a feature":      {place(`"1"`, good), NotFeatures},
		"nothing inside": {file(), NotFeatures},
		"an array":       {"[]", NotFeatures},
		"not a feature":  {file(`{"type":"Point"}`), NotFeatures},
		"no code":        {file(`{"type":"Feature","properties":{"name":"x"},"geometry":` + good + `}`), NoCode},
		"words as code":  {file(place(`"<script>"`, good)), NoCode},
		"object code":    {file(place(`{"a":1}`, good)), NoCode},
		"negative code":  {file(place(`-3`, good)), NoCode},
		"twice":          {file(place(`"1"`, good), place(`"1"`, good)), TwiceCode},
		"no geometry":    {file(`{"type":"Feature","properties":{"code":"1"},"geometry":null}`), NoPolygon},
		"a point":        {file(place(`"1"`, `{"type":"Point","coordinates":[103,21]}`)), NoPolygon},
		"no lines":       {file(place(`"1"`, polygon(`[]`))), NoPolygon},
		"text inside":    {file(place(`"1"`, polygon(`[[["a","b"]]]`))), NoPolygon},
		"a line":         {file(place(`"1"`, polygon(`[[[103,21],[104,21],[103,21]]]`))), BadRing},
		"open":           {file(place(`"1"`, polygon(`[[[103,21],[104,21],[104,22],[103,22]]]`))), BadRing},
		"flat":           {file(place(`"1"`, polygon(`[[[103,21],[104,21],[105,21],[103,21]]]`))), BadRing},
		"one number":     {file(place(`"1"`, polygon(`[[[103],[104],[105],[103]]]`))), BadRing},
		"swapped":        {file(place(`"1"`, polygon(square(21, 103, 0.1)))), Outside},
		"metres":         {file(place(`"1"`, polygon(square(520000, 2400000, 10)))), Outside},
		"too large":      {file(place(`"1"`, polygon(`[[[1e400,21],[104,21],[104,22],[1e400,21]]]`))), NoPolygon},
		"too many bytes": {strings.Repeat(" ", MaxBytes+1), TooBig},
		"too many":       {file(many(MaxFeatures+1, good)...), TooBig},
	} {
		places, err := Read(strings.NewReader(c.text))
		var refusal *Error
		if !errors.As(err, &refusal) || refusal.Code != c.want {
			t.Errorf("%s: got %d places and %v, want %s", name, len(places), err, c.want)
		}
	}
}

func many(n int, geometry string) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = place(fmt.Sprintf(`"%05d"`, i), geometry)
	}
	return out
}

// circle is a ring of n points and the area it encloses.
func circle(n int, radius float64) (ring []string) {
	for i := range n {
		a := 2 * math.Pi * float64(i) / float64(n)
		ring = append(ring, fmt.Sprintf("[%.8f,%.8f]", 104+radius*math.Cos(a), 20+radius*math.Sin(a)))
	}
	return append(ring, ring[0])
}

func TestHeavyPlacesGetLighter(t *testing.T) {
	places, err := Read(strings.NewReader(file(place(`"1"`, polygon("[["+strings.Join(circle(60000, 0.5), ",")+"]]")))))
	if err != nil {
		t.Fatal(err)
	}
	p := places[0]
	if p.Points != 60001 || p.kept() > MaxKept || p.kept() < MaxKept/2 {
		t.Errorf("%d points became %d", p.Points, p.kept())
	}
	if got, want := math.Abs(doubleArea(p.Polygons[0][0]))/2, math.Pi*0.25; math.Abs(got-want) > want/1000 {
		t.Errorf("the area became %f, was %f", got, want)
	}
}

func TestManyIslandsGetFewer(t *testing.T) {
	var list []string
	for i := range 2500 {
		list = append(list, square(103+float64(i%50)*0.1, 10+float64(i/50)*0.1, 0.01+float64(i)*0.00001))
	}
	text := `{"type":"MultiPolygon","coordinates":[` + strings.Join(list, ",") + `]}`
	places, err := Read(strings.NewReader(file(place(`"1"`, text))))
	if err != nil {
		t.Fatal(err)
	}
	p := places[0]
	if p.kept() > MaxKept || len(p.Polygons) != maxRings/2 {
		t.Errorf("%d polygons with %d points are left", len(p.Polygons), p.kept())
	}
	if smallest := math.Abs(doubleArea(p.Polygons[len(p.Polygons)-1][0])); smallest < 2*0.03*0.03 {
		t.Errorf("a small island stayed while larger ones went: %g", smallest)
	}
}

func FuzzRead(f *testing.F) {
	if raw, err := os.ReadFile("testdata/communes.geojson"); err == nil {
		f.Add(string(raw))
	}
	f.Add(file(place(`"1"`, polygon(square(103, 21, 1)))))
	f.Add(file(place(`7`, polygon(`[[[103,21],[104,21],[104,22],[103,21]],[]]`))))
	f.Fuzz(func(t *testing.T, text string) {
		places, err := Read(strings.NewReader(text))
		if err != nil {
			var refusal *Error
			if !errors.As(err, &refusal) {
				t.Fatalf("refused without a reason: %v", err)
			}
			return
		}
		for _, p := range places {
			if p.kept() > MaxKept || !json.Valid([]byte(p.GeoJSON())) {
				t.Fatalf("%s: %d points, %s", p.Code, p.kept(), p.GeoJSON())
			}
			for _, poly := range p.Polygons {
				for _, ring := range poly {
					if len(ring) < 4 || ring[0] != ring[len(ring)-1] {
						t.Fatalf("%s: a ring of %d points", p.Code, len(ring))
					}
				}
			}
		}
	})
}
