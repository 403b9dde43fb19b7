package scenario

import (
	"fmt"
	"net/netip"
)

// campaign is the control of machines placed in one country from servers placed in
// another. Every server answers some machine and every machine is answered, so the
// planted sets have exactly these sizes.
type campaign struct {
	by, on  string
	servers []server
	hosts   int
	offset  int                       // of the first victim among the lines of its country
	lines   int                       // all lines of that country
	sensors []string                  // those that may see it
	server  func(k uint32) netip.Addr // IPv4 server number k
}

// server is a control server, and how feeds list it.
type server struct {
	end    end
	name   string // listed by this name, else by its address
	anyway bool   // listed on any port
	family string
}

// Of every eight servers one is IPv6 and one is listed by name; of every 64 victims one
// is IPv6. A machine reaches only servers of its own family.
const (
	sixEvery   = 8
	namedAt    = 6
	sixAt      = 7
	victim6    = 64
	minServers = sixEvery
	minHosts   = victim6 * sixEvery
)

// size is the planted size of a campaign, at scale 1.
type size struct {
	by, on         string
	servers, hosts int
}

// The first is the statement's, the second its mirror. The others are what real telemetry
// holds beside them: other countries' servers, those inside CN itself, a pair of which
// neither party is a side, and victims in HK, whom the statement does not count as CN's.
func sizes() []size {
	return []size{
		{"US", "CN", 2077, 1_180_000},
		{"CN", "US", 713, 84_000},
		{"DE", "CN", 188, 61_000},
		{"KR", "CN", 431, 52_000},
		{"JP", "CN", 77, 9_000},
		{"HK", "CN", 96, 18_000},
		{"CN", "CN", 305, 47_000},
		{"DE", "BR", 23, 900},
		{"US", "HK", 64, 3_400},
	}
}

// plantControl plants every campaign.
func (p *plan) plantControl() {
	offsets := map[string]int{}
	for i, z := range sizes() {
		c := p.campaign(i, z)
		c.offset = offsets[z.on]
		offsets[z.on] += c.hosts
		p.campaigns = append(p.campaigns, c)
	}
	for i, c := range p.campaigns {
		c.lines = offsets[c.on]
		p.operate(uint8(i), c)
		p.plant(c)
	}
}

func (p *plan) campaign(i int, z size) *campaign {
	c := &campaign{by: z.by, on: z.on, hosts: p.sized(z.hosts, minHosts), sensors: cnSensors[:]}
	if z.on != "CN" {
		c.sensors = []string{hkTransit}
	}
	base := uint32(i) * 4096
	c.server = func(k uint32) netip.Addr { return serverAddr(z.by, base+k) }
	for k := range p.sized(z.servers, minServers) {
		c.servers = append(c.servers, p.newServer(c, i, k))
	}
	return c
}

// serverAddr is server address number n of a country, in its hosting networks.
func serverAddr(country string, n uint32) netip.Addr {
	switch country {
	case "US":
		return v4(usHosting, 2+int(n%11), n)
	case "CN":
		return v4(cnHosting, 2+int(n%11), n)
	case "HK":
		return v4(hkBlock, int(n%4), n)
	}
	return v4(thirdPart, third(country), n)
}

// newServer makes server number k of a campaign and lists it.
func (p *plan) newServer(c *campaign, i, k int) server {
	s := server{family: families[(k*7+i)%len(families)]}
	s.end = end{c.server(uint32(k)), controlPorts[(k/3)%len(controlPorts)]}
	switch k % sixEvery {
	case 4, 5:
		s.anyway = true
	case namedAt:
		s.name = fmt.Sprintf("%s%d-%d.%s.test", words[k%len(words)], i, k, s.family)
		s.end.port = 80
	case sixAt:
		s.end.addr = v6(c.by, uint32(1<<23+i*4096+k))
	}
	p.intel.listServer(s)
	return s
}

// victim returns victim number v.
func (c *campaign) victim(v uint32) netip.Addr {
	n := uint32(c.offset) + v
	if v%victim6 == victim6-1 {
		return v6(c.on, n)
	}
	switch c.on {
	case "CN":
		return line(cnAccess, n, uint32(c.lines))
	case "US":
		return line(usAccess, n, uint32(c.lines))
	case "HK":
		return v4(hkBlock, 4+int(n%8), n)
	}
	return v4(thirdPart, third(c.on), 1<<19+n)
}

// plant writes down the truth of a campaign.
func (p *plan) plant(c *campaign) {
	list := []Planted{
		{Measure: "control.servers", By: c.by, On: c.on, Value: uint64(len(c.servers))},
		{Measure: "control.hosts", By: c.by, On: c.on, Value: uint64(c.hosts)},
	}
	switch c.by + c.on {
	case "USCN":
		p.truth.Headline = append(p.truth.Headline, list...)
	case "CNUS":
		p.truth.Mirror = append(p.truth.Mirror, list...)
	default:
		p.truth.Others = append(p.truth.Others, list...)
	}
}
