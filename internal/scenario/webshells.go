package scenario

import (
	"fmt"
	"math/rand/v2"
	"net/netip"

	ts "github.com/tallystick/tallystick"
)

// raid is the use of web shells at sites placed in one country by addresses placed in
// another. An attack is a distinct (source, site, half-hour slot).
type raid struct {
	by, on                  string
	sources, sites, attacks int
	wired                   bool // every fifth site is seen by a network sensor instead
}

// plantBackdoors plants the statement's direction and its mirror.
func (p *plan) plantBackdoors() {
	for _, r := range []raid{
		{"US", "CN", 2016, 1754, 57_000, true},
		{"CN", "US", 641, 489, 11_300, false},
	} {
		r.sources, r.sites = p.sized(r.sources, 10), p.sized(r.sites, 10)
		r.attacks = p.sized(r.attacks, 60)
		n := p.raid(r)
		list := []Planted{
			{Measure: "backdoor.sources", By: r.by, On: r.on, Value: uint64(r.sources)},
			{Measure: "backdoor.sites", By: r.by, On: r.on, Value: uint64(r.sites)},
			{Measure: "backdoor.attacks", By: r.by, On: r.on, Value: uint64(n)},
		}
		if r.by == "US" {
			p.truth.Headline = append(p.truth.Headline, list...)
		} else {
			p.truth.Mirror = append(p.truth.Mirror, list...)
		}
	}
}

// attack is one of a raid's; it is the key by which attacks are distinct.
type attack struct{ source, site, slot int }

// raid draws attacks until there are enough distinct ones. The first of them take every
// source and every site once. Every 50th goes on into the next half-hour: two attacks.
func (p *plan) raid(r raid) (attacks int) {
	rng := p.rng("raid " + r.by + r.on)
	known := map[attack]bool{}
	add := func(a attack) {
		if len(known) < r.attacks && a.slot < windowSlots && !known[a] {
			known[a] = true
			p.assault(rng, r, a, 1+rng.IntN(4))
		}
	}
	for n := 0; len(known) < r.attacks; n++ {
		a := attack{n % r.sources, n % r.sites, rng.IntN(windowSlots)}
		if n >= max(r.sources, r.sites) {
			f, g := rng.Float64(), rng.Float64()
			a.source, a.site = int(f*f*float64(r.sources)), int(g*g*float64(r.sites))
		}
		add(a)
		if n >= max(r.sources, r.sites) && n%50 == 0 {
			a.slot++
			add(a)
		}
	}
	return len(known)
}

// assault writes the requests of one attack where its site is seen.
func (p *plan) assault(rng *rand.Rand, r raid, a attack, requests int) {
	start := int64(windowStart+a.slot*ts.SlotSeconds) * 1e6
	sensor := cnWeb
	switch {
	case r.wired && a.site%5 == 4:
		sensor = cnSensors[a.site%3]
	case r.on == "US":
		sensor = usWeb
	}
	for range requests {
		q := request{
			at:   start + rng.Int64N(ts.SlotSeconds*1e6),
			orig: end{r.source(a.source), ephemeral(rng)}, resp: end{r.siteAddr(a.site), 80},
			method: "POST", host: r.host(a.site), uri: shellOf(a.site), status: 200,
			size: 120 + rng.IntN(4000), agent: agents[a.source%len(agents)],
		}
		if sensor == cnWeb || sensor == usWeb {
			p.addVisit(sensor, q)
		} else {
			p.addRequest(sensor, q)
		}
	}
}

// shellOf is the one shell of a site: a site with three or more listed ones would be
// catch-all.
func shellOf(site int) string { return shells[site%len(shells)] }

func (r *raid) source(n int) netip.Addr {
	if r.by == "US" {
		return v4(usHosting, n%2, uint32(n))
	}
	return v4(cnHosting, 14+n%2, uint32(n))
}

func (r *raid) siteAddr(n int) netip.Addr {
	if r.on == "CN" {
		return plain4(cnHosting, 1, uint32(n/8)+16)
	}
	return plain4(usHosting, 15, uint32(n/8)+16)
}

// host is a host name of site number n: some answer as www., which is one site.
func (r *raid) host(n int) string {
	host := fmt.Sprintf("%s%d-%s.example", words[n%len(words)], n, map[string]string{"CN": "cn", "US": "us"}[r.on])
	if n%3 == 0 {
		host = "www." + host
	}
	return host
}
