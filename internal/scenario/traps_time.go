package scenario

import (
	"fmt"

	ts "github.com/tallystick/tallystick"
)

// atEdge plants the victims that were seen once, at an edge of the window, and reports
// whether v is one of them. They belong to the campaign's planted number.
func (p *plan) atEdge(number uint8, c *campaign, v int, server end) bool {
	last := c.hosts - 2
	if last%victim6 == victim6-1 || (last-1)%victim6 == victim6-1 {
		last -= 2
	}
	orig := end{c.victim(uint32(v)), 53_000}
	switch {
	case c.by == "US" && c.on == "CN" && v == last:
		p.addFlow(cnNorth, answered(windowEnd*1e6-1e6, orig, server, 300, 900))
	case c.by == "US" && c.on == "CN" && v == last-1:
		p.addFlow(cnNorth, answered(windowStart*1e6, orig, server, 300, 900))
	case c.by == "CN" && c.on == "US" && v == last:
		p.addFlow(hkTransit, across(micros(windowDays-1, ts.SecondsPerDay-600), orig, server))
	default:
		return false
	}
	return true
}

// across is a conversation of twenty minutes.
func across(at int64, orig, resp end) flow {
	f := answered(at, orig, resp, 9000, 70_000)
	f.lasts = 20 * 60 * 1e6
	return f
}

// trapTimes plants records just outside the window, and such as seem to be outside.
func (p *plan) trapTimes() {
	us, cn := p.campaignOf("US", "CN"), p.campaignOf("CN", "US")
	p.trap("last-second", "one machine is seen only at 23:59:59 on the last day", "takes the last day for the end", *p.headline("control.hosts"))
	p.addFlow(cnNorth, answered(windowEnd*1e6, end{spare(cnAccess, spareTimes), 53_000}, us.servers[0].end, 300, 900))
	p.trap("first-second-after", "one machine is seen only at 00:00:00 after the last day", "counts it")

	for n := range some {
		p.addVisit(cnWeb, shellRequest(micros(-1, 18*3600+int64(n)), end{spare(usHosting, spareTimes+uint32(n)), 33_000}, "early.example", shells[3], 200))
	}
	p.trap("local-time", "an access log at +0800 has attacks at 02:00 on 19 March, which is 18:00 UTC on the day before", "takes local time for UTC")

	p.addFlow(hkTransit, across(micros(-1, ts.SecondsPerDay-600), end{spare(usAccess, spareTimes), 53_000}, cn.servers[0].end))
	p.trap("flow-ends-next-day", "EVE flows are written when they end: one began on 18 March and ended in the window, one began on the last day and ended after it",
		"dates a flow by its timestamp", p.truth.Mirror[1])
}

// trapAlerts plants alerts that fired on the answer of the attacked.
func (p *plan) trapAlerts() {
	for n := range some {
		f := answered(micros(17+n, noon), end{spare(cnHosting, spareAlerts+uint32(n)), 54_000}, end{spare(usHosting, spareAlerts+uint32(n)), 445}, 900, 400)
		p.addAlert(alert{at: f.at + 500_000, flow: f, toClient: true, sid: 2_100_000 + n,
			name: "DEMO answer to an exploit", category: "Attempted Administrator Privilege Gain"})
	}
	p.trap("alert-on-reply", "alerts fire on the packets with which machines in US answer attacks from CN", "takes the packet's source for the attacker",
		Planted{Measure: "attempt.sources", By: "CN", On: "US", Value: some}, Planted{Measure: "attempt.targets", By: "CN", On: "US", Value: some})
}

func (p *plan) addAlert(a alert) {
	k := key{hkTransit, dayOf(a.at / 1e6)}
	p.alerts[k] = append(p.alerts[k], a)
}

// The days whose log is there twice, and the one whose log is there as it once was.
const (
	replayedDay = 22
	grownDay    = 23
	grownLines  = 400
)

// repeated is the files that hold what others hold.
func (p *plan) repeated() []file {
	folder := func(day int) string { return fmt.Sprintf("logs/%s/%s/", cnNorth, dayName(day)) }
	return []file{
		{path: folder(replayedDay) + "conn.replayed.log", write: func(out *output) error { return p.writeConn(out, cnNorth, replayedDay) }},
		{path: folder(grownDay) + "conn.early.log", maxLine: grownLines, write: func(out *output) error { return p.writeConn(out, cnNorth, grownDay) }},
	}
}

// trapFiles describes the files that are there twice.
func (p *plan) trapFiles() {
	p.trap("replayed", "a log lies there twice, compressed and plain", "counts its records twice")
	p.trap("grown", "a log lies there as it was when it had begun, and whole", "counts its beginning twice")
}

// trapMirror describes what nothing could have seen.
func (p *plan) trapMirror() {
	p.trap("mirror-unobservable", "no sensor sees whether machines in US open phishing pages in CN", "prints 0 instead of saying so")
}
