package policy

import "strings"

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
