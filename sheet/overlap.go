package sheet

import (
	"archive/zip"
	"cmp"
	"compress/flate"
	"encoding/binary"
	"errors"
	"io"
	"slices"
)

// checkOverlap refuses archives whose parts share packed bytes: thousands of entries over one kernel
// unpack to more than any ratio of a single entry shows. The first part must start the file.
func checkOverlap(r io.ReaderAt, files []*zip.File) error {
	type span struct{ from, to int64 }
	spans := make([]span, 0, len(files))
	for _, f := range files {
		from, err := f.DataOffset()
		if err != nil {
			return unpackError(err)
		}
		spans = append(spans, span{from, from + int64(f.CompressedSize64)})
	}
	slices.SortFunc(spans, func(a, b span) int {
		return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to))
	})
	for i := 1; i < len(spans); i++ {
		if spans[i].from < spans[i-1].to+localSize {
			return &Error{Code: ZipBomb, Err: errors.New("parts overlap")}
		}
	}
	if len(spans) == 0 {
		return &Error{Code: NotATable}
	}
	var local [localSize]byte
	if err := readAt(r, local[:], 0); err != nil {
		return err
	}
	names := int64(binary.LittleEndian.Uint16(local[26:])) + int64(binary.LittleEndian.Uint16(local[28:]))
	if localSize+names != spans[0].from {
		return &Error{Code: Polyglot}
	}
	return nil
}

// unpackError turns what the unpacking code says about a file into a refusal, and leaves faults of
// the disk as they are.
func unpackError(err error) error {
	if CodeOf(err) != "" {
		return err
	}
	var corrupt flate.CorruptInputError
	for _, known := range []error{zip.ErrFormat, zip.ErrAlgorithm, zip.ErrChecksum, io.ErrUnexpectedEOF, io.EOF} {
		if errors.Is(err, known) {
			return &Error{Code: Damaged, Err: err}
		}
	}
	if errors.As(err, &corrupt) {
		return &Error{Code: Damaged, Err: err}
	}
	return err
}

// readAt fills b from an offset; a file that ends before its stated size is damaged.
func readAt(r io.ReaderAt, b []byte, at int64) error {
	n, err := r.ReadAt(b, at)
	switch {
	case n == len(b):
		return nil
	case err == io.EOF:
		return &Error{Code: Damaged, Err: io.ErrUnexpectedEOF}
	}
	return err
}
