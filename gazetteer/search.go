package gazetteer

import (
	"cmp"
	"slices"
	"strings"

	"loa/vn"
)

// entry is a place, or a former unit that leads to one, as it is searched.
// Every text is folded and starts with a space, so that " x" finds the
// beginning of a word.
type entry struct {
	place    *Place
	name     string
	kind     string
	province string // for a former unit also its district and both provinces
	sortKey  string // of the place
	former   bool
}

// entries lists what can be found: places first, then former units.
func entries(u *units) []entry {
	list := make([]entry, 0, len(u.provinces)+len(u.communes)+12000)
	folded := map[string]string{} // the same few words, many times
	fold := func(s string) string {
		f, ok := folded[s]
		if !ok {
			f = " " + vn.Fold(s)
			folded[s] = f
		}
		return f
	}
	add := func(p *Place, province string) {
		list = append(list, entry{
			place: p, name: " " + vn.Fold(p.Name), kind: fold(titles[p.Kind]), province: province, sortKey: vn.SortKey(p.Name),
		})
	}
	for i := range u.provinces {
		add(&u.provinces[i], "")
	}
	for i := range u.communes {
		add(&u.communes[i], fold(u.communes[i].ProvinceName))
	}
	for _, e := range list[len(u.provinces):] {
		for _, name := range spellings[e.place.Code] {
			list = append(list, entry{place: e.place, name: " " + vn.Fold(name), kind: e.kind, province: e.province, sortKey: e.sortKey, former: true})
		}
		for _, o := range u.former[e.place.Code] {
			kind, name := splitTitle(o.Name)
			if name == e.place.Name {
				continue
			}
			where := fold(o.District + " " + o.Province + " " + e.place.ProvinceName)
			list = append(list, entry{place: e.place, name: " " + vn.Fold(name), kind: fold(kind), province: where, sortKey: e.sortKey, former: true})
		}
	}
	return list
}

// spellings are other ways to write the name of a commune that people use.
var spellings = map[string][]string{"03226": {"Xín Chải"}, "03244": {"Xá Nhè"}}

// splitTitle cuts the kind off the name of a former unit.
func splitTitle(full string) (title, name string) {
	for _, t := range []string{"Xã", "Phường", "Thị trấn", "Đặc khu"} {
		if name, ok := strings.CutPrefix(full, t+" "); ok {
			return t, name
		}
	}
	return "", full
}

// hit is an entry found, with its rank: the lower, the better.
type hit struct {
	*entry
	rank int
}

// Search finds provinces and communes as somebody types: without accents, by
// the beginning of any word, with the province behind the name to narrow it
// ("tua chua dien bien"), by code, and by the name of a unit that went into a
// commune. The likeliest come first, limit at most.
func Search(query string, limit int) []Place {
	if limit <= 0 {
		return nil
	}
	u := table()
	q := newQuestion(query)
	if len(q.words) == 0 {
		return nil
	}
	var hits []hit
	list := u.search
	if len(q.heads[len(q.words)]) < 4 { // too little to mean a unit that is no more
		list = list[:len(u.provinces)+len(u.communes)]
	}
	for i := range list {
		if rank, ok := q.rank(&list[i]); ok {
			hits = append(hits, hit{&list[i], rank})
		}
	}
	if len(hits) == 0 {
		hits = unspaced(u.search, q.words)
	}
	slices.SortFunc(hits, func(a, b hit) int {
		return cmp.Or(a.rank-b.rank, len(a.name)-len(b.name), cmp.Compare(a.sortKey, b.sortKey), cmp.Compare(a.place.Code, b.place.Code))
	})
	return distinct(hits, limit)
}

// unspaced is the last resort for words run together: tuachua.
func unspaced(list []entry, words []string) []hit {
	var hits []hit
	want := strings.Join(words, "")
	if len(want) < 4 {
		return nil
	}
	for i := range list {
		if strings.HasPrefix(strings.ReplaceAll(list[i].name, " ", ""), want) {
			rank := 0
			if list[i].former {
				rank = 1
			}
			hits = append(hits, hit{&list[i], rank})
		}
	}
	return hits
}

// distinct takes the first places found, each once.
func distinct(hits []hit, limit int) []Place {
	var list []Place
	seen := map[*Place]bool{}
	for _, h := range hits {
		if seen[h.place] {
			continue
		}
		seen[h.place] = true
		list = append(list, *h.place)
		if len(list) == limit {
			break
		}
	}
	return list
}
