package paper

import (
	"archive/zip"
	"fmt"
	"io"
	"time"
)

const (
	xmlHead   = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	wordSpace = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
	linkSpace = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	packSpace = "http://schemas.openxmlformats.org/package/2006/"
	wordType  = "application/vnd.openxmlformats-officedocument.wordprocessingml."
)

// MIME is the media type of a DOCX file.
const MIME = wordType + "document"

// DOCX writes documents as one file for a word processor, each beginning on a page of its own and counted from page 1. The same
// documents give the same bytes.
func DOCX(w io.Writer, title string, list ...Document) error {
	if len(list) == 0 {
		return fmt.Errorf("paper: a file without a document")
	}
	z := zip.NewWriter(w)
	b := &writer{}
	b.put(xmlHead, `<w:document xmlns:w="`, wordSpace, `" xmlns:r="`, linkSpace, `"><w:body>`)
	for i, d := range list {
		b.document(d, i == len(list)-1)
	}
	b.put(`</w:body></w:document>`)
	lang := list[0].Lang
	if lang == "" {
		lang = "vi"
	}
	for _, part := range []struct{ name, text string }{
		{"[Content_Types].xml", contentTypes},
		{"_rels/.rels", xmlHead + `<Relationships xmlns="` + packSpace + `relationships"><Relationship Id="rId1" Type="` + linkSpace + `/officeDocument" Target="word/document.xml"/>` +
			`<Relationship Id="rId2" Type="` + packSpace + `relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>`},
		{"docProps/core.xml", xmlHead + `<cp:coreProperties xmlns:cp="` + packSpace + `metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>` + escape(title) + `</dc:title><dc:creator>` +
			escape(list[0].Head.Issuer) + `</dc:creator><dc:language>` + escape(lang) + `</dc:language></cp:coreProperties>`},
		{"word/_rels/document.xml.rels", documentLinks},
		{"word/styles.xml", styles(lang)},
		{"word/settings.xml", xmlHead + `<w:settings xmlns:w="` + wordSpace + `"><w:zoom w:percent="100"/><w:defaultTabStop w:val="720"/><w:compat><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat></w:settings>`},
		{"word/fontTable.xml", xmlHead + `<w:fonts xmlns:w="` + wordSpace + `"><w:font w:name="Times New Roman"><w:altName w:val="Liberation Serif"/><w:panose1 w:val="02020603050405020304"/><w:charset w:val="00"/><w:family w:val="roman"/><w:pitch w:val="variable"/></w:font></w:fonts>`},
		{"word/header1.xml", xmlHead + `<w:hdr xmlns:w="` + wordSpace + `"><w:p><w:pPr><w:pStyle w:val="Header"/></w:pPr><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r>` +
			`<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>2</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p></w:hdr>`},
		{"word/header2.xml", xmlHead + `<w:hdr xmlns:w="` + wordSpace + `"><w:p><w:pPr><w:pStyle w:val="Header"/></w:pPr></w:p></w:hdr>`},
		{"word/document.xml", b.String()},
	} {
		out, err := z.CreateHeader(&zip.FileHeader{Name: part.name, Method: zip.Deflate, Modified: time.Date(2020, 3, 5, 0, 0, 0, 0, time.UTC)}) // the day of the decree: no clock here
		if err == nil {
			_, err = io.WriteString(out, part.text)
		}
		if err != nil {
			return fmt.Errorf("write %s: %w", part.name, err)
		}
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("finish the document: %w", err)
	}
	return nil
}

const contentTypes = xmlHead + `<Types xmlns="` + packSpace + `content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>` +
	`<Override PartName="/word/document.xml" ContentType="` + wordType + `document.main+xml"/><Override PartName="/word/styles.xml" ContentType="` + wordType + `styles+xml"/>` +
	`<Override PartName="/word/settings.xml" ContentType="` + wordType + `settings+xml"/><Override PartName="/word/fontTable.xml" ContentType="` + wordType + `fontTable+xml"/>` +
	`<Override PartName="/word/header1.xml" ContentType="` + wordType + `header+xml"/><Override PartName="/word/header2.xml" ContentType="` + wordType + `header+xml"/>` +
	`<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>`

const documentLinks = xmlHead + `<Relationships xmlns="` + packSpace + `relationships"><Relationship Id="rId1" Type="` + linkSpace + `/styles" Target="styles.xml"/><Relationship Id="rId2" Type="` + linkSpace + `/settings" Target="settings.xml"/>` +
	`<Relationship Id="rId3" Type="` + linkSpace + `/fontTable" Target="fontTable.xml"/><Relationship Id="rId4" Type="` + linkSpace + `/header" Target="header1.xml"/><Relationship Id="rId5" Type="` + linkSpace + `/header" Target="header2.xml"/></Relationships>`

// styles are few and named as word processors name their own, so that an office can change one and not every paragraph.
func styles(lang string) string {
	region := map[string]string{"vi": "vi-VN", "en": "en-US"}[lang]
	if region == "" {
		region = lang
	}
	font := `<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="Times New Roman" w:cs="Times New Roman"/>`
	style := func(id, name, paragraph, run string) string {
		return `<w:style w:type="paragraph" w:styleId="` + id + `"><w:name w:val="` + name + `"/><w:basedOn w:val="Normal"/><w:qFormat/><w:pPr>` + paragraph + `</w:pPr><w:rPr>` + run + `</w:rPr></w:style>`
	}
	return xmlHead + `<w:styles xmlns:w="` + wordSpace + `"><w:docDefaults><w:rPrDefault><w:rPr>` + font + `<w:color w:val="000000"/><w:sz w:val="28"/><w:szCs w:val="28"/><w:lang w:val="` + escape(region) + `"/></w:rPr></w:rPrDefault>` +
		`<w:pPrDefault><w:pPr><w:spacing w:before="0" w:after="0" w:line="240" w:lineRule="auto"/></w:pPr></w:pPrDefault></w:docDefaults>` +
		`<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/></w:style>` +
		`<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar><w:left w:w="0" w:type="dxa"/><w:right w:w="0" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>` +
		style("Header", "header", `<w:jc w:val="center"/>`, `<w:sz w:val="28"/><w:szCs w:val="28"/>`) +
		style("Title", "Title", `<w:keepNext/><w:spacing w:before="240"/><w:jc w:val="center"/>`, `<w:b/><w:bCs/>`) +
		style("Subtitle", "Subtitle", `<w:keepNext/><w:jc w:val="center"/>`, `<w:b/><w:bCs/>`) +
		style("BodyText", "Body Text", `<w:spacing w:before="120" w:line="264" w:lineRule="auto"/><w:ind w:firstLine="720"/><w:jc w:val="both"/>`, ``) +
		style("Heading1", "heading 1", `<w:keepNext/><w:spacing w:before="160"/><w:ind w:firstLine="720"/><w:outlineLvl w:val="0"/>`, `<w:b/><w:bCs/>`) +
		style("Heading2", "heading 2", `<w:keepNext/><w:spacing w:before="120"/><w:ind w:firstLine="720"/><w:outlineLvl w:val="1"/>`, `<w:b/><w:bCs/>`) +
		style("Note", "Note", `<w:spacing w:before="60"/><w:jc w:val="both"/>`, `<w:i/><w:iCs/><w:sz w:val="24"/><w:szCs w:val="24"/>`) + `</w:styles>`
}
