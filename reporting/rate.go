package reporting

import "math"

// Enough is how many must be counted before a rate says anything; below it the answer is "not enough data yet".
const Enough = 20

// Rate is a share with the interval it lies in, in whole percent, at 95 % (Wilson's score interval).
type Rate struct {
	K, N int64
}

// Enough says whether the rate rests on enough people to be shown.
func (r Rate) Enough() bool { return r.N >= Enough }

// Percent is the share in whole percent, halves up.
func (r Rate) Percent() int64 {
	if r.N == 0 {
		return 0
	}
	return (r.K*200 + r.N) / (2 * r.N)
}

// Interval is between what bounds the share lies, in whole percent.
func (r Rate) Interval() (low, high int64) {
	if r.N == 0 {
		return 0, 100
	}
	const z = 1.959963984540054
	n, p := float64(r.N), float64(r.K)/float64(r.N)
	middle := p + z*z/(2*n)
	half := z * math.Sqrt(p*(1-p)/n+z*z/(4*n*n))
	scale := 100 / (1 + z*z/n)
	return int64(math.Round(max(0, middle-half) * scale)), int64(math.Round(min(1+z*z/n, middle+half) * scale))
}

// Low and High are the bounds of the interval, for templates.
func (r Rate) Low() int64 { low, _ := r.Interval(); return low }

// High is the upper bound.
func (r Rate) High() int64 { _, high := r.Interval(); return high }
