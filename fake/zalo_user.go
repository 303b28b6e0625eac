package fake

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// userDetail tells of one user; a telephone does as an ID.
func (z *Zalo) userDetail(c *call) reply {
	var q struct {
		UserID string `json:"user_id"`
	}
	if !c.query(&q) {
		return z.refuse(c, -201, "params is invalid")
	}
	v := z.w.villagers[q.UserID]
	if v == nil || v.ID == "" || v.ID != q.UserID && v.Phone != q.UserID {
		return z.refuse(c, -201, "user_id is invalid")
	}
	last := ""
	if !v.Last.IsZero() {
		last = v.Last.In(zone).Format("02/01/2006")
	}
	shared := map[string]string{"address": "", "city": "", "district": "", "phone": "", "name": ""}
	for k, s := range v.shared {
		shared[k] = s
	}
	notes := []string{}
	if v.notes != "" {
		notes = append(notes, v.notes)
	}
	return good(map[string]any{
		"user_id": v.ID, "user_id_by_app": byApp(v), "user_external_id": "", "display_name": v.Name, "user_alias": v.Name, "is_sensitive": false, "user_last_interaction_date": last,
		"user_is_follower": v.Follows, "avatar": "https://s120-ava-talk.zadn.vn/default", "avatars": map[string]string{"120": "https://s120-ava-talk.zadn.vn/default", "240": "https://s240-ava-talk.zadn.vn/default"},
		"tags_and_notes_info": map[string]any{"notes": notes, "tag_names": append([]string{}, v.tags...)}, "shared_info": shared,
	})
}

// byApp is a user's ID as the app sees it, which is another than the OA's.
func byApp(v *Villager) string { return strconv.FormatUint(1<<61+digest(v.ID)>>4, 10) }

// userList lists users, 50 at a time and no further than the first ten thousand.
func (z *Zalo) userList(c *call) reply {
	var q struct {
		Offset, Count int
		Tag           string `json:"tag_name"`
		Period        string `json:"last_interaction_period"`
		Follower      *bool  `json:"is_follower"`
	}
	if !c.query(&q) || q.Count < 1 || q.Count > 50 || q.Offset < 0 || q.Offset > 9951 {
		return z.refuse(c, -201, "params is invalid")
	}
	since, ok := periodStart(q.Period, c.at)
	if !ok {
		return z.refuse(c, -201, "last_interaction_period is invalid")
	}
	users := []map[string]string{}
	for _, v := range z.w.order {
		if v.ID == "" || q.Tag != "" && !slices.Contains(v.tags, q.Tag) || q.Follower != nil && v.Follows != *q.Follower || v.Last.Before(since) {
			continue
		}
		users = append(users, map[string]string{"user_id": v.ID})
	}
	total := len(users)
	users = users[min(q.Offset, total):]
	users = users[:min(q.Count, len(users))]
	return good(map[string]any{"total": total, "count": len(users), "offset": q.Offset, "users": users})
}

// periodStart reads TODAY, YESTERDAY and L7D or L30D.
func periodStart(period string, now time.Time) (time.Time, bool) {
	days := 0
	switch {
	case period == "":
		return time.Time{}, true
	case period == "TODAY":
		days = 1
	case period == "YESTERDAY":
		days = 2
	case strings.HasPrefix(period, "L") && strings.HasSuffix(period, "D"):
		days, _ = strconv.Atoi(period[1 : len(period)-1])
	}
	return now.AddDate(0, 0, -days), days > 0
}

// userUpdate keeps what the office knows of a follower.
func (z *Zalo) userUpdate(c *call) reply {
	var q struct {
		UserID string            `json:"user_id"`
		Shared map[string]string `json:"shared_info"`
	}
	if !c.read(&q) || z.w.villagers[q.UserID] == nil {
		return z.refuse(c, -201, "params is invalid")
	}
	z.w.villagers[q.UserID].shared = q.Shared
	c.take("user_update", "", q.UserID, "")
	return good(nil)
}

func (z *Zalo) tags(*call) reply {
	names := []string{}
	for _, v := range z.w.order {
		for _, t := range v.tags {
			if !slices.Contains(names, t) {
				names = append(names, t)
			}
		}
	}
	slices.Sort(names)
	return good(names)
}

type tagBody struct {
	UserID string `json:"user_id"`
	Tag    string `json:"tag_name"`
}

func (z *Zalo) tag(c *call) reply {
	var q tagBody
	if !c.read(&q) || q.Tag == "" {
		return z.refuse(c, -201, "params is invalid")
	}
	v := z.w.villagers[q.UserID]
	switch {
	case v == nil || v.ID != q.UserID:
		return z.refuse(c, -201, "user_id is invalid")
	case !v.Follows:
		return z.refuse(c, -213, "User has not followed the OA")
	}
	if !slices.Contains(v.tags, q.Tag) {
		v.tags = append(v.tags, q.Tag)
		z.raise("add_user_to_tag", map[string]any{"tag": map[string]any{"name": q.Tag, "user_ids": []string{v.ID}}})
	}
	c.take("tag", "", v.ID, q.Tag)
	return good(nil)
}

func (z *Zalo) untag(c *call) reply {
	var q tagBody
	if !c.read(&q) || z.w.villagers[q.UserID] == nil {
		return z.refuse(c, -201, "params is invalid")
	}
	v := z.w.villagers[q.UserID]
	if i := slices.Index(v.tags, q.Tag); i >= 0 {
		v.tags = slices.Delete(v.tags, i, i+1)
		z.raise("remove_user_from_tag", map[string]any{"tag": map[string]any{"name": q.Tag, "user_ids": []string{v.ID}}})
	}
	c.take("untag", "", v.ID, q.Tag)
	return good(nil)
}

func (z *Zalo) removeTag(c *call) reply {
	var q tagBody
	if !c.read(&q) || q.Tag == "" {
		return z.refuse(c, -201, "params is invalid")
	}
	for _, v := range z.w.order {
		v.tags = slices.DeleteFunc(v.tags, func(t string) bool { return t == q.Tag })
	}
	c.take("tag_remove", "", "", q.Tag)
	z.raise("remove_tag", map[string]any{"tag": map[string]any{"name": q.Tag}})
	return good(nil)
}

// getOA is what a health check asks.
func (z *Zalo) getOA(c *call) reply {
	n := 0
	for _, v := range z.w.order {
		if v.Follows {
			n++
		}
	}
	return good(map[string]any{"oaid": z.OAID, "name": z.Name, "is_verified": true, "oa_type": 4, "num_follower": n, "package_name": z.Package,
		"package_valid_through_date": c.at.AddDate(0, 6, 0).In(zone).Format("02/01/2006"), "linked_ZCA": "ZCA " + z.OAID})
}

// upload keeps a file for a week under the ID that messages name.
type upload struct {
	kind  string
	until time.Time
}

// checkUpload says whether a file may be sent still.
func (z *Zalo) checkUpload(id, kind string, now time.Time) refusal {
	u, ok := z.uploads[id]
	switch {
	case !ok || u.kind != kind:
		return refusal{-201, "attachment_id or token is invalid"}
	case !now.Before(u.until):
		return refusal{-100, "Attachment has expired"}
	}
	return refusal{}
}

// file reads the field "file" of a form.
func (c *call) file() ([]byte, refusal) {
	raw, err := c.part("file")
	if err != nil || len(raw) == 0 {
		return nil, refusal{-201, "file is invalid"}
	}
	return raw, refusal{}
}

// upload takes a picture, a moving one or a file for messages.
func (z *Zalo) upload(c *call) reply {
	kind := c.r.PathValue("kind")
	raw, no := c.file()
	if no.code != 0 {
		return z.refuse(c, no.code, no.text)
	}
	seen := http.DetectContentType(raw)
	most, fits := 5<<20, false
	switch kind {
	case "image":
		most, fits = 1<<20, seen == "image/png" || seen == "image/jpeg"
	case "gif":
		fits = seen == "image/gif"
	case "file":
		fits = seen == "application/pdf" || seen == "application/zip" || seen == "application/octet-stream"
	default:
		return z.noAPI(c)
	}
	switch {
	case !fits:
		return z.refuse(c, -201, "file type is not supported")
	case len(raw) > most:
		return z.refuse(c, -210, "file is too large")
	case z.uploaded.used(monthOf(c.at)) >= z.UploadQuota:
		return z.refuse(c, -211, "Out of quota")
	}
	z.uploaded.n++
	id := z.w.hex()
	z.uploads[id] = upload{kind, c.at.Add(7 * 24 * time.Hour)}
	c.take("upload", id, "", "")
	if kind == "file" {
		return good(map[string]string{"token": id})
	}
	return good(map[string]string{"attachment_id": id, "url": "https://fake.zadn.vn/oa-upload/" + id})
}

// uploadCover takes a picture for the head of an article.
func (z *Zalo) uploadCover(c *call) reply {
	raw, no := c.file()
	if no.code != 0 {
		return z.refuse(c, no.code, no.text)
	}
	switch seen := http.DetectContentType(raw); {
	case seen != "image/png" && seen != "image/jpeg":
		return z.refuse(c, -201, "file type is not supported")
	case len(raw) > 1<<20:
		return z.refuse(c, -210, "file is too large")
	}
	id := z.w.hex()
	c.take("cover", id, "", "")
	return good(map[string]string{"url": "https://fake.zadn.vn/article/" + id + ".jpg"})
}
