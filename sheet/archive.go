package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
)

// archive is the checked container of an XLSX file: no part can unpack further than was allowed.
type archive struct {
	parts  map[string]*zip.File // by lower-case name with forward slashes
	limits Limits
}

// openArchive refuses what a spreadsheet program would not have written, before anything is unpacked.
func openArchive(r io.ReaderAt, size int64, l Limits) (*archive, error) {
	if err := walkDirectory(r, size, l); err != nil {
		return nil, err
	}
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, unpackError(err)
	}
	a := &archive{parts: make(map[string]*zip.File, len(z.File)), limits: l}
	var total uint64
	for _, f := range z.File {
		if err := a.admit(f); err != nil {
			return nil, err
		}
		total += f.UncompressedSize64
		if total > uint64(l.UnpackedBytes) {
			return nil, &Error{Code: ZipBomb, Max: l.UnpackedBytes}
		}
	}
	if err := checkOverlap(r, z.File); err != nil {
		return nil, err
	}
	return a, a.sniff()
}

// admit checks one entry of the directory by what it declares.
func (a *archive) admit(f *zip.File) error {
	name := partName(f.Name)
	if strings.HasSuffix(name, "/") {
		return nil
	}
	limit := a.limits.partLimit(int64(min(f.CompressedSize64, 1<<40)))
	switch {
	case f.Flags&1 != 0:
		return &Error{Code: Encrypted}
	case f.Method != zip.Store && f.Method != zip.Deflate:
		return &Error{Code: Damaged, Err: fmt.Errorf("packing method %d", f.Method)}
	case f.UncompressedSize64 > uint64(limit):
		return &Error{Code: ZipBomb, Max: limit}
	case f.Method == zip.Store && f.UncompressedSize64 != f.CompressedSize64:
		return &Error{Code: Damaged, Err: errors.New("a stored part of two sizes")}
	}
	for step := range strings.SplitSeq(name, "/") {
		if step == ".." {
			return &Error{Code: Damaged, Err: errors.New("a part outside the archive")}
		}
	}
	if a.parts[name] != nil {
		return &Error{Code: Damaged, Err: errors.New("two parts of one name")}
	}
	a.parts[name] = f
	return nil
}

// sniff looks at the first bytes of every part for another archive or document.
func (a *archive) sniff() error {
	var head [8]byte
	for name := range a.parts {
		part, err := a.open(name)
		if err != nil {
			return err
		}
		n, err := io.ReadFull(part, head[:])
		part.Close()
		if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
			return unpackError(err)
		}
		switch start := head[:n]; {
		case strings.HasSuffix(name, "vbaproject.bin"):
			return &Error{Code: Macros}
		case bytes.HasPrefix(start, []byte("PK\x03\x04")), bytes.HasPrefix(start, []byte("7z\xbc\xaf\x27\x1c")),
			bytes.HasPrefix(start, []byte("Rar!\x1a\x07")):
			return &Error{Code: NestedZip}
		case bytes.HasPrefix(start, []byte(oleMagic)):
			return &Error{Code: EmbeddedFile}
		}
	}
	return nil
}

// open starts reading one part; a missing part is damage, because only named parts are asked for.
func (a *archive) open(name string) (io.ReadCloser, error) {
	f := a.parts[partName(name)]
	if f == nil {
		return nil, &Error{Code: Damaged, Err: fmt.Errorf("part %q is missing", name)}
	}
	rc, err := f.Open()
	if err != nil {
		return nil, unpackError(err)
	}
	limit := a.limits.partLimit(int64(f.CompressedSize64))
	return &boundedPart{ReadCloser: rc, left: limit, limit: limit}, nil
}

// boundedPart stops a part that unpacks further than it declared.
type boundedPart struct {
	io.ReadCloser
	left, limit int64
}

