package paper

// Document is one official document: its head, kind and subject, body, signatures and receivers. Every sentence in it is finished;
// the package writes no words of its own.
type Document struct {
	Lang      string // the language it is written in, for spelling and screen readers
	Landscape bool   // for tables too wide for the portrait page
	Head      Head
	Kind      string   // BÁO CÁO, GIẤY MỜI, …
	Subject   string   // what it is about, under the kind
	Notices   []string // lines under the subject: a draft, invented data, a layout nobody confirmed
	To        string   // "Kính gửi: …" in one line
	Bases     []string // what it is based on; each ends with a semicolon, the last with a full stop
	Blocks    []Block
	Signs     []Sign // from left to right
	Receivers Receivers
}

// Head is the two-columned head of a document. Without an issuer the nation stands alone, as over what a person declares; without
// the nation there is no head.
type Head struct {
	Superior, Issuer, Number string // on the left
	Nation, Motto, Dated     string // on the right: "Tủa Chùa, ngày 05 tháng 01 năm 2026"
}

// Receivers is the list "Nơi nhận" with its heading.
type Receivers struct {
	Head string
	List []string
}

// Sign is one signature: who signs for whom in capitals, what to do under it, and the name.
type Sign struct {
	Dated string // where the signature carries the day, as under a form
	Title []string
	Hint  string
	Name  string
}

// Style says how a block is set.
type Style string

// The styles of blocks.
const (
	Section Style = "section" // "I. KẾT QUẢ …", bold
	Point   Style = "point"   // "1. …", bold
	Text    Style = "text"    // a paragraph
	Item    Style = "item"    // one item of a list
	Note    Style = "note"    // small and italic
	Fill    Style = "fill"    // a dotted line to be filled in by hand, after its text
	Grid    Style = "grid"    // a table
)

// Block is one part of the body.
type Block struct {
	Style Style
	Lead  string // bold words before the text
	Text  string
	Lines int // of a Fill: how many more whole dotted lines
	Table *Table
}

// Align is how a column or cell stands.
type Align string

// The ways to stand; empty is to the left.
const (
	Left   Align = ""
	Middle Align = "middle"
	Right  Align = "right"
)

// Table is a ruled table; its heads are repeated on every page it runs over.
type Table struct {
	Caption string
	Columns []Column
	Heads   [][]Cell
	Rows    []Row
	Small   bool // letters of 11 instead of 12
	Bare    bool // no rules: facts beside their names
}

// Column is how wide a column is, as a share of all, and how its cells stand.
type Column struct {
	Share int
	Align Align
}

// Row is one line of a table.
type Row struct {
	Cells []Cell
	Bold  bool
	Tall  bool // room to sign
}

// Cell is one cell; Span columns wide and Down rows high when more than one. Cells hidden behind another are left out, as in HTML.
type Cell struct {
	Text  string
	Sub   string // a second, smaller line
	Span  int
	Down  int
	Bold  bool
	Align Align // instead of the column's
}

// The measures of Decree 30, in millimetres and points.
const (
	PageWidth, PageHeight = 210, 297
	MarginTop             = 20
	MarginBottom          = 20
	MarginLeft            = 30
	MarginRight           = 15

	SizeNation, SizeMotto, SizeIssuer, SizeNumber, SizeDated = 12, 13, 12, 13, 13
	SizeText, SizePage                                       = 14, 14
	SizeReceiversHead, SizeReceivers                         = 12, 11
	SizeTable, SizeSmall                                     = 12, 11
)

// Cells makes the cells of a row from their texts.
func Cells(texts ...string) []Cell {
	out := make([]Cell, len(texts))
	for i, t := range texts {
		out[i].Text = t
	}
	return out
}

// Text adds a paragraph.
func (d *Document) Text(text string) { d.Blocks = append(d.Blocks, Block{Style: Text, Text: text}) }

// Item adds an item of a list.
func (d *Document) Item(text string) { d.Blocks = append(d.Blocks, Block{Style: Item, Text: text}) }

// Section adds a heading of the first rank.
func (d *Document) Section(text string) {
	d.Blocks = append(d.Blocks, Block{Style: Section, Text: text})
}

// Point adds a heading of the second rank.
func (d *Document) Point(text string) { d.Blocks = append(d.Blocks, Block{Style: Point, Text: text}) }

// Note adds a small line in italics.
func (d *Document) Note(text string) { d.Blocks = append(d.Blocks, Block{Style: Note, Text: text}) }

// Fill adds words followed by a dotted line, and so many whole lines more: what only people know.
func (d *Document) Fill(text string, lines int) {
	d.Blocks = append(d.Blocks, Block{Style: Fill, Text: text, Lines: lines})
}

// Table adds a table.
func (d *Document) Table(t Table) { d.Blocks = append(d.Blocks, Block{Style: Grid, Table: &t}) }

// Dotted has one entry for each whole dotted line of a block, for templates to go through.
func (b Block) Dotted() []struct{} { return make([]struct{}, max(b.Lines, 0)) }

// Shares are the widths of the columns in hundredths.
func (t Table) Shares() []int {
	sum := 0
	for _, c := range t.Columns {
		sum += max(c.Share, 1)
	}
	out := make([]int, len(t.Columns))
	for i, c := range t.Columns {
		out[i] = max(c.Share, 1) * 100 / sum
	}
	return out
}

// Placed are the rows with every cell standing as its column does, unless it says otherwise.
func (t Table) Placed() []Row {
	running := make([]span, len(t.Columns))
	out := make([]Row, len(t.Rows))
	for i, row := range t.Rows {
		out[i] = row
		out[i].Cells = make([]Cell, len(row.Cells))
		copy(out[i].Cells, row.Cells)
		next := 0
		for col := 0; col < len(t.Columns); {
			if r := &running[col]; r.rows > 0 {
				r.rows--
				col += r.columns
				continue
			}
			if next >= len(row.Cells) {
				col++
				continue
			}
			c := &out[i].Cells[next]
			next++
			n := min(max(c.Span, 1), len(t.Columns)-col)
			if c.Align == Left {
				c.Align = t.Columns[col].Align
			}
			if c.Down > 1 {
				running[col] = span{c.Down - 1, n}
			}
			col += n
		}
	}
	return out
}
