package detect

import (
	"net/netip"
	"strings"

	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"

	ts "github.com/tallystick/tallystick"
)

// site returns the host name and the site of a request, "" where they are not known. A
// client may write any name into its request. Where the sensor's site is declared, another
// is therefore the client's word; and a request that names none was made to the declared one.
func (d *Set) site(o *ts.Observation) (host, site string) {
	declared := hostName([]byte(d.sensor.Site))
	own := registrable(declared)
	host = hostName(o.Name)
	site = registrable(host)
	switch {
	case own == "" && site == "":
		return "", ""
	case own == "" || site == own:
		return host, site
	case namesNoSite(o.Name):
		return declared, own
	}
	return "", ""
}

// namesNoSite reports whether a request says nothing of a site: no name, an address, or a
// single label, which a server may call itself.
func namesNoSite(name []byte) bool {
	s := string(name)
	_, err := netip.ParseAddr(s)
	return err == nil || !strings.Contains(s, ".")
}

// registrable returns the registrable domain of a host name by the public suffix list, ""
// where it has none or no site could be called so.
func registrable(host string) string {
	site, err := publicsuffix.EffectiveTLDPlusOne(host)
	if err != nil || strings.Contains(site, "_") {
		return ""
	}
	last := ""
	for last = range strings.SplitSeq(host, ".") {
		if !isLabel(last) {
			return ""
		}
	}
	if !letter(last[0]) {
		return "" // an address, or nearly one
	}
	return site
}

// isLabel reports whether s is a label of a host name (RFC 1123, section 2.1), with "_" as
// it occurs, and an A-label that begins like one (RFC 5891, section 4.2).
func isLabel(s string) bool {
	if s == "" || len(s) > 63 || s[0] == '-' || s[len(s)-1] == '-' {
		return false
	}
	for i := range len(s) {
		if c := s[i]; !letter(c) && (c < '0' || c > '9') && c != '-' && c != '_' {
			return false
		}
	}
	if !strings.HasPrefix(s, "xn--") {
		return true
	}
	_, err := idna.Lookup.ToUnicode(s)
	return err == nil
}

func letter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }
