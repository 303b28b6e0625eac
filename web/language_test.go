package web_test

import (
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"loa/web/webtest"
)

// pagesOf are all pages without an {id}, and those of the fixture's records, that a role may open.
func pagesOf(site *webtest.Site) []string {
	var out []string
	for _, line := range site.Server.Table() {
		method, path, _ := strings.Cut(line.Pattern, " ")
		if method != http.MethodGet || path == "/place" || strings.Contains(path, "export") || strings.HasSuffix(path, "/file") {
			continue
		}
		if g := routeTable[line.Pattern]; g.noun != "" {
			path = fill(path, ids[g.noun].of(site.Home)) + queries[line.Pattern]
			if q := queries[line.Pattern]; q != "" {
				path += ids[g.noun].of(site.Home)
			}
		}
		out = append(out, strings.TrimSuffix(path, "{$}"))
	}
	return out
}

var (
	unspoken = regexp.MustCompile(`(?s)<script.*?</script>|<noscript>|</noscript>`)
	spoken   = regexp.MustCompile(`(?:title|aria-label|placeholder|data-label|alt)="([^"]*)"`)
	anyTag   = regexp.MustCompile(`<[^>]*>`)
	logins   = regexp.MustCompile(`[a-z]+\.[a-z]+`) // names of logins and files
	letters  = regexp.MustCompile(`[\p{L}']+`)
	marked   = regexp.MustCompile(`[ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]`)
	ownNames = strings.NewReplacer("Tiếng Việt", "", "English", "", "Zalo OA", "", "Loa", "", "Excel", "", "XLSX", "", "PDF", "", "CSV", "", "Word", "", "loa backup", "",
		"account, later, address, content, refused, unsure", "", "{han_the}", "") // words an administrator types as they stand, and a placeholder: hạn thẻ
)

// englishWords betray English on a Vietnamese page: common words that no Vietnamese sentence has.
var englishWords = map[string]bool{}

func init() {
	for _, w := range strings.Fields(`the of and is are was with from this that your you for not has have been will by on at all any each every new save cancel edit delete remove add open close show hide
		search find print list page next previous back people person household village commune office officer session segment matrix target report coverage enrolment settings backup audit login logout password name
		date day month year week time phone address note state status error warning success failed loading please select choose none yes done due late lapsed joined left returned draft signed version
		undo restore retire export import file upload download question answer partner collector employer lead contribution payment field value must cannot required invalid unknown unstated`) {
		englishWords[w] = true
	}
	for _, w := range strings.Fields("on at due the lead") { // also Vietnamese syllables without their marks, or parts of names
		if w != "the" {
			delete(englishWords, w)
		}
	}
}

// text is what a page says: its words, and those only a screen reader hears.
func pageText(body string) string {
	body = unspoken.ReplaceAllString(body, " ")
	var b strings.Builder
	for _, m := range spoken.FindAllStringSubmatch(body, -1) {
		b.WriteString(m[1] + " \n ")
	}
	b.WriteString(anyTag.ReplaceAllString(body, " "))
	return logins.ReplaceAllString(ownNames.Replace(html.UnescapeString(b.String())), " ")
}

func TestNoEnglishOnVietnamesePages(t *testing.T) {
	site := webtest.New(t)
	for _, who := range []string{"director", "administrator", "collector", "viewer"} {
		c := site.As(t, who)
		seen := 0
		for _, path := range pagesOf(site) {
			a := c.Get(path)
			if a.Header.Get("Content-Type") != "text/html; charset=utf-8" {
				continue
			}
			seen++
			for _, w := range letters.FindAllString(pageText(a.Body), -1) {
				if englishWords[strings.ToLower(w)] {
					t.Errorf("%s opens %s (%d) and reads %q", who, path, a.Status, w)
				}
			}
		}
		if seen < 20 {
			t.Errorf("%s saw only %d pages", who, seen)
		}
	}
}

// TestNoVietnameseOnEnglishPages reads the headings, labels and buttons: without what people, places and the office are called
// and what somebody wrote, none has a Vietnamese mark.
func TestNoVietnameseOnEnglishPages(t *testing.T) {
	site := webtest.New(t)
	c := site.As(t, "director")
	if a := c.Post("/language", "lang", "en", "next", "/"); a.Status != http.StatusSeeOther {
		t.Fatalf("the language does not change: %d", a.Status)
	}
	vi := map[string]bool{}
	for _, path := range []string{"/", "/matrix", "/matrix/versions", "/segments", "/segments/new", "/segments/overlap", "/enrolment", "/enrolment/renewals", "/register", "/coverage", "/targets", "/reports", "/account", "/admin/audit", "/search", "/imports", "/people"} {
		a := c.Get(path)
		for _, label := range regexp.MustCompile(`(?s)<(?:h1|h2|th|legend|label|button|option|caption)[^>]*>(.*?)</`).FindAllStringSubmatch(unspoken.ReplaceAllString(a.Body, " "), -1) {
			text := strings.TrimSpace(ownNames.Replace(html.UnescapeString(anyTag.ReplaceAllString(label[1], " "))))
			if marked.MatchString(strings.ToLower(text)) && !ownText(text) {
				vi[path+": "+text] = true
			}
		}
	}
	for line := range vi {
		t.Errorf("an English page says %s", line)
	}
}

// ownText is text that people wrote: names of people, places, segments and sessions of the fixture.
func ownText(s string) bool {
	for _, own := range []string{"mau", "Mẫu", "Quản", "Nhất", "Nhì", "Thu", "Xem", "Cũ", "Một", "Hai", "Chưa Rõ", "Bảo hiểm xã hội", "Đóng đủ", "Xã ", "Thôn ", "Bản "} {
		if strings.Contains(s, own) {
			return true
		}
	}
	return false
}

func TestErrorPagesSpeakBothLanguages(t *testing.T) {
	site := webtest.New(t)
	c := site.As(t, "officer")
	for path, status := range map[string]int{"/no/such/page": 404, "/segments/none": 404, "/admin": 403} {
		if a := c.Get(path); a.Status != status || !marked.MatchString(strings.ToLower(pageText(a.Body))) || !a.Has(`<html lang="vi"`) {
			t.Errorf("%s in Vietnamese: %d", path, a.Status)
		}
	}
	c.Post("/language", "lang", "en", "next", "/")
	for path, status := range map[string]int{"/no/such/page": 404, "/segments/none": 404, "/admin": 403} {
		if a := c.Get(path); a.Status != status || !a.Has(`<html lang="en"`) {
			t.Errorf("%s in English: %d", path, a.Status)
		}
	}
	// The choice belongs to the person: another browser of the same officer reads English too, and nobody else does.
	if a := site.As(t, "officer").Get("/"); !a.Has(`<html lang="en"`) {
		t.Error("the language is not kept for the person")
	}
	if a := site.As(t, "director").Get("/"); !a.Has(`<html lang="vi"`) {
		t.Error("one person's language became another's")
	}
}
