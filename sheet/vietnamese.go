package sheet

import (
	"iter"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"
)

// The old Vietnamese character sets. TCVN3 gives every toned small letter one byte and leaves capitals
// to the font; VNI writes a vowel and behind it a byte for its marks.
const (
	tcvn3Letters = "á¸àµả¶ã·ạ¹ă¨ắ¾ằ»ẳ¼ẵ½ặÆâ©ấÊầÇẩÈẫÉậËđ®éÐèÌẻÎẽÏẹÑêªếÕềÒểÓễÔệÖíÝì×ỉØĩÜịÞóãòßỏáõâọäô«ốèồåổæỗçộé" +
		"ơ¬ớíờêởëỡìợîúóùïủñũòụôư\u00ADứøừõửöữ÷ựùýýỳúỷûỹüỵþĂ¡Â¢Đ§Ê£Ô¤Ơ¥Ư¦"
	vniMarks   = "ùøûõïâáàåãäêéèúüë"
	vniLetters = "a" + "áàảãạâấầẩẫậăắằẳẵặ" + "e" + "éèẻẽẹêếềểễệ______" + "o" + "óòỏõọôốồổỗộ______" +
		"u" + "úùủũụ____________" + "y" + "ýỳỷỹ_____________" +
		"ô" + "ớờởỡợ____________" + "ö" + "ứừửữự____________"
	vniSingle = "ôơöưñđæỉóĩòịîỵ"
)

// tcvn3Table maps each byte to its letter; letters stand in the list before the byte they have.
var tcvn3Table = func() (table [256]rune) {
	list := []rune(tcvn3Letters)
	for i := 0; i < len(list); i += 2 {
		table[list[i+1]] = list[i]
	}
	return table
}()

// vniPairs maps a vowel and the byte behind it to one letter, small and capital.
var vniPairs = func() map[[2]rune]rune {
	pairs := map[[2]rune]rune{}
	marks, list := []rune(vniMarks), []rune(vniLetters)
	for i := 0; i < len(list); i += len(marks) + 1 {
		for j, mark := range marks {
			if letter := list[i+1+j]; letter != '_' {
				pairs[[2]rune{list[i], mark}] = letter
				pairs[[2]rune{upper(list[i]), upper(mark)}] = upper(letter)
			}
		}
	}
	return pairs
}()

// vniAlone maps the letters that VNI writes as one byte.
var vniAlone = func() map[rune]rune {
	alone := map[rune]rune{}
	list := []rune(vniSingle)
	for i := 0; i < len(list); i += 2 {
		alone[list[i]] = list[i+1]
		alone[upper(list[i])] = upper(list[i+1])
	}
	return alone
}()

func upper(r rune) rune { u, _ := utf8.DecodeRuneInString(strings.ToUpper(string(r))); return u }

// decodeTCVN3 reads TCVN3. A field without any small ASCII letter was shown in a capital font.
func decodeTCVN3(b []byte) ([]byte, error) {
	out := make([]byte, 0, 2*len(b))
	small, capital := 0, 0
	for _, c := range b {
		switch {
		case c >= 'a' && c <= 'z':
			small++
		case c >= 'A' && c <= 'Z':
			capital++
		}
		r := rune(c)
		if c >= 0x80 && c != 0xA0 {
			if r = tcvn3Table[c]; r == 0 {
				r = utf8.RuneError
			}
		}
		out = utf8.AppendRune(out, r)
	}
	if small == 0 && capital > 1 {
		return []byte(strings.ToUpper(string(out))), nil
	}
	return out, nil
}

// decodeVNI reads VNI for Windows, whose bytes are those of Windows-1252.
func decodeVNI(b []byte) ([]byte, error) {
	text, err := charmap.Windows1252.NewDecoder().Bytes(b)
	if err != nil {
		return nil, err
	}
	letters := []rune(string(text))
	out := make([]byte, 0, len(text))
	for i := 0; i < len(letters); i++ {
		r := letters[i]
		if i+1 < len(letters) {
			pair := [2]rune{r, letters[i+1]}
			if joined, ok := vniPairs[pair]; ok {
				out = utf8.AppendRune(out, joined)
				i++
				continue
			}
		}
		if alone, ok := vniAlone[r]; ok {
			r = alone
		}
		out = utf8.AppendRune(out, r)
	}
	return out, nil
}

