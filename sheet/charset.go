package sheet

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"
)

// utf8BOM is the mark by which Excel knows a CSV file as UTF-8.
const utf8BOM = "\xEF\xBB\xBF"

// charset is how the letters of a text file are written.
type charset uint8

const (
	utf8Plain charset = iota
	utf8Marked
	utf16LittleMarked
	utf16BigMarked
	utf16Little
	utf16Big
	windows1258
	tcvn3
	vni
)

// String names the character set as an officer may have heard of it.
func (c charset) String() string {
	return [...]string{"utf-8", "utf-8", "utf-16le", "utf-16be", "utf-16le", "utf-16be", "windows-1258", "tcvn3", "vni"}[c]
}

// decoder turns one field of an old character set into UTF-8; it is nil for Unicode files.
func (c charset) decoder() func([]byte) ([]byte, error) {
	switch c {
	case windows1258:
		return decode1258
	case tcvn3:
		return decodeTCVN3
	case vni:
		return decodeVNI
	}
	return nil
}

// decode1258 joins the tone marks that the Vietnamese edition of Windows writes behind their vowel.
func decode1258(b []byte) ([]byte, error) {
	text, err := charmap.Windows1258.NewDecoder().Bytes(b)
	return norm.NFC.Bytes(text), err
}

// findCharset knows marked files by their mark and UTF-8 by its strictness. Old Vietnamese character
// sets are accepted only when their words leave no doubt, and everything else is refused.
func (f *csvFile) findCharset() error {
	sample := make([]byte, min(f.size, 1<<20))
	if err := readAt(f.in, sample, 0); err != nil {
		return f.readError(err)
	}
	switch {
	case bytes.HasPrefix(sample, []byte(utf8BOM)):
		f.charset = utf8Marked
		return nil
	case bytes.HasPrefix(sample, []byte("\xFF\xFE\x00\x00")), bytes.HasPrefix(sample, []byte("\x00\x00\xFE\xFF")):
		return &Error{Code: BadEncoding, Err: errors.New("UTF-32")}
	case bytes.HasPrefix(sample, []byte("\xFF\xFE")):
		f.charset = utf16LittleMarked
		return nil
	case bytes.HasPrefix(sample, []byte("\xFE\xFF")):
		f.charset = utf16BigMarked
		return nil
	}
	if c, ok := unmarkedUTF16(sample); ok {
		f.charset = c
		return nil
	}
	if bytes.IndexByte(sample, 0) >= 0 {
		return &Error{Code: NotATable}
	}
	valid, err := f.allUTF8()
	if err != nil {
		return f.readError(err)
	}
	if valid {
		f.charset = utf8Plain
		if c, ok := oldFont(slices.Values([]string{string(sample)})); ok {
			return &Error{Code: LegacyFont, Err: fmt.Errorf("letters of %s", c)}
		}
		return nil
	}
	if c, ok := guessOld(sample); ok {
		f.charset = c
		return nil
	}
	return f.firstBadCell()
}

// unmarkedUTF16 knows UTF-16 without a mark by its zeros: every ASCII letter has one, and always on
// the same side.
func unmarkedUTF16(sample []byte) (charset, bool) {
	var zeros [2]int
	for i, b := range sample[:min(len(sample), 4096)] {
		if b == 0 {
			zeros[i%2]++
		}
	}
	enough := min(len(sample), 4096) / 8
	switch {
	case zeros[1] > enough && zeros[0] == 0:
		return utf16Little, true
	case zeros[0] > enough && zeros[1] == 0:
		return utf16Big, true
	}
	return 0, false
}

// allUTF8 reads the whole file once, a megabyte at a time.
func (f *csvFile) allUTF8() (bool, error) {
	buf := make([]byte, 1<<20)
	kept := 0
	for in := io.NewSectionReader(f.in, 0, f.size); ; {
		n, err := in.Read(buf[kept:])
		if err != nil && err != io.EOF {
			return false, err
		}
		chunk := buf[:kept+n]
		if err == io.EOF {
			return utf8.Valid(chunk), nil
		}
		whole := len(chunk) - partialRune(chunk)
		if !utf8.Valid(chunk[:whole]) {
			return false, nil
		}
		kept = copy(buf, chunk[whole:])
	}
}

// partialRune counts the bytes at the end that only the next read completes.
func partialRune(b []byte) int {
	for i := 1; i <= min(len(b), utf8.UTFMax-1); i++ {
		if c := b[len(b)-i]; utf8.RuneStart(c) {
			if utf8.FullRune(b[len(b)-i:]) {
				return 0
			}
			return i
		}
	}
	return 0
}

// firstBadCell says where the file stops being UTF-8.
func (f *csvFile) firstBadCell() error {
	if err := f.findSeparator(); err != nil {
		return err
	}
	for c := newCSVReader(f.text(), f.comma, nil, f.limits); ; {
		found, err := c.next()
		if CodeOf(err) == BadEncoding {
			return err
		}
		if err != nil || !found {
			return &Error{Code: BadEncoding}
		}
	}
}
