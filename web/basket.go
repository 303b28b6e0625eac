package web

import (
	"cmp"
	"net/http"
	"strings"

	"loa"
	"loa/i18n"
	"loa/vn"
)

func (s *Server) basketRoutes() []route {
	return []route{
		{"GET /basket", loa.ReadOutreach, s.basketShow},
		{"POST /basket", loa.EditOutreach, s.basketSave},
		{"POST /basket/off", loa.EditOutreach, s.basketOff},
	}
}

// basketPictures are the pictures a thing of the basket may have.
var basketPictures = []string{"chicken", "pig", "rice-sack", "rice", "noodles", "cigarette", "phone", "book", "umbrella", "bills", "basket"}

// triedAmount is what the page tells in the basket until somebody asks for another amount.
const triedAmount = 100000

type basketPage struct {
	Tab       string
	Area      string
	Places    []option
	Own       bool // the office's basket, not that of one commune
	MayEdit   bool
	Rows      []basketRow
	History   []basketRow
	Form      loa.PriceItem
	PriceText string
	Pictures  []option
	Amount    int64
	Said      []saidView
	Errors    map[string]string
}

type basketRow struct {
	loa.PriceItem
	Name    string
	Unit    string
	Place   string // whose price it is
	Ours    bool   // of the chosen basket itself, so that it can be changed here
	When    string
	By      officerView
	EditURL string
}

// saidView is an amount told in one thing.
type saidView struct {
	Picture, Text string
}

// basketArea is the commune whose basket is asked for; the office's own node for the basket of all.
func (s *Server) basketArea(r *http.Request, wanted string) (loa.AreaID, error) {
	me := whoOf(r)
	if wanted == "" && me.Place != "" {
		wanted = string(me.Place)
	}
	if wanted == "" {
		return me.Office.Anchor, nil
	}
	for _, a := range me.whole {
		if string(a.ID) == wanted {
			return a.ID, nil
		}
	}
	return "", loa.ErrNotFound
}

func (s *Server) basketShow(w http.ResponseWriter, r *http.Request) error {
	return s.basketDraw(w, r, r.FormValue("area"), nil, loa.PriceItem{From: s.today()})
}

func (s *Server) basketDraw(w http.ResponseWriter, r *http.Request, wanted string, f *form, typed loa.PriceItem) error {
	area, err := s.basketArea(r, wanted)
	if err != nil {
		return err
	}
	me := whoOf(r)
	rows, err := s.DB.Prices(r.Context(), me.Whole, area)
	if err != nil {
		return err
	}
	b := basketPage{Tab: "basket", Area: string(area), Own: area == me.Office.Anchor, Form: typed, Pictures: options(r, "basket.picture.", basketPictures), Errors: map[string]string{}}
	names := map[loa.AreaID]string{me.Office.Anchor: t(r, "basket.whole")}
	b.Places = []option{{string(me.Office.Anchor), t(r, "basket.whole")}}
	for _, a := range me.whole {
		if a.Kind == loa.Commune && me.Whole.Holds(a.Path) {
			b.Places, names[a.ID] = append(b.Places, option{string(a.ID), a.Label()}), a.Label()
		}
		if a.ID == area {
			b.MayEdit = me.may(loa.EditOutreach) && me.Whole.Holds(a.Path)
		}
	}
	officers, err := s.officerNames(r)
	if err != nil {
		return err
	}
	line := func(p loa.PriceItem) basketRow {
		row := basketRow{PriceItem: p, Name: itemName(langOf(r), p), Unit: p.UnitVI, Place: names[p.Area], Ours: p.Area == area, When: moment(p.RecordedAt), By: officers.by[p.RecordedBy]}
		row.EditURL = "/basket?area=" + string(area) + "&edit=" + p.ID + "#f-name_vi"
		return row
	}
	now := loa.BasketOf(rows, area, s.today())
	for _, p := range now {
		b.Rows = append(b.Rows, line(p))
	}
	for _, p := range rows {
		if p.Area == area {
			b.History = append(b.History, line(p))
		}
		if f == nil && p.ID == r.FormValue("edit") {
			b.Form = p
			b.Form.From, b.Form.Source = s.today(), ""
		}
	}
	if b.Form.Price > 0 {
		b.PriceText = vn.NumberIn(langOf(r), b.Form.Price)
	}
	b.Amount = triedAmount
	if n, err := vn.ParseNumber(r.FormValue("amount")); err == nil && n > 0 && n <= 1e12 {
		b.Amount = n
	}
	b.Said = saidIn(langOf(r), b.Amount, now)
	status := 0
	if f != nil {
		b.Errors, status, b.PriceText = f.Errors, http.StatusUnprocessableEntity, f.text("price")
	}
	return s.render(w, r, "basket", page{Title: t(r, "basket.title"), Context: t(r, "basket.context", len(now)), Active: "stories", Body: b, Status: status})
}

// itemName is a thing with its unit in the language of the page: "gói thuốc lá", "packet of cigarettes".
func itemName(lang string, p loa.PriceItem) string {
	if lang == "en" && p.OneEN != "" {
		return p.OneEN
	}
	return p.UnitVI + " " + p.NameVI
}

