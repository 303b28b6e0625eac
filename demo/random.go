package demo

import (
	"encoding/binary"
	"time"

	"loa"
)

// dice is the demo's own randomness (SplitMix64): the same seed gives the same office on every machine and with every Go.
type dice struct{ state uint64 }

func (d *dice) next() uint64 {
	d.state += 0x9e3779b97f4a7c15
	z := d.state
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// n is a number from 0 to below limit.
func (d *dice) n(limit int) int { return int(d.next() >> 1 % uint64(limit)) }

// between is a number from low to high, both included.
func (d *dice) between(low, high int) int { return low + d.n(high-low+1) }

// percent is true in so many of a hundred cases.
func (d *dice) percent(p int) bool { return d.n(100) < p }

// pick is one of a list.
func pick[T any](d *dice, list []T) T { return list[d.n(len(list))] }

// shuffle mixes a list.
func shuffle[T any](d *dice, list []T) {
	for i := len(list) - 1; i > 0; i-- {
		j := d.n(i + 1)
		list[i], list[j] = list[j], list[i]
	}
}

// weigh is the index of one of several weights.
func (d *dice) weigh(weights ...int) int {
	sum := 0
	for _, w := range weights {
		sum += w
	}
	at := d.n(sum)
	for i, w := range weights {
		if at -= w; at < 0 {
			return i
		}
	}
	return len(weights) - 1
}

// mint makes IDs that ascend as they are made, so that every table is filled in the order of its key. The last four bytes
// count, so that no two areas share the step of a path.
type mint struct {
	dice *dice
	at   time.Time
	made uint32
}

func (m *mint) id() string {
	m.at = m.at.Add(time.Millisecond)
	return loa.MintID(m.at, m)
}

// Read gives an ID its random bytes.
func (m *mint) Read(p []byte) (int, error) {
	m.made++
	binary.BigEndian.PutUint64(p, m.dice.next())
	binary.BigEndian.PutUint32(p[len(p)-4:], m.made)
	return len(p), nil
}

// share cuts a whole into parts by weight; the parts add up exactly, the largest remainders get the rest.
func share(whole int, weights []int) []int {
	sum := 0
	for _, w := range weights {
		sum += w
	}
	parts := make([]int, len(weights))
	rest := whole
	for i, w := range weights {
		parts[i] = whole * w / sum
		rest -= parts[i]
	}
	taken := make([]bool, len(weights))
	for ; rest > 0; rest-- {
		best := -1
		for i, w := range weights {
			if !taken[i] && (best < 0 || whole*w%sum > whole*weights[best]%sum) {
				best = i
			}
		}
		taken[best] = true
		parts[best]++
	}
	return parts
}

// spread deals events to months and lines at once, so that both margins hold: byMonth says how many happen in each month,
// byLine how many in each line, and their sums are equal. The answer is [month][line].
func spread(d *dice, byMonth, byLine []int) [][]int {
	var lines []int
	for line, n := range byLine {
		for range n {
			lines = append(lines, line)
		}
	}
	shuffle(d, lines)
	out := make([][]int, len(byMonth))
	for m, n := range byMonth {
		out[m] = make([]int, len(byLine))
		for range n {
			out[m][lines[0]]++
			lines = lines[1:]
		}
	}
	return out
}

func sum(list []int) (n int) {
	for _, x := range list {
		n += x
	}
	return n
}
