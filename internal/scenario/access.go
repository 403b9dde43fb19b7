package scenario

import (
	"fmt"
	"slices"
	"strconv"
	"time"
)

// benignVisits is the number of benign requests a day and web server, at scale 1.
const benignVisits = 7_000

// accessDay is one local day of a hosting company's access log, in Apache's
// vhost_combined format.
func (p *plan) accessDay(sensor string, day int) file {
	name := fmt.Sprintf("logs/%s/access-%s.log", sensor, dayName(day))
	return file{path: packed(name, day), write: func(out *output) error {
		list := slices.Clone(p.visits[key{sensor, day}])
		list = append(list, p.ordinaryVisits(sensor, day)...)
		return writeAccess(out, list, zoneOf(sensor), true)
	}}
}

// proxiedDays is the access log of one shop behind a reverse proxy, which names its
// clients in X-Forwarded-For: combined, with that header behind it.
func (p *plan) proxiedDays() []file {
	var list []file
	for day := range windowDays + 1 {
		visits := p.visits[key{cnShop, day}]
		if len(visits) == 0 {
			continue
		}
		name := fmt.Sprintf("logs/%s/access-%s.log", cnShop, dayName(day))
		list = append(list, file{path: packed(name, day), write: func(out *output) error {
			return writeAccess(out, slices.Clone(visits), zoneOf(cnShop), false)
		}})
	}
	return list
}

// ordinaryVisits draws the benign requests of a local day.
func (p *plan) ordinaryVisits(sensor string, day int) []request {
	rng := p.rng(fmt.Sprintf("visits %s %d", sensor, day))
	r := raid{on: "CN", sites: p.sized(1754, 10)}
	if sensor == usWeb {
		r = raid{on: "US", sites: p.sized(489, 10)}
	}
	list := make([]request, 0, p.sized(benignVisits, 10))
	for range cap(list) {
		page, status := pages[rng.IntN(len(pages))], 200
		if rng.IntN(20) == 0 {
			page, status = "/missing.html", 404
		}
		n := rng.IntN(r.sites)
		list = append(list, request{
			at:   benignMoment(rng, day) - zoneOf(sensor)*1e6,
			orig: end{anybody(elsewhere, rng.Uint32()), ephemeral(rng)}, resp: end{r.siteAddr(n), 80},
			method: "GET", host: r.host(n), uri: page, status: status, size: 400 + rng.IntN(30000), agent: agents[n%len(agents)],
		})
	}
	return list
}

// writeAccess writes requests in order of time: with the virtual host in front, or with
// X-Forwarded-For behind.
func writeAccess(out *output, list []request, zone int64, vhost bool) error {
	clock := stamp{zone: time.FixedZone("", int(zone)), hour: -1}
	for r := range inTime(list, func(r *request) int64 { return r.at }) {
		if vhost {
			out.line = append(append(out.line, r.host...), ":80 "...)
		}
		out.line = r.orig.addr.AppendTo(out.line)
		out.line = append(out.line, " - - ["...)
		out.line = clock.appendTo(out.line, r.at/1e6)
		out.line = append(append(append(out.line, `] "`...), r.method...), ' ')
		out.line = append(append(out.line, r.uri...), ` HTTP/1.1" `...)
		out.line = strconv.AppendInt(out.line, int64(r.status), 10)
		out.line = strconv.AppendInt(append(out.line, ' '), int64(r.size), 10)
		out.line = append(append(append(out.line, ` "-" "`...), r.agent...), '"')
		if !vhost {
			out.line = append(append(append(out.line, ` "`...), orUnset(r.forwarded)...), '"')
		}
		out.line = append(out.line, '\n')
		if err := out.flushLine(); err != nil {
			return err
		}
	}
	return nil
}

// stamp writes Apache's times. It keeps the text of the last hour: records come in order.
type stamp struct {
	zone *time.Location
	hour int64
	head string // 19/Mar/2014:08:
	tail string // " +0800"
}

func (s *stamp) appendTo(dst []byte, unix int64) []byte {
	_, offset := time.Unix(unix, 0).In(s.zone).Zone()
	local := unix + int64(offset)
	if hour := local / 3600; hour != s.hour {
		t := time.Unix(unix, 0).In(s.zone)
		s.hour, s.head, s.tail = hour, t.Format("02/Jan/2006:15:"), t.Format(" -0700")
	}
	dst = append(dst, s.head...)
	dst = appendDigits(dst, int(local%3600/60), 2)
	dst = append(dst, ':')
	return append(appendDigits(dst, int(local%60), 2), s.tail...)
}
