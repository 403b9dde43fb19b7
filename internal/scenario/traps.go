package scenario

import (
	"net/netip"

	ts "github.com/tallystick/tallystick"
)

// plantTraps plants every trap and describes it.
func (p *plan) plantTraps() {
	p.trapRoles()
	p.trapFronts()
	p.trapDirections()
	p.trapIndicators()
	p.trapLookups()
	p.trapMembers()
	p.trapNetworks()
	p.trapCountries()
	p.trapPlaces()
	p.trapVisitors()
	p.trapSites()
	p.trapCopies()
	p.trapForgedSites()
	p.trapSpellings()
	p.trapAlerts()
	p.trapTimes()
	p.trapFiles()
	p.trapMirror()
}

func (p *plan) trap(name, what, naive string, want ...Planted) {
	p.traps = append(p.traps, Trap{Name: name, What: what, Naive: naive, Want: want})
}

// Numbers of the addresses of traps among the spare ones: a hundred each.
const (
	spareRoles = 100 * (iota + 1)
	spareDirections
	spareIndicators
	spareLookups
	spareVisitors
	spareSites
	spareAlerts
	spareTimes
	spareFronts
)

// micros is the time of second number n of a day of the window.
func micros(day int, second int64) int64 {
	return (windowStart + int64(day)*ts.SecondsPerDay + second) * 1e6
}

const noon = 12 * 3600

// some is how many machines meet a trap's server. Traps do not shrink with the
// scenario: they are few and each must stay visible.
const some = 12

// meet lets some machines of CN meet a server, one a day.
func (p *plan) meet(first uint32, server end) {
	for n := range some {
		orig := end{spare(cnAccess, first+uint32(n)), uint16(40_000 + n)}
		p.addFlow(cnSensors[n%3], answered(micros(5+n, noon), orig, server, 300, 900))
	}
}

// ask lets some machines of CN ask a server by HTTP.
func (p *plan) ask(first uint32, server end, host, uri string) {
	for n := range some {
		p.addRequest(cnSensors[n%3], request{at: micros(5+n, noon), orig: end{spare(cnAccess, first+uint32(n)), uint16(40_000 + n)},
			resp: server, method: "POST", host: host, uri: uri, status: 200, size: 500, agent: agents[0]})
	}
}

// lookUp lets some machines of CN look a name up.
func (p *plan) lookUp(first uint32, name string, rcode int, answer string) {
	for n := range some {
		p.addQuery(cnSensors[n%3], query{at: micros(5+n, noon), orig: end{spare(cnAccess, first+uint32(n)), uint16(40_000 + n)},
			resp: end{resolverAddr(n), 53}, name: name, rcode: rcode, answer: answer})
	}
}

// office is a machine behind the NAT of a branch.
func office(n int) netip.Addr { return netip.AddrFrom4([4]byte{192, 168, 1, byte(n)}) }

// campaignOf returns the campaign of the pair.
func (p *plan) campaignOf(by, on string) *campaign {
	for _, c := range p.campaigns {
		if c.by == by && c.on == on {
			return c
		}
	}
	panic("scenario: no campaign by " + by + " on " + on)
}

// headline returns the planted number of a measure, US on CN.
func (p *plan) headline(measure string) *Planted {
	for i := range p.truth.Headline {
		if p.truth.Headline[i].Measure == measure {
			return &p.truth.Headline[i]
		}
	}
	panic("scenario: no headline " + measure)
}

// other returns the planted number of a measure for another pair.
func (p *plan) other(measure, by, on string) *Planted {
	for i := range p.truth.Others {
		if t := &p.truth.Others[i]; t.Measure == measure && t.By == by && t.On == on {
			return t
		}
	}
	panic("scenario: no " + measure + " by " + by + " on " + on)
}
