package lunar

import "math"

// Instants here are Julian days. The series are the truncated ones of J. Meeus,
// Astronomical Algorithms, chapters 25, 32 and 49: good to some 20 seconds for
// the moon and 90 for the sun's terms in the years served, while the nearest
// new moon of those years stands 128 seconds from midnight.

const (
	utc7     = 7.0 / 24
	synodic  = 29.530588861 // mean days between new moons
	epoch    = 2451545.0    // noon of 1 January 2000
	century  = 36525.0
	radian   = math.Pi / 180
	perDay   = 86400.0
	firstNew = 2451550.09766 // mean new moon of January 2000
)

// clockLag is how many seconds dynamical time, in which the sky moves, runs
// ahead of the clocks: measured to 2020, then the slow growth seen since.
func clockLag(jd float64) float64 {
	table := [...]float64{45.5, 50.5, 54.3, 56.9, 60.8, 63.8, 64.7, 66.1, 67.6, 69.4} // 1975, 1980 … 2020
	step := (2000 + (jd-epoch)/365.25 - 1975) / 5
	i := int(math.Floor(step))
	switch {
	case i < 0:
		return table[0]
	case i >= len(table)-1:
		return table[len(table)-1] + (step-float64(len(table)-1))*1.5
	}
	return table[i] + (step-float64(i))*(table[i+1]-table[i])
}

// moonTerm is one wave of the moon's path: multiples of the sun's anomaly, the
// moon's anomaly and the moon's argument of latitude.
type moonTerm struct {
	days              float64
	sun, moon, latArg float64
}

var moonTerms = [...]moonTerm{
	{-0.40720, 0, 1, 0}, {0.17241, 1, 0, 0}, {0.01608, 0, 2, 0}, {0.01039, 0, 0, 2},
	{0.00739, -1, 1, 0}, {-0.00514, 1, 1, 0}, {0.00208, 2, 0, 0}, {-0.00111, 0, 1, -2},
	{-0.00057, 0, 1, 2}, {0.00056, 1, 2, 0}, {-0.00042, 0, 3, 0}, {0.00042, 1, 0, 2},
	{0.00038, 1, 0, -2}, {-0.00024, -1, 2, 0}, {-0.00007, 2, 1, 0}, {0.00004, 0, 2, -2},
	{0.00004, 3, 0, 0}, {0.00003, 1, 1, -2}, {0.00003, 0, 2, 2}, {-0.00003, 1, 1, 2},
	{0.00003, -1, 1, 2}, {-0.00002, -1, 1, -2}, {-0.00002, 1, 3, 0}, {0.00002, 0, 4, 0},
}

// pull is a disturbance by a planet: days, phase and speed per lunation.
var pulls = [...]struct{ days, phase, speed float64 }{
	{0.000325, 299.77, 0.107408}, {0.000165, 251.88, 0.016321}, {0.000164, 251.83, 26.651886},
	{0.000126, 349.42, 36.412478}, {0.000110, 84.66, 18.206239}, {0.000062, 141.74, 53.303771},
	{0.000060, 207.14, 2.453732}, {0.000056, 154.84, 7.306860}, {0.000047, 34.52, 27.261239},
	{0.000042, 207.19, 0.121824}, {0.000040, 291.34, 1.844379}, {0.000037, 161.72, 24.198154},
	{0.000035, 239.56, 25.513099}, {0.000023, 331.55, 3.592518},
}

