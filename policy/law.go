package policy

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// Law is a legal text as the rows cite it, in Vietnamese; it says itself in the reader's language.
type Law string

var lawWords = strings.NewReplacer("Luật BHXH", "SI Law", "Luật", "Law", "Nghị định", "Decree", "Nghị quyết", "Resolution", "Thông tư", "Circular", "Thông báo", "Notice",
	"Công văn", "Letter", "Quyết định", "Decision", "Phụ lục", "Annex", "Điều", "Art.", " khoản ", ".", "Giả định của cơ quan", "Assumption of the office", "NĐ-CP", "ND-CP", "QĐ-TTg", "QD-TTg",
	"BLĐTBXH", "BLDTBXH", "ĐTQ", "DTQ")

// In writes the citation in a language: "Luật 41/2024/QH15 Điều 36 khoản 1" is "Law 41/2024/QH15 Art. 36.1" in English.
func (l Law) In(lang string) string {
	if lang == "en" {
		return lawWords.Replace(string(l))
	}
	return string(l)
}

// Gather writes many citations as one line, each law once with its articles: "Luật 41/2024/QH15 Điều 31, 36.1, 98; …".
func Gather(cites []string) string {
	var laws []string
	articles := map[string][]string{}
	for _, all := range cites {
		for _, cite := range strings.Split(all, "; ") {
			law, rest, _ := strings.Cut(cite, " Điều ")
			if !slices.Contains(laws, law) {
				laws = append(laws, law)
			}
			for _, a := range strings.Split(rest, ", ") {
				a = strings.ReplaceAll(strings.TrimPrefix(a, "Điều "), " khoản ", ".")
				if a != "" && !slices.Contains(articles[law], a) {
					articles[law] = append(articles[law], a)
				}
			}
		}
	}
	out := make([]string, len(laws))
	for i, law := range laws {
		out[i] = law
		if list := articles[law]; len(list) > 0 {
			slices.SortFunc(list, func(a, b string) int {
				x, y := article(a), article(b)
				return cmp.Or(x[0]-y[0], x[1]-y[1])
			})
			out[i] += " Điều " + strings.Join(list, ", ")
		}
	}
	return strings.Join(out, "; ")
}

// article is 36.1 as numbers, for the order of articles.
func article(s string) [2]int {
	a, b, _ := strings.Cut(s, ".")
	x, _ := strconv.Atoi(a)
	y, _ := strconv.Atoi(b)
	return [2]int{x, y}
}
