package web

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"loa"
	"loa/vn"
	"loa/wording"
)

// previewCards draw every channel of a broadcast once, in its order.
func (s *Server) previewCards(r *http.Request, b loa.Broadcast, script loa.Script, ways sendingWays, whole *loa.Reckoning) ([]previewCard, error) {
	law, err := s.law(r)
	if err != nil {
		return nil, err
	}
	shown := b // every network as a step of its own, so that the words are found by the same hand that sends them
	var seen []string
	shown.Ladder = slices.Clone(b.Ladder)
	for _, o := range b.Outlets {
		if !slices.Contains(seen, o.Network) {
			seen = append(seen, o.Network)
			shown.Ladder = append(shown.Ladder, loa.Rung{Form: o.Form, Network: o.Network, Channel: o.Channel, Link: o.Link})
		}
	}
	words, wordErr := s.wordsOf(r, s.withLinks(r, shown, script), script, law, s.plannedAt(b))
	if wordErr != nil && loa.KindOf(wordErr) == "" {
		return nil, wordErr
	}
	lang := "vietnamese"
	if tongues := wording.Tongues(script); len(tongues) > 0 && !slices.Contains(tongues, lang) {
		lang = tongues[0]
	}
	var cards []previewCard
	for i, x := range shown.Ladder {
		if x.Network == loa.VisitList && slices.ContainsFunc(cards, func(c previewCard) bool { return c.Network == loa.CallList }) {
			continue // both lists are read from the same words
		}
		c := previewCard{Network: x.Network, Icon: rungIcons[x.Network], Label: t(r, "broadcast.form."+x.Network), Account: whoOf(r).Office.ShortName}
		if a, ok := ways.account(x.Channel); ok {
			c.Account = a.Name
		}
		if words != nil {
			m, err := words.Message(loa.Delivery{Rung: i, Network: x.Network, Lang: lang}, sampleReader(s.today()))
			if err != nil && loa.KindOf(err) == "" {
				return nil, err
			}
			if err != nil {
				c.Problem = s.said(r, err)
			}
			c.Title, c.Text = m.Title, m.Text
			if x.Network == "tel" {
				c.Accented = len(vn.SplitSMS(cmpOr(words.Accented(loa.Delivery{Rung: i, Lang: lang}, sampleReader(s.today())), m.Text)).Parts)
			}
			for _, p := range x.Params {
				c.Params = append(c.Params, option{p.Name, m.Params[p.Name]})
			}
			if x.Template != "" && len(c.Params) == 0 {
				c.Params = []option{{x.Template, ""}}
			}
		} else {
			c.Problem = s.said(r, wordErr)
			if len(script.Texts) == 0 {
				c.Problem = t(r, "broadcast.card.empty")
			}
		}
		s.fillCard(r, &c, b, script, whole, i)
		cards = append(cards, c)
	}
	return cards, nil
}

// said is a refusal in the words of the page.
func (s *Server) said(r *http.Request, err error) string {
	f := &form{r: r, Errors: map[string]string{}}
	_ = f.take(err) // anything but a refusal was handed back before
	for _, text := range f.Errors {
		return text
	}
	return ""
}

// fillCard adds what a channel has of its own.
func (s *Server) fillCard(r *http.Request, c *previewCard, b loa.Broadcast, script loa.Script, whole *loa.Reckoning, rung int) {
	n := 0
	if whole != nil {
		for _, x := range whole.By {
			if x.State == loa.DeliveryQueued && x.Rung == rung && x.Network == c.Network || x.State == loa.DeliveryByHand && x.Network == c.Network {
				n += x.N
				c.Total, c.Cost = c.Total+x.N*x.Parts, c.Cost+x.Cost
			}
		}
	}
	var langs []string
	for _, lang := range wording.Tongues(script) {
		if lang != "vietnamese" {
			langs = append(langs, t(r, "tongue."+lang))
		}
	}
	c.Langs = strings.Join(langs, ", ")
	when, hours := windowText(r, b)
	c.When = when + " · " + hours
	defer func() {
		if whole == nil && !b.SentAt.IsZero() && c.Network != loa.SpeakerNetwork && n == 0 {
			c.Sub = "" // nothing was reckoned: what became of it stands above
		}
	}()
	switch c.Network {
	case "tel":
		m := smsOf(c.Text)
		c.Text = m.Text
		c.Chars, c.Parts = vn.Characters(m.Text), len(m.Parts)
		c.Known = whole != nil && !whole.Unpriced
		c.Sub = t(r, "broadcast.card.sms", numberIn(r, int64(n)), c.Parts)
	case loa.SpeakerNetwork:
		s.speakerCard(r, c, b, script)
	case loa.GroupNetwork:
		c.When = postedAt(b, c.Network, c.When)
		groups := 0
		for _, o := range b.Outlets {
			if o.Network == c.Network {
				groups++
			}
		}
		c.Sub = t(r, "broadcast.card.groups", groups)
	case "fb_page", "zalo_article", kitNetwork:
		c.When = postedAt(b, c.Network, c.When)
		c.Sub = t(r, "broadcast.card.post")
	default:
		c.Sub = t(r, "broadcast.card.people", numberIn(r, int64(n)))
	}
}

// postedAt is when something is posted: at its own time, or when the broadcast begins.
func postedAt(b loa.Broadcast, network, begins string) string {
	for _, o := range b.Outlets {
		if o.Network == network && !o.At.IsZero() {
			return moment(o.At)
		}
	}
	return begins
}

func (s *Server) speakerCard(r *http.Request, c *previewCard, b loa.Broadcast, script loa.Script) {
	stations, plays := map[loa.PlaceID]bool{}, 0
	var when []string
	for _, o := range b.Outlets {
		if o.Network != loa.SpeakerNetwork {
			continue
		}
		stations[o.Place] = true
		plays += max(o.Repeat, 1)
		if !o.At.IsZero() && !slices.Contains(when, moment(o.At)) {
			when = append(when, moment(o.At))
		}
	}
	c.Sub = t(r, "broadcast.card.speakers", len(stations), plays/max(len(stations), 1))
	if len(when) > 0 {
		c.When = strings.Join(when, " · ")
	}
	from, err := s.sender(r, script, b.Author, loa.DayOf(s.plannedAt(b)))
	if err == nil {
		for _, lang := range loa.Tongues {
			if clip, ok := from.Clips[lang]; ok {
				label := tongueOf(langOf(r), clip)
				if clip.Speaker != "" {
					label += " · " + clip.Speaker
				}
				c.Clips = append(c.Clips, clipLine{label, minutesText(clip.Seconds), soundURL(clipsHere, clip.ID)})
			}
		}
	}
	if len(c.Clips) > 0 {
		c.Sound = c.Clips[0].URL
	}
	if reader, err := aloudReader(); err == nil && c.Text != "" {
		c.Seconds = minutesText(reader.Seconds(c.Text, 0))
	}
}

// minutesText writes seconds as 0:31.
func minutesText(seconds int) string { return fmt.Sprintf("%d:%02d", seconds/60, seconds%60) }