// newMoon returns the instant, in Việt Nam's time, of the k-th new moon after
// the first one of 2000.
func newMoon(k int) float64 {
	n := float64(k)
	t := n * synodic / century
	jd := firstNew + synodic*n + t*t*(0.00015437+t*(-0.000000150+t*0.00000000073))
	eccentricity := 1 - t*(0.002516+t*0.0000074)
	sun := 2.5534 + 29.10535670*n - t*t*(0.0000014+t*0.00000011)
	moon := 201.5643 + 385.81693528*n + t*t*(0.0107582+t*(0.00001238-t*0.000000058))
	latArg := 160.7108 + 390.67050284*n - t*t*(0.0016118+t*(0.00000227-t*0.000000011))
	node := 124.7746 - 1.56375588*n + t*t*(0.0020672+t*0.00000215)

	for _, w := range moonTerms {
		jd += w.days * math.Pow(eccentricity, math.Abs(w.sun)) * sin(w.sun*sun+w.moon*moon+w.latArg*latArg)
	}
	jd -= 0.00017 * sin(node)
	for i, p := range pulls {
		phase := p.phase + p.speed*n
		if i == 0 {
			phase -= 0.009173 * t * t
		}
		jd += p.days * sin(phase)
	}
	return jd - clockLag(jd)/perDay + utc7
}

// orbitTerm is one wave of the earth's way round the sun.
type orbitTerm struct{ size, phase, speed float64 }

// orbit holds the earth's longitude in units of 1e-8 radian: the constant part,
// then what grows with time and with its square.
var orbit = [...][]orbitTerm{
	{
		{175347046, 0, 0}, {3341656, 4.6692568, 6283.0758500}, {34894, 4.62610, 12566.15170},
		{3497, 2.7441, 5753.3849}, {3418, 2.8289, 3.5231}, {3136, 3.6277, 77713.7715},
		{2676, 4.4181, 7860.4194}, {2343, 6.1352, 3930.2097}, {1324, 0.7425, 11506.7698},
		{1273, 2.0371, 529.6910}, {1199, 1.1096, 1577.3435}, {990, 5.233, 5884.927},
		{902, 2.045, 26.298}, {857, 3.508, 398.149}, {780, 1.179, 5223.694},
		{753, 2.533, 5507.553}, {505, 4.583, 18849.228}, {492, 4.205, 775.523},
		{357, 2.920, 0.067}, {317, 5.849, 11790.629}, {284, 1.899, 796.298},
		{271, 0.315, 10977.079}, {243, 0.345, 5486.778}, {206, 4.806, 2544.314},
		{205, 1.869, 5573.143}, {202, 2.458, 6069.777}, {156, 0.833, 213.299},
		{132, 3.411, 2942.463}, {126, 1.083, 20.775}, {115, 0.645, 0.980},
	},
	{
		{628331966747, 0, 0}, {206059, 2.678235, 6283.075850}, {4303, 2.6351, 12566.1517},
		{425, 1.590, 3.523}, {119, 5.796, 26.298}, {109, 2.966, 1577.344}, {93, 2.59, 18849.23},
	},
	{{52919, 0, 0}, {8720, 1.0721, 6283.0758}, {309, 0.867, 12566.152}},
}

// sunLongitude returns the sun's apparent longitude in degrees, 0 to 360, at an
// instant in Việt Nam's time.
func sunLongitude(local float64) float64 {
	jd := local - utc7 + clockLag(local)/perDay
	t := (jd - epoch) / (10 * century)
	var earth, power float64 = 0, 1
	for _, series := range orbit {
		for _, w := range series {
			earth += power * w.size * math.Cos(w.phase+w.speed*t)
		}
		power *= t
	}
	degrees := earth/1e8/radian + 180
	c := 10 * t
	node, sun, moon := 125.04452-1934.136261*c, 280.4665+36000.7698*c, 218.3165+481267.8813*c
	nutation := (-17.20*sin(node) - 1.32*sin(2*sun) - 0.23*sin(2*moon) + 0.21*sin(2*node)) / 3600
	anomaly := 357.52911 + 35999.05029*c
	aberration := -20.4898 / 3600 * (1 + 0.01671*cos(anomaly))
	const frame = -0.09033 / 3600 // from the series' own equinox to the standard one
	degrees = math.Mod(degrees+nutation+aberration+frame, 360)
	if degrees < 0 {
		degrees += 360
	}
	return degrees
}

func sin(degrees float64) float64 { return math.Sin(math.Mod(degrees, 360) * radian) }
func cos(degrees float64) float64 { return math.Cos(math.Mod(degrees, 360) * radian) }