// Read counts what really comes out.
func (p *boundedPart) Read(b []byte) (int, error) {
	n, err := p.ReadCloser.Read(b)
	if p.left -= int64(n); p.left < 0 {
		return 0, &Error{Code: ZipBomb, Max: p.limit}
	}
	return n, err
}

// partName folds the spellings that packing programs use for one part.
func partName(name string) string {
	return strings.TrimPrefix(strings.ToLower(strings.ReplaceAll(name, "\\", "/")), "/")
}

const (
	endSize      = 22 // end of central directory
	headerSize   = 46 // one entry of the central directory
	localSize    = 30 // header before the data of an entry
	end64Size    = 56 // zip64 end of central directory
	end64Locator = 20
)

// walkDirectory counts the entries before they cost memory, and demands that the directory lies
// exactly between the parts and the end of the file: an archive glued to something else does not.
func walkDirectory(r io.ReaderAt, size int64, l Limits) error {
	if size < endSize {
		return &Error{Code: Damaged, Err: io.ErrUnexpectedEOF}
	}
	tail := make([]byte, min(size, endSize+1<<16))
	if err := readAt(r, tail, size-int64(len(tail))); err != nil {
		return err
	}
	i := bytes.LastIndex(tail, []byte("PK\x05\x06"))
	if i < 0 || i+endSize > len(tail) {
		return &Error{Code: Damaged, Err: errors.New("no end of directory")}
	}
	end := tail[i:]
	if comment := int(binary.LittleEndian.Uint16(end[20:])); len(end) != endSize+comment {
		return &Error{Code: Polyglot}
	}
	records := uint64(binary.LittleEndian.Uint16(end[10:]))
	length := uint64(binary.LittleEndian.Uint32(end[12:]))
	start := uint64(binary.LittleEndian.Uint32(end[16:]))
	stop := size - int64(len(end))
	if records == 0xFFFF || length == 0xFFFFFFFF || start == 0xFFFFFFFF {
		end64 := make([]byte, end64Size+end64Locator)
		if stop < int64(len(end64)) {
			return &Error{Code: Damaged, Err: io.ErrUnexpectedEOF}
		}
		stop -= int64(len(end64))
		if err := readAt(r, end64, stop); err != nil {
			return err
		}
		if !bytes.HasPrefix(end64, []byte("PK\x06\x06")) {
			return &Error{Code: Damaged, Err: errors.New("no zip64 end of directory")}
		}
		records = binary.LittleEndian.Uint64(end64[32:])
		length = binary.LittleEndian.Uint64(end64[40:])
		start = binary.LittleEndian.Uint64(end64[48:])
	}
	switch {
	case records > uint64(l.Entries):
		return &Error{Code: TooManyParts, Max: int64(l.Entries)}
	case length > uint64(stop) || start != uint64(stop)-length:
		return &Error{Code: Polyglot}
	case length > uint64(l.Entries)*4096:
		return &Error{Code: Damaged, Err: errors.New("a directory of oversized entries")}
	}
	directory := make([]byte, length)
	if err := readAt(r, directory, int64(start)); err != nil {
		return err
	}
	return countEntries(directory, records)
}

// countEntries demands exactly as many entries as announced, because the reader behind it goes on
// until the signatures stop.
func countEntries(directory []byte, records uint64) error {
	var n uint64
	for len(directory) > 0 {
		if len(directory) < headerSize || !bytes.HasPrefix(directory, []byte("PK\x01\x02")) {
			return &Error{Code: Damaged, Err: errors.New("a broken directory")}
		}
		step := headerSize + int(binary.LittleEndian.Uint16(directory[28:])) +
			int(binary.LittleEndian.Uint16(directory[30:])) + int(binary.LittleEndian.Uint16(directory[32:]))
		if step > len(directory) {
			return &Error{Code: Damaged, Err: errors.New("a broken directory")}
		}
		directory = directory[step:]
		n++
	}
	if n != records {
		return &Error{Code: Damaged, Err: fmt.Errorf("%d parts announced, %d listed", records, n)}
	}
	return nil
}
