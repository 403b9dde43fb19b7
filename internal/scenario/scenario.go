// Package scenario knows a made-up two months of telemetry with planted truth, from 19 March
// to 18 May 2014, and writes them as the log files, feeds and place tables that real
// sensors and publishers write. It must never know how these are read or counted: planted
// truth is what was planted, never what was found.
//
// Nobody real is accused. All addresses are of 240.0.0.0/4 (reserved) and 2001:db8::/32
// (documentation), all names end in .example or .test (RFC 2606), AS numbers are of the
// private range (RFC 6996), and the scenario's own tables place them.
package scenario

import (
	"math"
	"math/rand/v2"

	ts "github.com/tallystick/tallystick"
)

// Scenario is a world of some size. Equal scenarios write equal bytes.
type Scenario struct {
	Scale float64 // 1 plants the numbers of the statement of May 2014; 0 is 1
	Seed  uint64
}

// The window, as in the statement. Telemetry begins before it and ends behind it.
const (
	FirstDay = "2014-03-19"
	LastDay  = "2014-05-18"

	windowDays  = 61
	windowStart = 1395187200 // 2014-03-19T00:00:00Z
	windowEnd   = windowStart + windowDays*ts.SecondsPerDay
	windowSlots = windowDays * ts.SecondsPerDay / ts.SlotSeconds
)

// Window returns the days for which Truth speaks.
func Window() ts.Window {
	first := ts.DayOf(windowStart)
	return ts.Window{From: first, To: first + windowDays}
}

// sized is how many of n there are at the scenario's scale, at least least.
func (s Scenario) sized(n, least int) int {
	scale := s.Scale
	if scale == 0 {
		scale = 1
	}
	return max(int(math.Round(float64(n)*scale)), least)
}

// rng returns a generator of its own for each named part, so that no part's numbers
// depend on what another part drew.
func (s Scenario) rng(part string) *rand.Rand {
	h := uint64(14695981039346656037) // FNV-1a
	for i := range len(part) {
		h = (h ^ uint64(part[i])) * 1099511628211
	}
	return rand.New(rand.NewPCG(s.Seed, h))
}
