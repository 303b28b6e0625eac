package sheet

import (
	"strconv"
	"strings"
)

// style is what a cell's format says about reading its number.
type style struct {
	date bool
	pad  int // a format of zeros only, such as 000000000000, shows this many digits
}

// maxStyles is above what Excel allows a workbook to hold.
const maxStyles = 70_000

// readStyles reads the cell formats in the order the cells number them.
func readStyles(a *archive, part string) ([]style, error) {
	formats := map[int]string{}
	var styles []style
	inCells := false
	err := a.eachTag(part, func(s *scanner) error {
		switch string(s.name) {
		case "numFmt":
			code, err := attrText(s.attrs, "formatCode")
			if err != nil {
				return err
			}
			// Differential formats further down use the same tag with numbers of their own.
			id := intAttr(s.attrs, "numFmtId")
			if _, known := formats[id]; !known && len(formats) < maxStyles {
				formats[id] = code
			}
		case "cellXfs":
			inCells = !s.empty
		case "cellStyleXfs", "cellStyles", "dxfs":
			inCells = false
		case "xf":
			if inCells && len(styles) < maxStyles {
				styles = append(styles, styleOf(intAttr(s.attrs, "numFmtId"), formats))
			}
		}
		return nil
	})
	return styles, err
}

// intAttr reads a whole number from an attribute, -1 when there is none.
func intAttr(attrs []byte, name string) int {
	n, err := strconv.Atoi(string(attr(attrs, name)))
	if err != nil {
		return -1
	}
	return n
}

// styleOf reads a format by its number: those below 164 are Excel's own unless the file redefines
// them, and 27–36 and 50–58 are dates in East Asian editions.
func styleOf(id int, formats map[int]string) style {
	if code, ok := formats[id]; ok {
		return formatStyle(code)
	}
	switch {
	case id >= 14 && id <= 17, id == 22, id >= 27 && id <= 31, id == 36, id >= 50 && id <= 58:
		return style{date: true}
	}
	return style{}
}

// formatStyle finds out from a format code whether it shows a day, or pads with zeros.
func formatStyle(code string) style {
	plain := strings.ToLower(formatLetters(code))
	if zeros := strings.Trim(plain, "0"); zeros == "" && len(plain) > 1 && len(plain) <= 32 {
		return style{pad: len(plain)}
	}
	if plain == "general" || plain == "standard" {
		return style{}
	}
	clock := strings.ContainsAny(plain, "hs")
	return style{date: strings.ContainsAny(plain, "dy") || strings.Contains(plain, "m") && !clock}
}

// formatLetters keeps the letters of the first section that stand for parts of the number: not
// quoted text, escapes, colours, currencies or fill characters.
func formatLetters(code string) string {
	var b strings.Builder
	for i := 0; i < len(code); i++ {
		switch c := code[i]; c {
		case '\\', '_', '*':
			i++
		case '"', '[':
			stop := strings.IndexByte(code[i+1:], map[byte]byte{'"': '"', '[': ']'}[c])
			if stop < 0 {
				return b.String()
			}
			// [h] counts hours that have passed: a length of time, not a day.
			if inner := code[i+1 : i+1+stop]; c == '[' && strings.Trim(inner, "hHmMsS") == "" {
				b.WriteByte('h')
			}
			i += stop + 1
		case ';':
			return b.String()
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}
