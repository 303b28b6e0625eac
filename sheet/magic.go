package sheet

import (
	"bytes"
	"fmt"
	"io"
)

// oleMagic starts Microsoft's old container: .xls, .doc, and every file locked with a password.
const oleMagic = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"

// refuseOLE tells a locked workbook from an old one by the names in the container, which are UTF-16.
func refuseOLE(r io.ReaderAt, size int64) error {
	names := []struct {
		code Code
		name []byte
	}{
		{Encrypted, utf16Bytes("EncryptedPackage")},
		{LegacyXLS, utf16Bytes("Workbook")},
		{LegacyXLS, utf16Bytes("Book")},
	}
	const step, lap = 1 << 16, 64
	found := len(names)
	buf := make([]byte, step+lap)
	for at := int64(0); at < size; at += step {
		n, err := r.ReadAt(buf, at)
		if err != nil && err != io.EOF {
			return fmt.Errorf("read an old container: %w", err)
		}
		for i, known := range names[:found] {
			if bytes.Contains(buf[:n], known.name) {
				found = i
				break
			}
		}
	}
	if found == len(names) {
		return &Error{Code: NotATable}
	}
	return &Error{Code: names[found].code}
}

func utf16Bytes(s string) []byte {
	b := make([]byte, 0, 2*len(s))
	for i := range len(s) {
		b = append(b, s[i], 0)
	}
	return b
}

// refusedText names what a file is when it is certainly no CSV, or "".
func refusedText(head []byte) Code {
	for _, magic := range []string{
		"%PDF", "\x89PNG", "\xFF\xD8\xFF", "GIF8", "Rar!", "7z\xBC\xAF", "\x1F\x8B", "BZh", "{\\rtf",
		"PK\x05\x06", "PK\x07\x08", "MZ", "\x7FELF", "RIFF", "II*\x00", "MM\x00*", "SQLite format 3\x00",
	} {
		if bytes.HasPrefix(head, []byte(magic)) && !plainText(head, magic) {
			return NotATable
		}
	}
	text := bytes.ToLower(bytes.TrimLeft(bytes.TrimPrefix(head, []byte(utf8BOM)), " \t\r\n"))
	for _, tag := range []string{"<!doctype html", "<html", "<head", "<body", "<meta", "<style", "<table", "<div", "mime-version:"} {
		if bytes.HasPrefix(text, []byte(tag)) {
			return HTML
		}
	}
	switch {
	case bytes.HasPrefix(text, []byte("<?xml")) && bytes.Contains(text, []byte("office:spreadsheet")):
		return LegacyXLS
	case bytes.HasPrefix(text, []byte("<?xml")), bytes.HasPrefix(text, []byte("<svg")),
		bytes.HasPrefix(text, []byte(`{"`)), bytes.HasPrefix(text, []byte("[{")):
		return NotATable
	}
	return ""
}

// plainText spares a list whose first heading merely spells like a short magic number.
func plainText(head []byte, magic string) bool {
	if len(magic) > 4 || magic[0] == '%' || magic[0] == '{' {
		return false
	}
	for _, c := range head {
		if c < ' ' && c != '\t' && c != '\r' && c != '\n' {
			return false
		}
	}
	return magic[0] < 0x7F
}
