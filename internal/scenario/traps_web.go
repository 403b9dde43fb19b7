package scenario

import (
	"fmt"
	"strconv"
)

// trapVisitors plants requests to web shells by visitors who are not what they seem.
func (p *plan) trapVisitors() {
	us := func(n uint32) end { return end{spare(usHosting, spareVisitors+n), 33_000} }

	p.intel.scanners = append(p.intel.scanners, us(0).addr.String())
	p.intel.egress = append(p.intel.egress, us(1).addr.String())
	for n, host := range []string{"scanned.example", "anonymous.example"} {
		for i := range some {
			p.addVisit(cnWeb, shellRequest(micros(13+i, noon), us(uint32(n)), host, shells[0], 200))
		}
	}
	p.trap("research-scanner", "a listed research scanner finds a web shell and is answered 200", "counts it as an attacker")
	p.trap("tor-exit", "a web shell is used through a listed Tor exit in US", "counts the exit's country as the attacker's")

	for i := range some {
		for n, shell := range shells {
			p.addVisit(cnWeb, shellRequest(micros(13+i, noon+int64(n)), us(2), "probed.example", shell, 404))
		}
	}
	p.trap("probes", "a scanner in US asks for every known web shell and is answered 404", "counts requests for web shells as their use")

	p.trapForwarded(us(3).addr.String())
}

// trapForwarded plants X-Forwarded-For at a shop behind a reverse proxy: what the proxy
// wrote stands rightmost, the rest is the client's word.
func (p *plan) trapForwarded(forged string) {
	const through, direct = 2, 2
	for n := range through {
		r := shellRequest(micros(15, noon), end{plain4(cnHosting, 0, 256+uint32(n)), 33_000}, "", shells[1], 200)
		r.forwarded = forged + ", " + seoul(n).addr.String()
		p.addVisit(cnShop, r)
	}
	for n := range direct {
		r := shellRequest(micros(16, noon), seoul(through+n), "", shells[1], 200)
		r.forwarded = forged
		p.addVisit(cnShop, r)
	}
	want := func(measure string, value uint64) Planted {
		return Planted{Measure: measure, By: "KR", On: "CN", Value: value}
	}
	p.trap("forwarded-for", "visitors from KR write an address in US into X-Forwarded-For, directly and through the shop's reverse proxy", "believes the leftmost address",
		want("backdoor.sources", through+direct), want("backdoor.sites", 1), want("backdoor.attacks", through+direct))
}

// trapCopies plants one web shell three times at a site, used by a visitor from SE: as
// many request paths as make a site catch-all, were they listed paths.
func (p *plan) trapCopies() {
	visitor := end{v4(thirdPart, third("SE"), sixteenth/4*3+spareSites), 33_000}
	copies := []string{shells[0], "/old" + shells[0], "/blog/uploads" + shells[0]}
	for n, path := range copies {
		p.addVisit(cnWeb, shellRequest(micros(18+n, noon), visitor, "copies.example", path, 200))
	}
	want := func(measure string, value int) Planted {
		return Planted{Measure: measure, By: "SE", On: "CN", Value: uint64(value)}
	}
	p.trap("shell-copies", "three copies of one web shell are used at one site", "takes the site for one that answers every path",
		want("backdoor.sources", 1), want("backdoor.sites", 1), want("backdoor.attacks", len(copies)))
}

// trapForgedSites plants requests to the shop, whose site is declared, that name somebody
// else's, and are answered 200.
func (p *plan) trapForgedSites() {
	const names = 20
	visitor := end{v4(thirdPart, third("IT"), sixteenth/4*3+spareSites), 33_000}
	for n := range names {
		uri := "http://www.victim" + strconv.Itoa(n) + ".example" + shells[1]
		p.addVisit(cnShop, shellRequest(micros(24, noon+int64(n)), visitor, "", uri, 200))
	}
	p.trap("forged-site", "a client asks one shop's server for web shells at twenty sites of others and is answered 200", "counts every name as a backdoored site",
		Planted{Measure: "backdoor.sources", By: "IT", On: "CN", Value: 1}, Planted{Measure: "backdoor.sites", By: "IT", On: "CN"})
}

// trapSpellings plants one web shell at a site, asked for in three spellings.
func (p *plan) trapSpellings() {
	visitor := end{v4(thirdPart, third("FR"), sixteenth/4*3+spareSites), 33_000}
	spellings := []string{shells[0], fmt.Sprintf("/%%%02x%s", shells[0][1], shells[0][2:]), shells[0] + "/x/y"}
	for n, path := range spellings {
		p.addVisit(cnWeb, shellRequest(micros(25+n, noon), visitor, "spelled.example", path, 200))
	}
	want := func(measure string, value int) Planted {
		return Planted{Measure: measure, By: "FR", On: "CN", Value: uint64(value)}
	}
	p.trap("spellings", "a web shell is asked for percent-encoded and with a path behind its own", "finds one of three uses",
		want("backdoor.sources", 1), want("backdoor.sites", 1), want("backdoor.attacks", len(spellings)))
}

// seoul is a visitor from KR.
func seoul(n int) end {
	return end{v4(thirdPart, third("KR"), sixteenth/4*3+spareVisitors+uint32(n)), 33_000}
}

func shellRequest(at int64, orig end, host, shell string, status int) request {
	return request{at: at, orig: orig, resp: end{plain4(cnHosting, 1, 8), 80}, method: "POST", host: host, uri: shell,
		status: status, size: 700, agent: agents[1]}
}

// trapSites plants answers that show no backdoor.
func (p *plan) trapSites() {
	us := func(n uint32) end { return end{spare(usHosting, spareSites+n), 33_000} }
	for n, shell := range shells[:5] {
		p.addVisit(cnWeb, shellRequest(micros(20+n, noon), us(0), "answers-all.example", shell, 200))
		p.addVisit(cnWeb, shellRequest(micros(20+n, noon+60), us(0), "answers-all.example", "/"+words[n]+strconv.Itoa(n)+".php", 200))
	}
	p.trap("catch-all", "a site answers 200 to five listed paths and to any other", "counts it as backdoored")

	for n := range some {
		r := shellRequest(micros(22+n, noon), us(1), "forged-"+strconv.Itoa(n)+".example", shells[2], 404)
		p.addRequest(cnSensors[n%3], r)
	}
	p.trap("forged-host", "a client writes invented names into the Host header and is answered 404", "counts every name as a backdoored site")

	p.trap("session-across-half-hours", "attacks go on from one half-hour into the next",
		"counts a session as one attack; by the rule it is two, and the headline holds both", *p.headline("backdoor.attacks"))
}
