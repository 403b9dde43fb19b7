package scenario

import (
	"fmt"
	"net/netip"

	ts "github.com/tallystick/tallystick"
)

// plantPhishing plants pages served from US and visited from CN. Two pages share a host
// name, and some names share an address. A contact is a distinct (client, host name,
// half-hour slot); a client that reloads the page makes no other.
func (p *plan) plantPhishing() {
	rng := p.rng("phishing")
	hosts, pages := p.sized(135, 4), p.sized(563, 16)
	contacts := p.sized(14_000, 60)
	for page := range pages {
		p.intel.phishing = append(p.intel.phishing, "http://"+phishingName(page)+phishingPath(page))
	}
	type visit struct{ client, name, slot int }
	known := map[visit]bool{}
	for n := 0; len(known) < contacts; {
		page := n
		if n >= pages {
			f := rng.Float64()
			page = int(f * f * float64(pages))
		}
		v := visit{rng.IntN(contacts), page / 2, rng.IntN(windowSlots)}
		if known[v] {
			continue
		}
		known[v] = true
		n++
		start := int64(windowStart+v.slot*ts.SlotSeconds) * 1e6
		for range 1 + rng.IntN(3) {
			p.addRequest(cnSensors[v.client%3], request{
				at:   start + rng.Int64N(ts.SlotSeconds*1e6),
				orig: end{phishingClient(v.client), ephemeral(rng)}, resp: end{phishingAddr(page, hosts), 80},
				method: "GET", host: phishingName(page), uri: phishingPath(page) + "?s=" + words[n%len(words)],
				status: 200, size: 3000 + rng.IntN(20000), agent: agents[v.client%len(agents)],
			})
		}
	}
	p.truth.Headline = append(p.truth.Headline,
		Planted{Measure: "phishing.hosts", By: "US", On: "CN", Value: uint64(min(hosts, (pages+1)/2))},
		Planted{Measure: "phishing.pages", By: "US", On: "CN", Value: uint64(pages)},
		Planted{Measure: "phishing.contacts", By: "US", On: "CN", Value: uint64(len(known))},
	)
	p.truth.Unobservable = []string{"phishing.hosts", "phishing.pages", "phishing.contacts"}
}

func phishingName(page int) string {
	return fmt.Sprintf("pay-%s%d.bank.example", words[page/2%len(words)], page/2)
}

func phishingPath(page int) string {
	return []string{"/login/", "/secure/verify.php"}[page%2]
}

func phishingAddr(page, hosts int) netip.Addr { return v4(usHosting, 13, uint32(page/2%hosts)) }

func phishingClient(n int) netip.Addr { return spare(cnAccess, 1<<14+uint32(n)) }
