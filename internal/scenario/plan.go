package scenario

import (
	"net/netip"

	ts "github.com/tallystick/tallystick"
)

// plan is everything planted that is not benign, by the file in which it is written: some
// 60 MB at full scale. Benign traffic is drawn while writing.
type plan struct {
	Scenario
	intel     intel
	dissents  []dissent
	campaigns []*campaign
	contacts  map[key][]contact
	flows     map[key][]flow
	queries   map[key][]query
	requests  map[key][]request // HTTP on the wire
	visits    map[key][]request // of access logs
	alerts    map[key][]alert
	reports   map[key][]report
	truth     Truth
	traps     []Trap
}

// key is a sensor and a day of its files, counted from the window's first; the days of
// access logs are local ones.
type key struct {
	sensor string
	day    int
}

// end is an address and a port.
type end struct {
	addr netip.Addr
	port uint16
}

// plan plants everything, in a fixed order.
func (s Scenario) plan() *plan {
	p := &plan{
		Scenario: s,
		contacts: map[key][]contact{}, flows: map[key][]flow{}, queries: map[key][]query{},
		requests: map[key][]request{}, visits: map[key][]request{},
		alerts: map[key][]alert{}, reports: map[key][]report{},
	}
	p.plantControl()
	p.plantBackdoors()
	p.plantPhishing()
	p.plantSinkholes()
	p.plantTraps()
	return p
}

// dayOf counts the UTC day of a time in seconds from the window's first.
func dayOf(unix int64) int { return int(ts.DayOf(unix) - ts.DayOf(windowStart)) }

func (p *plan) addFlow(sensor string, f flow) {
	k := key{sensor, dayOf(f.at / 1e6)}
	p.flows[k] = append(p.flows[k], f)
}

func (p *plan) addQuery(sensor string, q query) {
	k := key{sensor, dayOf(q.at / 1e6)}
	p.queries[k] = append(p.queries[k], q)
}

func (p *plan) addRequest(sensor string, r request) {
	k := key{sensor, dayOf(r.at / 1e6)}
	p.requests[k] = append(p.requests[k], r)
}

// addVisit puts a request into the access log of its local day.
func (p *plan) addVisit(sensor string, r request) {
	k := key{sensor, dayOf(r.at/1e6 + zoneOf(sensor))}
	p.visits[k] = append(p.visits[k], r)
}

// zoneOf is the offset from UTC, in seconds, of the clock of a web server's log.
func zoneOf(sensor string) int64 {
	if sensor == usWeb {
		return -4 * 3600
	}
	return 8 * 3600
}