// syllable is the build of a Vietnamese syllable without its tone.
var syllable = regexp.MustCompile(`^(?:ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdđghklmnprstvx])?` +
	`(?:uyê|uya|uyu|oai|oay|oao|oeo|uây|iêu|yêu|uôi|ươi|ươu|ai|ao|au|ay|âu|ây|eo|êu|ia|iê|iu|oa|oă|oe|oi|oo|ôi|ơi|` +
	`ua|uâ|uê|ui|uô|uơ|uy|uă|ưa|ưi|ươ|ưu|yê|[aăâeêioôơuưy])(?:ng|nh|ch|[cmnpt])?$`)

// isSyllable reports whether a word could be Vietnamese: one tone at most, on a syllable that exists.
func isSyllable(word string) bool {
	tones := 0
	plain := strings.Map(func(r rune) rune {
		switch r {
		case 0x300, 0x301, 0x303, 0x309, 0x323:
			tones++
			return -1
		}
		return r
	}, norm.NFD.String(strings.ToLower(word)))
	return tones <= 1 && syllable.MatchString(norm.NFC.String(plain))
}

// How sure a guess must be: this share of at least this many words reads as Vietnamese, and far
// fewer do in any other reading.
const (
	sureWords  = 5
	sureShare  = 0.9
	sureMargin = 0.25
	maxWords   = 5000

	longestWord = 64 // in bytes; anything longer is no syllable in any reading
)

// guessOld finds the one old character set in which the bytes are Vietnamese.
func guessOld(sample []byte) (charset, bool) {
	words := oldWords(sample)
	best, second, found := 0.0, 0.0, windows1258
	for _, c := range []charset{windows1258, tcvn3, vni} {
		switch share := shareOf(words, c); {
		case share > best:
			best, second, found = share, best, c
		case share > second:
			second = share
		}
	}
	return found, len(words) >= sureWords && best >= sureShare && best-second >= sureMargin
}

// oldFont finds Unicode text that only a TCVN3 or VNI font shows as Vietnamese: the letters are those
// that the bytes have in a Western or the Vietnamese edition of Windows.
func oldFont(texts iter.Seq[string]) (charset, bool) {
	var words [][]byte
	total, valid := 0, 0
	for word := range wordsBeyondASCII(texts) {
		if total++; total > maxWords {
			break
		}
		if isSyllable(word) {
			valid++
		}
		if b, ok := windowsBytes(word); ok {
			words = append(words, b)
		}
	}
	if len(words) < 2*sureWords || float64(valid) > float64(total)/2 {
		return 0, false
	}
	for _, c := range []charset{tcvn3, vni} {
		if shareOf(words, c)*float64(len(words)) >= sureShare*float64(total) {
			return c, true
		}
	}
	return 0, false
}

func wordsBeyondASCII(texts iter.Seq[string]) iter.Seq[string] {
	return func(yield func(string) bool) {
		for text := range texts {
			if isASCII(text) {
				continue
			}
			for word := range strings.FieldsFuncSeq(text, func(r rune) bool { return !isLetter(r) }) {
				if !isASCII(word) && len(word) <= longestWord && !yield(word) {
					return
				}
			}
		}
	}
}

// oldWords cuts out the words that have letters beyond ASCII.
func oldWords(sample []byte) [][]byte {
	var words [][]byte
	start, old := 0, false
	for i := 0; i <= len(sample) && len(words) < maxWords; i++ {
		if i < len(sample) && sample[i] != 0xA0 && isLetter(rune(sample[i])) {
			old = old || sample[i] >= 0x80
			continue
		}
		if old && i-start <= longestWord {
			words = append(words, sample[start:i])
		}
		start, old = i+1, false
	}
	return words
}

func shareOf(words [][]byte, c charset) float64 {
	if len(words) == 0 {
		return 0
	}
	decode, valid := c.decoder(), 0
	for _, word := range words {
		if text, err := decode(word); err == nil && isSyllable(string(text)) {
			valid++
		}
	}
	return float64(valid) / float64(len(words))
}

// isLetter takes everything beyond ASCII for a letter, because old fonts put letters anywhere there.
func isLetter(r rune) bool {
	return r >= 0x80 || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// windowsBytes goes back from letters to the bytes they had before they became Unicode.
func windowsBytes(word string) ([]byte, bool) {
	b := make([]byte, 0, len(word))
	for _, r := range word {
		c, ok := charmap.Windows1252.EncodeRune(r)
		if !ok {
			c, ok = charmap.Windows1258.EncodeRune(r)
		}
		if !ok {
			return nil, false
		}
		b = append(b, c)
	}
	return b, true
}
