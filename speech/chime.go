package speech

import "encoding/binary"

// Chime is the three rising tones before an announcement, 16 bits, one channel, at a rate of samples a second. It is reckoned in whole
// numbers, so that it is the same on every machine.
func Chime(rate int) WAV {
	rate = min(max(rate, 8_000), 96_000)
	w := WAV{Code: PCM, Channels: 1, Rate: rate, Bits: 16}
	step := rate * 45 / 100
	tail := rate * 9 / 10                            // the last tone may ring
	for i, tenths := range []int{5233, 6593, 7840} { // Hz: do, mi, sol
		length := step
		if i == 2 {
			length = tail
		}
		attack := rate / 100
		for n := range length {
			level := int64(length-n) * int64(length-n) / int64(length) // fades as a struck bar does
			if n < attack {
				level = level * int64(n) / int64(attack)
			}
			turn := int(int64(n) * int64(tenths) * 3_600 / int64(rate) % 36_000) // in hundredths of a degree
			overtone := turn * 2 % 36_000
			sample := (sine(turn)*3 + sine(overtone)) / 4 * level / int64(length) * 6 / 10
			w.Data = binary.LittleEndian.AppendUint16(w.Data, uint16(int16(sample)))
		}
	}
	return w
}

// sine is the sine of an angle in hundredths of a degree, times 32767, by the reckoning of Bhaskara.
func sine(angle int) int64 {
	a := int64(angle)
	sign := int64(1)
	if a >= 18_000 {
		a, sign = a-18_000, -1
	}
	p := a * (18_000 - a) // in hundredths of a degree, squared
	return sign * 32_767 * 4 * p / (405_000_000 - p)
}