func (s *Server) basketSave(w http.ResponseWriter, r *http.Request) error {
	f := readForm(r)
	p := loa.PriceItem{Area: loa.AreaID(f.text("area")), NameVI: f.text("name_vi"), UnitVI: f.text("unit_vi"), OneEN: f.text("one_en"), ManyEN: f.text("many_en"), Price: f.number("price"),
		Picture: f.text("picture"), From: f.day("from"), Source: f.text("source")}
	if p.Picture != "" && !loa.OneOf(p.Picture, basketPictures) {
		f.bad("picture", "error.not_in_list")
	}
	if f.ok() {
		if _, err := s.DB.AddPrice(r.Context(), whoOf(r).Whole, s.by(r), p); f.take(err) != nil {
			return err
		}
	}
	if !f.ok() {
		return s.basketDraw(w, r, string(p.Area), f, p)
	}
	return s.done(w, r, "/basket?area="+string(p.Area), t(r, "basket.saved", itemName(langOf(r), p), vn.NumberIn(langOf(r), p.Price)), "")
}

// basketOff takes a thing out of the basket of a commune, or of the office, from today on; its prices stay in the history.
func (s *Server) basketOff(w http.ResponseWriter, r *http.Request) error {
	f := readForm(r)
	area := loa.AreaID(f.text("area"))
	list, err := s.DB.Prices(r.Context(), whoOf(r).Whole, area)
	if err != nil {
		return err
	}
	for _, p := range loa.BasketOf(list, area, s.today()) {
		if p.ID != f.text("id") || p.Area != area {
			continue
		}
		name := itemName(langOf(r), p)
		p.ID, p.Off, p.From, p.Source = "", true, s.today(), t(r, "basket.taken_out")
		if _, err := s.DB.AddPrice(r.Context(), whoOf(r).Whole, s.by(r), p); err != nil {
			return err
		}
		return s.done(w, r, "/basket?area="+string(area), t(r, "basket.off", name), "")
	}
	return loa.ErrNotFound
}

// saidIn tells an amount of money in the things of a basket, the easiest to picture first.
func saidIn(lang string, amount int64, items []loa.PriceItem) []saidView {
	var out []saidView
	for _, c := range loa.Compare(amount, items) {
		out = append(out, saidView{basketPicture(c.Item), comparison(lang, c)})
	}
	return out
}

// comparison is the sentence of one comparison: "1 con gà rưỡi", "hơn nửa bao gạo", "15 packets of cigarettes".
func comparison(lang string, c loa.Comparison) string {
	if lang != "en" || c.Item.OneEN == "" && c.Item.ManyEN == "" {
		return likeness(lang, c, c.Item.UnitVI+" "+c.Item.NameVI)
	}
	return likeness(lang, c, thingIn(c))
}

// comparedParts are the two lines of a tile: the thing, and how much of it.
func comparedParts(lang string, c loa.Comparison) (thing, much string) {
	if lang != "en" || c.Item.OneEN == "" && c.Item.ManyEN == "" {
		return c.Item.NameVI, likeness(lang, c, c.Item.UnitVI)
	}
	return thingIn(c), strings.TrimSuffix(likeness(lang, c, ""), " of one")
}

// thingIn is the English name of a thing, of one or of many of it as the sentence has it.
func thingIn(c loa.Comparison) string {
	one := c.Item.OneEN
	switch c.Kind {
	case "exact", "nearly", "over":
		if c.N == 1 && one != "" {
			return one
		}
	case "tiny", "little", "part", "near_part", "over_part", "near_one":
		return cmp.Or(one, c.Item.ManyEN)
	}
	return cmp.Or(c.Item.ManyEN, one)
}

func likeness(lang string, c loa.Comparison, thing string) string {
	key := "basket.say." + c.Kind
	var said string
	switch c.Kind {
	case "tiny", "little", "near_one":
		said = i18n.Text(lang, key, thing)
	case "part", "near_part", "over_part":
		said = i18n.Text(lang, key, i18n.Text(lang, "basket.part."+c.Part), thing)
	default:
		said = i18n.Text(lang, key, vn.NumberIn(lang, c.N), thing)
	}
	return strings.TrimSpace(said)
}

// basketPicture is the picture of a thing; what has none of its own is drawn as the basket it is carried in.
func basketPicture(p loa.PriceItem) string {
	if p.Picture == "" {
		return "basket"
	}
	return p.Picture
}

// likesOf tells an amount in at most three things, each as a tile: the picture is filled as far as the amount goes.
func likesOf(lang string, amount int64, basket []loa.PriceItem) []likeView {
	var out []likeView
	for _, c := range loa.Compare(amount, basket) {
		if len(out) == 3 {
			break
		}
		l := likeView{Picture: basketPicture(c.Item), Fills: []int64{min(100, c.Percent)}}
		if c.Percent > 100 && c.Percent < 200 {
			l.Fills = append(l.Fills, c.Percent-100)
		}
		l.Thing, l.Much = comparedParts(lang, c)
		out = append(out, l)
	}
	return out
}
