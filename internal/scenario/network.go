package scenario

import (
	"fmt"
	"math/rand/v2"
	"slices"
)

// Each log of a day draws what it needs by itself: requests and queries are drawn alike
// for their own log and for the log of connections, which has one for each.

// requestsOf draws the HTTP requests that a network sensor saw on a day.
func (p *plan) requestsOf(sensor string, day int) []request {
	k := key{sensor, day}
	list := slices.Clone(p.requests[k])
	for _, c := range p.contacts[k] {
		if s := p.serverOf(c); s.name != "" {
			list = append(list, beacon(p.flow(c), s.name))
		}
	}
	if day < windowDays {
		list = p.benignRequests(list, p.rng(fmt.Sprintf("http %s %d", sensor, day)), day)
	}
	return list
}

// queriesOf draws the DNS queries that a network sensor saw on a day.
func (p *plan) queriesOf(sensor string, day int) []query {
	list := slices.Clone(p.queries[key{sensor, day}])
	if day < windowDays {
		list = p.benignQueries(list, p.rng(fmt.Sprintf("dns %s %d", sensor, day)), day)
	}
	return list
}

// flowsOf draws the connections that a network sensor saw on a day.
func (p *plan) flowsOf(sensor string, day int) []flow {
	k := key{sensor, day}
	requests, queries := p.requestsOf(sensor, day), p.queriesOf(sensor, day)
	benign := p.sized(benignFlows, 20)
	list := make([]flow, 0, len(requests)+len(queries)+len(p.contacts[k])+len(p.flows[k])+benign)
	for i := range requests {
		list = append(list, carrier(&requests[i]))
	}
	for i := range queries {
		list = append(list, lookup(&queries[i]))
	}
	for _, c := range p.contacts[k] {
		if p.serverOf(c).name == "" {
			list = append(list, p.flow(c))
		}
	}
	list = append(list, p.flows[k]...)
	if day < windowDays {
		rng := p.rng(fmt.Sprintf("conn %s %d", sensor, day))
		for range benign {
			list = append(list, benignFlow(rng, day))
		}
	}
	return list
}

// beacon is the contact f as HTTP to a server by its name.
func beacon(f flow, name string) request {
	return request{at: f.at, orig: f.orig, resp: f.resp, method: "POST", host: name, uri: "/gate.php",
		status: 200, size: f.got, agent: agents[2]}
}

func carrier(r *request) flow {
	f := answered(r.at-20_000, r.orig, r.resp, 420, r.size+240)
	f.service = "http"
	return f
}

func lookup(q *query) flow {
	return flow{at: q.at, lasts: 12_345, orig: q.orig, resp: q.resp, proto: "udp", service: "dns",
		state: "SF", history: "Dd", sent: 34, got: 62}
}

// zeekDay is the logs of one day of a network sensor.
func (p *plan) zeekDay(sensor string, day int) []file {
	folder := fmt.Sprintf("logs/%s/%s/", sensor, dayName(day))
	return []file{
		{path: packed(folder+"conn.log", day), write: func(out *output) error { return p.writeConn(out, sensor, day) }},
		{path: packed(folder+"dns.log", day), write: func(out *output) error {
			return dnsForm().write(out, day, p.queriesOf(sensor, day))
		}},
		{path: packed(folder+"http.log", day), write: func(out *output) error {
			return httpForm().write(out, day, p.requestsOf(sensor, day))
		}},
	}
}

func (p *plan) writeConn(out *output, sensor string, day int) error {
	return connForm().write(out, day, p.flowsOf(sensor, day))
}

// branchDay is the log of a small office, where the sensor stands inside the NAT. Days
// without planted traffic have none.
func (p *plan) branchDay(sensor string, day int) []file {
	if len(p.flows[key{sensor, day}]) == 0 {
		return nil
	}
	name := fmt.Sprintf("logs/%s/conn.%s.log", sensor, dayName(day))
	return []file{{path: packed(name, day), write: func(out *output) error {
		list := slices.Clone(p.flows[key{sensor, day}])
		rng := p.rng("branch " + sensor + dayName(day))
		for range 200 {
			list = append(list, answered(benignMoment(rng, day), end{office(1 + rng.IntN(60)), ephemeral(rng)},
				benignServer(rng), 300+rng.IntN(900), 800+rng.IntN(20000)))
		}
		return connForm().write(out, day, list)
	}}}
}

// benignMoment draws a microsecond of a day, more by day than by night.
func benignMoment(rng *rand.Rand, day int) int64 {
	const dayLength = 86400 * 1e6
	at := rng.Int64N(dayLength)
	if rng.IntN(3) > 0 {
		at = at/2 + dayLength/4
	}
	return windowStart*1e6 + int64(day)*dayLength + at
}
