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
// and counts control.hosts, backdoor.attacks and phishing.contacts by US on CN.
type recount struct {
	listed   map[string]bool // address, address:port or name
	roles    map[string]bool // addresses that are sinkholes, parked or shared
	noSource map[string]bool // scanners and exits
	shells   map[string]bool
	pages    map[string]bool
	hosts    map[string]bool
	attacks  map[string]bool
	contacts map[string]bool
}

// TestRecount: what can be read out of the files is what was planted, and nothing else.
func TestRecount(t *testing.T) {
	s := small()
	r := recount{map[string]bool{}, map[string]bool{}, map[string]bool{}, map[string]bool{}, map[string]bool{}, map[string]bool{}, map[string]bool{}, map[string]bool{}}
	dir := written(t, s)
	eachFile(t, dir, func(name string, b []byte) {
		if into := r.list(name); into != nil {
			for _, value := range strings.Fields(string(b)) {
				into[value] = true
			}
		}
	})
	eachFile(t, dir, func(name string, b []byte) {
		for line := range strings.Lines(string(plainText(t, name, b))) {
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
	})
	for _, p := range s.Truth().Headline {
		got, counted := map[string]int{
			"control.hosts": len(r.hosts), "backdoor.attacks": len(r.attacks), "phishing.contacts": len(r.contacts),
		}[p.Measure]
		if counted && uint64(got) != p.Value {
			t.Errorf("%v, recounted %d", p, got)
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

func within(unix float64) bool { return unix >= windowStart && unix < windowEnd }

func (r *recount) conn(f []string) {
	at, _ := strconv.ParseFloat(f[0], 64)
	replied, _ := strconv.Atoi(f[10])
	port, _ := strconv.Atoi(f[5])
	listed := r.listed[f[4]]
	if a, err := netip.ParseAddr(f[4]); err == nil {
		listed = listed || r.listed[netip.AddrPortFrom(a, uint16(port)).String()]
	}
	if listed && replied > 0 && !r.roles[f[4]] && within(at) && cn(f[2]) && us(f[4]) {
		r.hosts[f[2]] = true
	}
}

func (r *recount) http(f []string) {
	at, _ := strconv.ParseFloat(f[0], 64)
	orig, resp, host := f[2], f[4], f[8]
	path, _, _ := strings.Cut(f[9], "?")
	if f[15] != "200" || !within(at) {
		return
	}
	slot := int64(at) / ts.SlotSeconds
	switch {
	case r.listed[host] && !r.roles[resp] && !strings.Contains(path, "://") && cn(orig) && us(resp):
		r.hosts[orig] = true
	case r.pages["http://"+host+path] && cn(orig) && us(resp):
		r.contacts[fmt.Sprint(orig, host, slot)] = true
	case r.shells[path] && us(orig) && cn(resp):
		r.attacks[fmt.Sprint(orig, strings.TrimPrefix(host, "www."), slot)] = true
	}
}

// access reads a line of the hosting company's log, which is at +0800.
func (r *recount) access(t *testing.T, line string) {
	f := strings.Fields(line)
	at, err := time.Parse("[02/Jan/2006:15:04:05 -0700]", f[4]+" "+f[5])
	if err != nil {
		t.Fatal(err)
	}
	host, _, _ := strings.Cut(f[0], ":")
	if host == "answers-all.example" || f[9] != "200" || !r.shells[f[7]] || r.noSource[f[1]] ||
		!us(f[1]) || !within(float64(at.Unix())) {
		return
	}
	r.attacks[fmt.Sprint(f[1], strings.TrimPrefix(host, "www."), at.Unix()/ts.SlotSeconds)] = true
}
