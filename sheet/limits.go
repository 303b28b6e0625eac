package sheet

// Limits bounds what reading one file may cost, whatever the file claims about itself.
type Limits struct {
	FileBytes     int64 // the file as it lies on the disk
	UnpackedBytes int64 // all parts of an XLSX file together, unpacked
	Ratio         int64 // unpacked bytes per packed byte of one part beyond its first megabyte
	Entries       int   // parts inside an XLSX file
	TextBytes     int64 // memory for the texts that the cells of an XLSX file share
	Rows          int   // rows with a value, headings and title lines included
	Columns       int   // columns with a value
	CellChars     int   // characters in one cell, as Excel counts them
}

// DefaultLimits admits a list of 200,000 people with some lines of titles, headings and signatures.
func DefaultLimits() Limits {
	return Limits{
		FileBytes:     100 << 20,
		UnpackedBytes: 512 << 20,
		Ratio:         100,
		Entries:       200,
		TextBytes:     64 << 20,
		Rows:          200_100,
		Columns:       200,
		CellChars:     maxCellChars,
	}
}

// What Excel itself can hold; a file that claims more was not made by a spreadsheet program.
const (
	maxSheetRows    = 1_048_576
	maxSheetColumns = 16_384
	maxCellChars    = 32_767
)

// partLimit is how far one part of an archive may unpack: ordinary sheets pack 5 to 20 times, so
// a part far beyond that is a bomb and not a table.
func (l Limits) partLimit(packed int64) int64 {
	return min(l.UnpackedBytes, max(1<<20, packed*l.Ratio))
}
