package scenario

// trapMembers plants one machine under several addresses, several under one, and one that
// several sensors see.
func (p *plan) trapMembers() {
	us := p.campaignOf("US", "CN")
	server := us.servers[0].end
	four, six := us.victim(0), us.victim(victim6-1)

	p.addFlow(cnNorth, answered(micros(3, noon), end{four, 51_000}, server, 300, 900))
	p.addFlow(cnNorth, answered(micros(3, noon+1), end{six, 51_000}, us.servers[sixAt].end, 300, 900))
	p.trap("dual-stack", "one machine is seen by its IPv4 and by its IPv6 address", "speaks of two computers; they are two addresses, which is what is counted")

	for n, sensor := range cnSensors {
		p.addFlow(sensor, answered(micros(3, noon+int64(n)), end{four, 51_001}, server, 300, 900))
	}
	p.trap("three-sensors", "three sensors see the same address", "adds the sensors' numbers")

	for n, sensor := range []string{cnBranch1, cnBranch2} {
		p.addFlow(sensor, answered(micros(3+n, noon), end{office(10), 51_002}, server, 300, 900))
	}
	p.headline("control.hosts").Internal = 3 // with the one behind the NAT, below
	p.trap("same-private-address", "two branches each have a controlled machine 192.168.1.10", "counts one machine; they are two, each with its sensor",
		*p.headline("control.hosts"))

	inside, outside := end{office(20), 51_003}, end{us.victim(1), 61_003}
	p.addFlow(cnBranch1, answered(micros(4, noon), inside, server, 300, 900))
	p.addFlow(cnNorth, answered(micros(4, noon), outside, server, 300, 900))
	p.trap("nat", "one machine is seen inside a branch's NAT and, by the NAT's address, outside", "adds internal and public addresses",
		*p.headline("control.hosts"))
}

// trapNetworks plants records that are there twice.
func (p *plan) trapNetworks() {
	kr := p.campaignOf("KR", "CN")
	us := p.campaignOf("US", "CN")
	for n := range some {
		p.addFlow(cnSensors[n%3], answered(micros(11, noon+int64(n)), end{us.victim(uint32(n)), 52_000}, kr.servers[0].end, 300, 900))
	}
	p.other("control.hosts", "KR", "CN").Value += some
	p.trap("two-countries", "machines in CN are controlled from US and from KR", "adds the countries' numbers",
		*p.other("control.hosts", "KR", "CN"))
}

// trapCountries describes the campaigns that are not between US and CN.
func (p *plan) trapCountries() {
	p.trap("inside", "servers in CN control machines in CN", "counts every controlled machine as controlled from abroad",
		*p.other("control.servers", "CN", "CN"), *p.other("control.hosts", "CN", "CN"))
	p.trap("third-pair", "servers in DE control machines in BR, seen at a sensor in HK", "gives everything seen to the sensor's country",
		*p.other("control.servers", "DE", "BR"), *p.other("control.hosts", "DE", "BR"))
	hk := p.other("control.hosts", "US", "HK")
	both := *p.headline("control.hosts")
	both.On, both.Value = "CN+HK", both.Value+hk.Value
	p.trap("hong-kong", "servers in US control machines in HK", "counts HK's machines as CN's", *hk, both)
}

// trapPlaces makes the second place table disagree about three servers of US, which it
// places in CA, and two of KR, which it places in US.
func (p *plan) trapPlaces() {
	us, kr := p.campaignOf("US", "CN"), p.campaignOf("KR", "CN")
	const lost, won = 3, 2
	for _, s := range us.quiet(lost) {
		p.dissents = append(p.dissents, dissent{s.end.addr, "CA"})
	}
	for _, s := range kr.quiet(won) {
		p.dissents = append(p.dissents, dissent{s.end.addr, "US"})
	}
	verdict := func(v string, change int) Planted {
		t := *p.headline("control.servers")
		t.Verdict, t.Value = v, uint64(int(t.Value)+change)
		return t
	}
	p.trap("places-disagree", "two place tables disagree about five servers", "takes either table for the truth, without bounds",
		verdict("L", -lost), verdict("P", -lost), verdict("U", won))
}

// quiet returns the last servers that are listed by IPv4 address: those with few victims.
func (c *campaign) quiet(n int) []server {
	var list []server
	for k := len(c.servers) - 1; len(list) < n; k-- {
		if s := c.servers[k]; s.name == "" && s.end.addr.Is4() {
			list = append(list, s)
		}
	}
	return list
}
