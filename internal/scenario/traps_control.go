package scenario

// trapRoles plants servers that are something else besides: what a list of malware says
// of them is not the whole truth.
func (p *plan) trapRoles() {
	us := func(n uint32) end { return end{spare(usHosting, spareRoles+n), 80} }

	p.meet(spareRoles, end{sinkholeAddr(), 80})
	p.trap("sinkhole", "machines in CN contact a sinkhole that stands in US", "counts a control server in US and its visitors as controlled from there")

	both := us(1)
	p.intel.sinkholes = append(p.intel.sinkholes, both.addr.String())
	p.intel.list(families[0], both.addr.String())
	p.meet(spareRoles+20, both)
	p.trap("sinkhole-and-family", "an address stands in a sinkhole list and in a family's list", "takes the family for the role")

	parked := us(2)
	p.intel.parked = append(p.intel.parked, parked.addr.String())
	p.intel.list(families[1], "lapsed.control.test")
	p.ask(spareRoles+40, parked, "lapsed.control.test", "/")
	p.trap("parked", "a listed name has lapsed and now leads to a parking page in US", "counts the parking page as a control server")

	cdn := us(3)
	p.intel.shared = append(p.intel.shared, cdn.addr.String())
	p.intel.list(families[2], "edge.control.test")
	p.ask(spareRoles+60, cdn, "edge.control.test", "/gate.php")
	p.trap("cdn", "a listed name is served from an address that many share", "counts the shared address as a control server in its country")

	p.intel.list(families[3], "behind-proxy.control.test")
	p.ask(spareRoles+80, end{us(4).addr, 8080}, "behind-proxy.control.test", "http://behind-proxy.control.test/gate.php")
	p.trap("proxy", "machines reach a listed name through an explicit proxy in US, with an absolute URI", "takes the proxy for the server")
}

// trapFronts plants a listed name behind a front: a transit sensor that decrypts writes the
// TLS server name beside the HTTP host.
func (p *plan) trapFronts() {
	p.intel.list(families[6], "fronted.control.test")
	for n := range some {
		p.addRequest(hkTransit, request{at: micros(5+n, noon), orig: end{spare(cnAccess, spareFronts+uint32(n)), uint16(40_000 + n)},
			resp: end{spare(usHosting, spareFronts), 443}, method: "POST", host: "fronted.control.test", sni: "front.example",
			uri: "/gate.php", status: 200, size: 500, agent: agents[0]})
	}
	p.trap("fronting", "machines in CN reach a listed name by HTTP through TLS to another name, at an address in US", "counts the front as a control server in US")
}

// trapDirections plants contacts that a list matches the wrong way round or only by half.
func (p *plan) trapDirections() {
	us := func(n uint32) end { return end{spare(usHosting, spareDirections+n), 443} }

	incoming := us(0)
	p.intel.list(families[4], incoming.addr.String())
	for n := range some {
		resp := end{spare(cnAccess, spareDirections+uint32(n)), 23}
		p.addFlow(cnSensors[n%3], answered(micros(7+n, noon), end{incoming.addr, uint16(50_000 + n)}, resp, 40, 200))
	}
	p.trap("listed-comes-in", "an address of a malware list opens connections to machines in CN, which answer", "counts a control server and the scanned machines as controlled")

	silent := us(1)
	p.intel.list(families[5], silent.addr.String())
	for n := range some {
		p.addFlow(cnSensors[n%3], unanswered(micros(7+n, noon), end{spare(cnAccess, spareDirections+20+uint32(n)), 45_000}, silent))
	}
	p.trap("no-reply", "machines in CN send SYNs to a listed server in US that never replies", "counts attempts as control")

	flooded := us(2)
	p.intel.list(families[6], flooded.addr.String())
	for n := range some {
		p.addFlow(cnSensors[n%3], flow{at: micros(7+n, noon), orig: end{spare(cnAccess, spareDirections+40+uint32(n)), uint16(1024 + n)},
			resp: flooded, proto: "tcp", state: "RSTRH", history: "^hr"})
	}
	p.trap("backscatter", "a listed server in US, flooded from forged addresses, sends SYN-ACKs to machines in CN that asked nothing", "counts the forged addresses as controlled")
}

// trapIndicators plants contacts near what a feed lists, but not there.
func (p *plan) trapIndicators() {
	us := p.campaignOf("US", "CN")
	elsewhere := us.servers[0].end // listed with its port
	elsewhere.port = 22
	p.meet(spareIndicators, elsewhere)
	p.trap("other-port", "machines in CN talk to a server listed as address:port, on another port", "matches the address alone")

	former := end{spare(usHosting, spareIndicators), 8080}
	p.intel.expired = append(p.intel.expired, former.addr.String())
	p.meet(spareIndicators+20, former)
	p.trap("expired", "an indicator whose validity ended on 2014-02-01 is met in the window", "matches without regard to time")
}

// trapLookups plants questions, by which nobody was contacted.
func (p *plan) trapLookups() {
	p.intel.list(families[7], "never-registered.control.test")
	p.lookUp(spareLookups, "never-registered.control.test", 3, "")
	p.trap("nxdomain", "machines in CN ask for a listed name that does not exist", "counts the resolver as the server, or the askers as controlled")

	p.intel.list(families[8], "resolved-only.control.test")
	p.lookUp(spareLookups+20, "resolved-only.control.test", 0, spare(usHosting, spareLookups).String())
	p.trap("dns-only", "machines in CN ask for a listed name, are told an address in US, and never contact it", "counts the address in the answer as a control server")

	for n := range some {
		p.addQuery(cnSensors[n%3], query{at: micros(9, noon+int64(n)), orig: end{resolverAddr(n), 50_053},
			resp: end{anybody(elsewhere, 53), 53}, name: "resolved-only.control.test", answer: spare(usHosting, spareLookups).String()})
	}
	p.trap("resolver", "listed resolvers in CN pass the question on", "counts the resolvers as infected")
}
