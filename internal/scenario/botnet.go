package scenario

import (
	"math/rand/v2"

	ts "github.com/tallystick/tallystick"
)

// contact is one conversation of a victim with a server of its campaign.
type contact struct {
	victim   uint32
	at       uint32 // seconds since the window's start
	server   uint16
	campaign uint8
}

// operate draws the contacts of a campaign: first one victim for each server, then a
// server for each other victim, a few servers having most.
func (p *plan) operate(number uint8, c *campaign) {
	rng := p.rng("campaign " + c.by + c.on)
	four, six := c.byFamily()
	next4, next6 := 0, 0
	for v := range c.hosts {
		var k int
		if v%victim6 == victim6-1 {
			k, next6 = draw(rng, six, next6), next6+1
		} else {
			k, next4 = draw(rng, four, next4), next4+1
		}
		if p.atEdge(number, c, v, c.servers[four[0]].end) {
			continue
		}
		seen := 1
		if rng.IntN(4) == 0 {
			seen += 1 + rng.IntN(2)
		}
		sensor := c.sensors[rng.IntN(len(c.sensors))]
		for range seen {
			p.addContact(sensor, contact{uint32(v), moment(rng), uint16(k), number})
		}
	}
}

// byFamily returns the servers that IPv4 victims and those that IPv6 victims reach.
func (c *campaign) byFamily() (four, six []int) {
	for k := range c.servers {
		if c.servers[k].end.addr.Is4() {
			four = append(four, k)
		} else {
			six = append(six, k)
		}
	}
	return four, six
}

// draw takes each of list once, in order, and then mostly the first ones.
func draw(rng *rand.Rand, list []int, next int) int {
	if next < len(list) {
		return list[next]
	}
	f := rng.Float64()
	return list[int(f*f*f*float64(len(list)))]
}

// moment draws a second of the window: more by day than by night, and more at the end of
// the two months than at their beginning.
func moment(rng *rand.Rand) uint32 {
	day := int(windowDays * (0.35*rng.Float64() + 0.65*max(rng.Float64(), rng.Float64())))
	second := rng.IntN(ts.SecondsPerDay)
	if rng.IntN(3) > 0 {
		second = (second/2 + 6*3600 + ts.SecondsPerDay) % ts.SecondsPerDay
	}
	return uint32(day*ts.SecondsPerDay + second)
}

func (p *plan) addContact(sensor string, c contact) {
	k := key{sensor, int(c.at / ts.SecondsPerDay)}
	p.contacts[k] = append(p.contacts[k], c)
}

func (p *plan) serverOf(c contact) *server { return &p.campaigns[c.campaign].servers[c.server] }

// flow is the conversation of a contact. It is the same whenever it is asked for.
func (p *plan) flow(c contact) flow {
	h := mix(mix(p.Seed, uint64(c.victim)<<16|uint64(c.server)), uint64(c.at)<<8|uint64(c.campaign))
	at := (windowStart+int64(c.at))*1e6 + int64(h%1e6)
	orig := end{p.campaigns[c.campaign].victim(c.victim), uint16(32768 + h>>20%28232)}
	return answered(at, orig, p.serverOf(c).end, 180+int(h>>36%700), 90+int(h>>48%2500))
}

func ephemeral(rng *rand.Rand) uint16 { return uint16(32768 + rng.IntN(28232)) }
