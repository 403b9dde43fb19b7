package scenario

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"testing"
	"time"

	ts "github.com/tallystick/tallystick"
)

// recount reads the written files with a few lines of its own, as a doubting reader would,
// and counts control.hosts, backdoor.attacks and phishing.contacts by US on CN. blind
// names one rule that it leaves out, "" none.
type recount struct {
	blind    string
	listed   map[string]bool // address, address:port or name
	roles    map[string]bool // addresses that are sinkholes, parked or shared
	noSource map[string]bool // scanners and exits
	shells   map[string]bool
	pages    map[string]bool
	hosts    map[string]bool
	attacks  map[string]bool
	contacts map[string]bool
}

func newRecount(blind string) *recount {
	set := func() map[string]bool { return map[string]bool{} }
	return &recount{blind, set(), set(), set(), set(), set(), set(), set(), set()}
}

// minds reports whether a rule is kept.
func (r *recount) minds(rule string) bool { return r.blind != rule }

// TestRecount: what can be read out of the files is what was planted, and nothing else;
// and whoever leaves one of the rules out falls for a trap.
func TestRecount(t *testing.T) {
	s := small()
	files := map[string]string{}
	eachFile(t, written(t, s), func(name string, b []byte) { files[name] = string(plainText(t, name, b)) })
	for _, c := range []struct{ blind, measure string }{
		{"", ""},
		{"roles", "control.hosts"},
		{"port", "control.hosts"},
		{"reply", "control.hosts"},
		{"direction", "control.hosts"},
		{"proxy", "control.hosts"},
		{"place", "control.hosts"},
		{"window", "control.hosts"},
		{"status", "backdoor.attacks"},
		{"source", "backdoor.attacks"},
		{"catch-all", "backdoor.attacks"},
		{"zone", "backdoor.attacks"},
		{"slot", "phishing.contacts"},
	} {
		r := newRecount(c.blind)
		r.read(t, files)
		for _, p := range s.Truth().Headline {
			got, counted := map[string]int{
				"control.hosts": len(r.hosts), "backdoor.attacks": len(r.attacks), "phishing.contacts": len(r.contacts),
			}[p.Measure]
			if right := uint64(got) == p.Value; counted && right == (p.Measure == c.measure) {
				t.Errorf("without the rule %q: %v, recounted %d", c.blind, p, got)
			}
		}
	}
}

func (r *recount) read(t *testing.T, files map[string]string) {
	for name, text := range files {
		if into := r.list(name); into != nil {
			for _, value := range strings.Fields(text) {
				into[value] = true
			}
		}
	}
	for name, text := range files {
		for line := range strings.Lines(text) {
			f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
			switch {
			case strings.HasPrefix(line, "#") || !strings.HasPrefix(name, "logs/"):
			case strings.HasPrefix(name, "logs/cn-branch"):
			case strings.Contains(name, "/conn."):
				r.conn(f)
			case strings.Contains(name, "/http."):
				r.http(f)
			case strings.HasPrefix(name, "logs/cn-hosting"):
				r.access(t, line)
			}
		}
	}
}

// list returns the set that a feed's entries belong to.
func (r *recount) list(name string) map[string]bool {
	switch {
	case strings.Contains(name, "sinkhole_"), strings.Contains(name, "parking"), strings.Contains(name, "free_web"):
		return r.roles
	case strings.Contains(name, "/malware/"):
		return r.listed
	case strings.Contains(name, "mass_scanner"), strings.Contains(name, "anonymous"):
		return r.noSource
	case strings.Contains(name, "web_shells"):
		return r.shells
	case strings.Contains(name, "phishing"):
		return r.pages
	}
	return nil
}

func cn(addr string) bool {
	return strings.HasPrefix(addr, "240.") || strings.HasPrefix(addr, "243.") || strings.HasPrefix(addr, "2001:db8:c0")
}

func us(addr string) bool {
	return strings.HasPrefix(addr, "242.") || strings.HasPrefix(addr, "241.") || strings.HasPrefix(addr, "2001:db8:a0")
}

// slot is the half-hour of a time, or the second where slots are not minded.
func (r *recount) slot(unix int64) int64 {
	if r.minds("slot") {
		return unix / ts.SlotSeconds
	}
	return unix
}

func (r *recount) within(unix int64) bool {
	return unix >= windowStart && unix < windowEnd || unix == windowEnd && !r.minds("window")
}

func (r *recount) conn(f []string) {
	at, orig, resp := seconds(f[0]), f[2], f[4]
	replied, _ := strconv.Atoi(f[10])
	listed := r.lists(resp, f[5])
	if !listed && !r.minds("direction") && r.listed[orig] {
		orig, resp, listed = resp, orig, true
	}
	if listed && (replied > 0 || !r.minds("reply")) && (!r.roles[resp] || !r.minds("roles")) &&
		r.within(at) && cn(orig) && (us(resp) || !r.minds("place")) {
		r.hosts[orig] = true
	}
}

// lists reports whether an address is listed, on the port or on all.
func (r *recount) lists(addr, port string) bool {
	a, err := netip.ParseAddr(addr)
	if err != nil {
		return false
	}
	n, _ := strconv.Atoi(port)
	if r.listed[addr] || r.listed[netip.AddrPortFrom(a, uint16(n)).String()] {
		return true
	}
	if !r.minds("port") {
		for _, p := range controlPorts {
			if r.listed[netip.AddrPortFrom(a, p).String()] {
				return true
			}
		}
	}
	return false
}

func seconds(text string) int64 {
	at, _ := strconv.ParseFloat(text, 64)
	return int64(at)
}

func (r *recount) http(f []string) {
	at, orig, resp, host := seconds(f[0]), f[2], f[4], f[8]
	path, _, _ := strings.Cut(f[9], "?")
	if !r.within(at) {
		return
	}
	proxied := strings.Contains(path, "://") && r.minds("proxy")
	switch {
	case r.listed[host] && (!r.roles[resp] || !r.minds("roles")) && !proxied && cn(orig) && (us(resp) || !r.minds("place")):
		r.hosts[orig] = true
	case r.pages["http://"+host+path] && cn(orig) && us(resp):
		r.contacts[fmt.Sprint(orig, host, r.slot(at))] = true
	case r.shells[path] && us(orig) && cn(resp) && (f[15] == "200" || !r.minds("status")):
		r.attacks[fmt.Sprint(orig, strings.TrimPrefix(host, "www."), at/ts.SlotSeconds)] = true
	}
}

// access reads a line of the hosting company's log, which is at +0800.
func (r *recount) access(t *testing.T, line string) {
	f := strings.Fields(line)
	zone := f[5]
	if !r.minds("zone") {
		zone = "+0000]"
	}
	at, err := time.Parse("[02/Jan/2006:15:04:05 -0700]", f[4]+" "+zone)
	if err != nil {
		t.Fatal(err)
	}
	host, _, _ := strings.Cut(f[0], ":")
	if host == "answers-all.example" && r.minds("catch-all") || f[9] != "200" && r.minds("status") ||
		r.noSource[f[1]] && r.minds("source") || !r.shells[f[7]] || !us(f[1]) || !r.within(at.Unix()) {
		return
	}
	r.attacks[fmt.Sprint(f[1], strings.TrimPrefix(host, "www."), at.Unix()/ts.SlotSeconds)] = true
}
