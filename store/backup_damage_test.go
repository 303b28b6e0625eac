package store_test

import (
	"bytes"
	"io"
	"testing"

	"github.com/klauspost/compress/zstd"

	"loa/store"
	"loa/store/storetest"
)

// TestEveryChangedByteIsNoticed flips a bit at thousands of places of a backup: the manifest and the heads of tables have no proof of
// their own, only the file's sum. What unpacks to the very same is no damage.
func TestEveryChangedByteIsNoticed(t *testing.T) {
	db := storetest.SQLite(t)
	storetest.Office(t, db)
	file, _ := backUp(t, db)
	plain := func(packed []byte) []byte {
		z, err := zstd.NewReader(bytes.NewReader(packed))
		if err != nil {
			return nil
		}
		defer z.Close()
		out, err := io.ReadAll(z)
		if err != nil {
			return nil
		}
		return out
	}
	whole := plain(file)
	missed, tried := 0, 0
	for at := 0; at < len(file); at += 1 + len(file)/2000 {
		file[at] ^= 1 << (at % 8)
		tried++
		if _, _, err := store.ReadBackup(bytes.NewReader(file)); err == nil && !bytes.Equal(plain(file), whole) {
			missed++
			t.Errorf("byte %d of %d is changed and nobody notices", at, len(file))
		}
		file[at] ^= 1 << (at % 8)
	}
	if tried < 1000 || missed > 0 {
		t.Errorf("%d of %d are missed", missed, tried)
	}
}
