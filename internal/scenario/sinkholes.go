package scenario

import (
	"math/rand/v2"
	"net/netip"
)

// sinkholeAddr stands in US, where many real ones do. Those who contact it are infected;
// it controls nobody.
func sinkholeAddr() netip.Addr { return spare(usHosting, 1) }

// resolvers that everybody in CN asks, declared in a feed.
func resolverAddr(n int) netip.Addr { return plain4(cnHosting, 0, uint32(53+n%4)) }

// plantSinkholes plants the reports of a sinkhole's operator: infected addresses of many
// countries, each seen on some days, and look-ups of listed names.
func (p *plan) plantSinkholes() {
	p.intel.sinkholes = append(p.intel.sinkholes, sinkholeAddr().String())
	for n := range 4 {
		p.intel.resolvers = append(p.intel.resolvers, resolverAddr(n).String())
	}
	rng := p.rng("sinkhole")
	for n := range p.sized(9000, 40) {
		octet, country := cnAccess, "CN"
		if n%5 == 4 {
			octet, country = usAccess, "US"
		}
		victim := spare(octet, 1<<17+uint32(n))
		for range 1 + rng.IntN(4) {
			at := (windowStart + int64(moment(rng))) * 1e6
			k := key{sinkhole, dayOf(at / 1e6)}
			p.reports[k] = append(p.reports[k], report{
				at: at, orig: end{victim, ephemeral(rng)}, resp: end{sinkholeAddr(), 80},
				family: families[n%len(families)], host: "gone." + families[n%len(families)] + ".test",
				as: asOf(octet, 12+(1<<17+n)%3), country: country,
			})
		}
	}
	p.plantLookups(rng)
}

// plantLookups makes some victims of named servers ask for them first.
func (p *plan) plantLookups(rng *rand.Rand) {
	for n := range p.sized(40_000, 40) {
		c := p.campaigns[0]
		k := namedAt + sixEvery*rng.IntN((len(c.servers)-namedAt+sixEvery-1)/sixEvery)
		victim := c.victim(uint32(n) * uint32(c.hosts) / uint32(p.sized(40_000, 40)))
		if victim.Is6() {
			continue
		}
		p.addQuery(cnSensors[n%3], query{
			at:   (windowStart + int64(moment(rng))) * 1e6,
			orig: end{victim, ephemeral(rng)}, resp: end{resolverAddr(n), 53},
			name: c.servers[k].name, answer: c.servers[k].end.addr.String(),
		})
	}
}
