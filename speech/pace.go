package speech

// Rates at which a synthesiser is asked to read, as espeak-ng counts them. They come out slower, for the gaps between the words.
const (
	OutdoorRate = 120 // over a village square
	IndoorRate  = 160
	slowestRate = 80
	fastestRate = 250
)

// Pace is how many words (syllables) a minute are heard at a rate: measured at 120, 140, 160 and 175 with a gap of 4 between words.
func Pace(rate int) int {
	return 115 + (Rate(rate)-OutdoorRate)*64/55
}

// Rate keeps a rate within what can be understood; 0 is the outdoor one.
func Rate(rate int) int {
	if rate == 0 {
		return OutdoorRate
	}
	return min(max(rate, slowestRate), fastestRate)
}

// Seconds is how long a text takes to say at a rate, in whole seconds, the last one begun counted.
func (r *Reader) Seconds(text string, rate int) int {
	return (r.Words(text)*60 + Pace(rate) - 1) / Pace(rate)
}

// Words counts the words of a text as they are said, with its figures and short forms written out.
func (r *Reader) Words(text string) int {
	n, in := 0, false
	for _, c := range r.Aloud(text) {
		letter := isLetter(c)
		if letter && !in {
			n++
		}
		in = letter
	}
	return n
}
