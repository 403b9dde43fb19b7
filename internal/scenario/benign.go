package scenario

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
)

// Benign records a day and sensor, at scale 1.
const (
	benignFlows    = 18_000
	benignQueries  = 2_400
	benignRequests = 1_800
)

// benignQueries adds the ordinary queries of a day to list.
func (p *plan) benignQueries(list []query, rng *rand.Rand, day int) []query {
	for n := range p.sized(benignQueries, 5) {
		q := query{at: benignMoment(rng, day), orig: client(rng), resp: end{resolverAddr(n), 53},
			name: site(rng.IntN(5000)), answer: benignServer(rng).addr.String()}
		if n%12 == 0 {
			q.name, q.rcode = "mistyped."+q.name, 3
		}
		list = append(list, q)
	}
	return list
}

// benignRequests adds the ordinary requests of a day to list.
func (p *plan) benignRequests(list []request, rng *rand.Rand, day int) []request {
	for n := range p.sized(benignRequests, 5) {
		host := rng.IntN(5000)
		list = append(list, request{
			at: benignMoment(rng, day), orig: client(rng), resp: end{siteServer(host), 80}, method: "GET", host: site(host),
			uri: pages[rng.IntN(len(pages))], status: 200, size: 400 + rng.IntN(30000), agent: agents[n%len(agents)],
		})
	}
	return list
}

// benignFlow is some connection that means nothing: most go out and are answered, some
// are refused or lost, some come in to servers.
func benignFlow(rng *rand.Rand, day int) flow {
	at := benignMoment(rng, day)
	switch n := rng.IntN(100); {
	case n < 3:
		return unanswered(at, client(rng), benignServer(rng))
	case n < 5:
		return flow{at: at, lasts: 31_000, orig: client(rng), resp: benignServer(rng), proto: "tcp", state: "REJ", history: "Sr"}
	case n < 20:
		f := flow{at: at, lasts: int64(rng.IntN(9e6)) + 1000, orig: client(rng), resp: benignServer(rng), proto: "udp",
			state: "SF", history: "Dd", sent: 60 + rng.IntN(900), got: 60 + rng.IntN(5000)}
		f.resp.port = uint16(10_000 + rng.IntN(40_000))
		return f
	case n < 26:
		return answered(at, end{anybody(elsewhere, rng.Uint32()), ephemeral(rng)}, end{plain4(cnHosting, 1, uint32(16+rng.IntN(200))), 443},
			300+rng.IntN(900), 2000+rng.IntN(60000))
	}
	return answered(at, client(rng), benignServer(rng), 300+rng.IntN(2000), 500+rng.IntN(90000))
}

// client is an ordinary machine in CN; one in 64 has IPv6.
func client(rng *rand.Rand) end {
	n := rng.Uint32()
	if n%64 == 0 {
		return end{v6("CN", 3<<22+n%(1<<20)), ephemeral(rng)}
	}
	return end{anybody(cnAccess, n), ephemeral(rng)}
}

func benignServer(rng *rand.Rand) end {
	ports := [...]uint16{443, 443, 443, 80, 80, 993, 25, 8080}
	return end{anybody(elsewhere, uint32(rng.IntN(60_000))*17), ports[rng.IntN(len(ports))]}
}

// site is the name of an ordinary site, and siteServer where it stands.
func site(n int) string { return fmt.Sprintf("%s%d.example", words[n%len(words)], n) }

func siteServer(n int) netip.Addr { return anybody(elsewhere, uint32(n/4)*31) }
