package policy

import (
	"math"
	"math/big"
	"math/bits"
)

// Number is an exact rational. Nearly all figures fit two machine words; only compound interest is kept wide, over the one common
// denominator its parts share, and is never reduced: a quote takes microseconds. The zero Number is 0. Numbers never change.
type Number struct {
	num, den int64 // den 0 is 1
	wide     *wide
}

type wide struct{ num, den *big.Int }

// Int is a whole number.
func Int(n int64) Number { return Number{num: n} }

// Fraction is num over den; den must not be 0.
func Fraction(num, den int64) Number {
	if den < 0 {
		num, den = -num, -den
	}
	if g := gcd(num, den); g > 1 {
		num, den = num/g, den/g
	}
	return Number{num: num, den: den}
}

func gcd(a, b int64) int64 {
	if a < 0 {
		a = -a
	}
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

func (n Number) d() int64 {
	if n.den == 0 {
		return 1
	}
	return n.den
}

func (n Number) broad() *wide {
	if n.wide != nil {
		return n.wide
	}
	return &wide{big.NewInt(n.num), big.NewInt(n.d())}
}

// Rat is the number as the standard library keeps it, in lowest terms.
func (n Number) Rat() *big.Rat {
	if n.wide == nil {
		return big.NewRat(n.num, n.d())
	}
	return new(big.Rat).SetFrac(n.wide.num, n.wide.den)
}

// String is the number as 3/2, or 3 when it is whole.
func (n Number) String() string { return n.Rat().RatString() }

// mul64 multiplies and says whether the product fits.
func mul64(a, b int64) (int64, bool) {
	hi, lo := bits.Mul64(uint64(abs(a)), uint64(abs(b)))
	if hi != 0 || lo > math.MaxInt64 {
		return 0, false
	}
	if (a < 0) != (b < 0) {
		return -int64(lo), true
	}
	return int64(lo), true
}

func abs(n int64) int64 {
	if n < 0 {
		return -n
	}
	return n
}

// Mul is n × m.
func (n Number) Mul(m Number) Number {
	if n.wide == nil && m.wide == nil {
		// reduced crosswise first, so that what fits stays small
		g, h := max(1, gcd(n.num, m.d())), max(1, gcd(m.num, n.d()))
		num, ok := mul64(n.num/g, m.num/h)
		den, ok2 := mul64(n.d()/h, m.d()/g)
		if ok && ok2 {
			return Number{num: num, den: den}
		}
	}
	a, b := n.broad(), m.broad()
	return Number{wide: &wide{new(big.Int).Mul(a.num, b.num), product(a.den, b.den)}}
}

// product keeps a denominator as it is when the other is 1.
func product(a, b *big.Int) *big.Int {
	switch {
	case a.IsInt64() && a.Int64() == 1:
		return b
	case b.IsInt64() && b.Int64() == 1:
		return a
	}
	return new(big.Int).Mul(a, b)
}

// Quo is n ÷ m; m must not be 0.
func (n Number) Quo(m Number) Number {
	if m.wide == nil {
		return n.Mul(Fraction(m.d(), m.num))
	}
	b := m.wide
	if b.num.Sign() < 0 {
		return n.Mul(Number{wide: &wide{new(big.Int).Neg(b.den), new(big.Int).Neg(b.num)}})
	}
	return n.Mul(Number{wide: &wide{b.den, b.num}})
}

// Neg is −n.
func (n Number) Neg() Number {
	if n.wide != nil {
		return Number{wide: &wide{new(big.Int).Neg(n.wide.num), n.wide.den}}
	}
	return Number{num: -n.num, den: n.den}
}

// Add is n + m.
func (n Number) Add(m Number) Number {
	if n.wide == nil && m.wide == nil {
		if n.d() == 1 && m.d() == 1 {
			if s := n.num + m.num; (s > n.num) == (m.num > 0) {
				return Int(s)
			}
		}
		a, ok := mul64(n.num, m.d())
		b, ok2 := mul64(m.num, n.d())
		d, ok3 := mul64(n.d(), m.d())
		if s := a + b; ok && ok2 && ok3 && (s > a) == (b > 0) {
			return Fraction(s, d)
		}
	}
	a, b := n.broad(), m.broad()
	if a.den == b.den || a.den.Cmp(b.den) == 0 {
		return Number{wide: &wide{new(big.Int).Add(a.num, b.num), a.den}}
	}
	x, y := new(big.Int).Mul(a.num, b.den), new(big.Int).Mul(b.num, a.den)
	return Number{wide: &wide{x.Add(x, y), product(a.den, b.den)}}
}

// Sub is n − m.
func (n Number) Sub(m Number) Number { return n.Add(m.Neg()) }

// Sign is −1, 0 or 1.
func (n Number) Sign() int {
	switch {
	case n.wide != nil:
		return n.wide.num.Sign()
	case n.num > 0:
		return 1
	case n.num < 0:
		return -1
	}
	return 0
}

// Cmp is −1, 0 or 1 as n is less than, equal to or greater than m.
func (n Number) Cmp(m Number) int { return n.Sub(m).Sign() }

// IsInt says whether the number is whole.
func (n Number) IsInt() bool {
	if n.wide == nil {
		return n.d() == 1
	}
	return new(big.Int).Rem(n.wide.num, n.wide.den).Sign() == 0
}

// Whole is the number without what stands behind the decimal mark.
func (n Number) Whole() int64 {
	if n.wide == nil {
		return n.num / n.d()
	}
	return new(big.Int).Quo(n.wide.num, n.wide.den).Int64()
}

// Ceil is the next whole number, or the number itself.
func (n Number) Ceil() int64 {
	w := n.Whole()
	if n.Cmp(Int(w)) > 0 {
		return w + 1
	}
	return w
}

// Round is the one place where a fraction becomes a whole number of đồng: half and more goes up, away from zero.
func (n Number) Round() int64 {
	if n.Sign() < 0 {
		return -n.Neg().Round()
	}
	if n.wide == nil {
		return n.Add(Fraction(1, 2)).Whole()
	}
	twice := new(big.Int).Lsh(n.wide.num, 1)
	return twice.Add(twice, n.wide.den).Quo(twice, new(big.Int).Lsh(n.wide.den, 1)).Int64()
}

// power is n to the k, k not negative.
func power(n *big.Int, k int64) *big.Int { return new(big.Int).Exp(n, big.NewInt(k), nil) }

// compounded is Σ (1+r)^i for i = 1..n: with 1+r = g/d, g·(gⁿ−dⁿ) over dⁿ·(g−d).
func compounded(r Number, n int64) Number {
	if r.Sign() == 0 || n == 0 {
		return Int(n)
	}
	w := r.broad()
	d := w.den
	g := new(big.Int).Add(d, w.num)
	dn := power(d, n)
	top := power(g, n)
	top.Sub(top, dn).Mul(top, g)
	return Number{wide: &wide{top, dn.Mul(dn, w.num)}}
}

// discounted is Σ 1/(1+r)^i for i = from..to−1: with 1+r = g/d and k = to−from, d^from·(g^k−d^k) over g^(to−1)·(g−d).
func discounted(r Number, from, to int64) Number {
	if to <= from {
		return Int(0)
	}
	if r.Sign() == 0 {
		return Int(to - from)
	}
	w := r.broad()
	d := w.den
	g := new(big.Int).Add(d, w.num)
	top := power(g, to-from)
	top.Sub(top, power(d, to-from)).Mul(top, power(d, from))
	bottom := power(g, to-1)
	return Number{wide: &wide{top, bottom.Mul(bottom, w.num)}}
}
