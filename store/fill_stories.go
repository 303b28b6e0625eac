package store

import (
	"encoding/json"
	"strings"

	"loa"
)

// bare is a list of columns without the alias before each.
func bare(columns, alias string) string {
	return strings.TrimPrefix(strings.ReplaceAll(strings.ReplaceAll(columns, ", "+alias, ", "), "\n\t"+alias, " "), alias)
}

// stories writes stories, recordings and prices.
func (f *filler) stories(b *loa.Bulk) error {
	err := insertAll(f, "story", bare(storyColumns, "s.")+", folded", "", b.Stories, func(to []any, s *loa.Story) []any {
		s.ChangeNo = f.change(s.Office)
		return append(append(to, storyArgs(*s)...), storyFolded(*s))
	})
	if err != nil {
		return err
	}
	office := make(map[loa.StoryID]loa.OfficeID, len(b.Stories))
	for _, s := range b.Stories {
		office[s.ID] = s.Office
	}
	err = insertAll(f, "story_use", "id, office_id, story_id, kind, ref, batch, copies, used_at, used_by", "", b.StoryUses, func(to []any, u *loa.StoryUse) []any {
		return append(to, u.ID, office[u.Story], u.Story, u.Kind, u.Ref, u.Batch, u.Copies, millis(u.At), u.By)
	})
	if err != nil {
		return err
	}
	type line struct {
		story loa.StoryID
		loa.Telling
	}
	var lines []line
	for _, s := range b.Stories {
		for _, t := range s.Tellings {
			lines = append(lines, line{s.ID, t})
		}
	}
	err = insertAll(f, "story_text", "story_id, lang, change, text", "", lines, func(to []any, l *line) []any { return append(to, l.story, l.Lang, l.Change, l.Text) })
	if err != nil {
		return err
	}
	err = insertAll(f, "script", scriptInsert, "", b.Scripts, func(to []any, s *loa.Script) []any {
		s.ChangeNo = f.change(s.Office)
		texts, _ := json.Marshal(s.Texts) // strings only
		return append(to, scriptArgs(*s, string(texts))...)
	})
	if err != nil {
		return err
	}
	err = insertAll(f, "clip", bareClipColumns, "", b.Clips, func(to []any, c *loa.Clip) []any { return append(to, clipArgs(*c)...) })
	if err != nil {
		return err
	}
	err = insertAll(f, "attachment", attachmentColumns+", bytes", "", b.Clips, func(to []any, c *loa.Clip) []any {
		return append(to, c.Attachment, c.Office, c.Area, "clip", c.ID, "voice", c.MIME, c.SHA256, c.Size, 0, 0, millis(c.CreatedAt), c.CreatedBy, c.Bytes)
	})
	if err != nil {
		return err
	}
	return insertAll(f, "price_item", barePriceColumns+", change_no", "", b.Prices, func(to []any, p *loa.PriceItem) []any {
		return append(append(to, priceArgs(*p)...), f.change(p.Office))
	})
}
