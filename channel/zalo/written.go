package zalo

import (
	"encoding/json"
	"strings"

	"loa/channel"
)

// piece is one attachment of what a person sent.
type piece struct {
	Type    word `json:"type"`
	Payload struct {
		URL         word            `json:"url"`
		ID          word            `json:"id"`
		Name        word            `json:"name"`
		Size        word            `json:"size"`
		Title       word            `json:"title"`
		Description json.RawMessage `json:"description"`
		Coordinates struct {
			Latitude  word `json:"latitude"`
			Longitude word `json:"longitude"`
		} `json:"coordinates"`
	} `json:"payload"`
}

// kinds are the MIME types of attachments, as far as Zalo tells them.
var kinds = map[word]string{"image": "image/*", "photo": "image/*", "gif": "image/gif", "sticker": "image/*", "audio": "audio/*", "voice": "audio/*", "video": "video/*", "file": "application/octet-stream"}

// written is what a person sent, as text and pieces. Media.URL is where the provider keeps a piece. A place is told as a geo: address, a link
// by its address.
func written(m said) (string, []channel.Media) {
	lines := []string{}
	if m.Text != "" {
		lines = append(lines, string(m.Text))
	}
	var media []channel.Media
	for _, raw := range loose[[]json.RawMessage](m.Attachments) {
		p := loose[piece](raw)
		switch kind := kinds[p.Type]; {
		case p.Type == "location" && p.Payload.Coordinates.Latitude != "":
			lines = append(lines, "geo:"+string(p.Payload.Coordinates.Latitude)+","+string(p.Payload.Coordinates.Longitude))
		case kind != "" && (p.Payload.URL != "" || p.Payload.ID != ""):
			size, _ := p.Payload.Size.whole()
			media = append(media, channel.Media{ID: string(p.Payload.ID), Name: string(p.Payload.Name), MIME: kind, URL: string(p.Payload.URL), Bytes: max(size, 0)})
		case p.Payload.URL != "": // a link or a card
			lines = append(lines, strings.TrimSpace(string(p.Payload.Title)+" "+string(p.Payload.URL)))
		}
	}
	return strings.Join(lines, "\n"), media
}

// shared is the name, the number and the place a person gave of their own will.
func shared(raw json.RawMessage) (name, number, place string) {
	i := loose[struct {
		Name     word `json:"name"`
		Phone    word `json:"phone"`
		Address  word `json:"address"`
		Ward     word `json:"ward"`
		District word `json:"district"`
		City     word `json:"city"`
	}](raw)
	var parts []string
	for _, w := range []word{i.Address, i.Ward, i.District, i.City} {
		if w != "" {
			parts = append(parts, string(w))
		}
	}
	return string(i.Name), phone(string(i.Phone)), strings.Join(parts, ", ")
}
