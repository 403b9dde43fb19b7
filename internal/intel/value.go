package intel

import (
	"net/netip"
	"strings"

	"github.com/tallystick/tallystick"
)

// value is a feed's text, recognised. addr is set for every kind that names an address.
type value struct {
	kind Kind
	text string // canonical
	addr netip.Addr
	bits int // of KindPrefix
}

// ReasonPath is why a path is not used where nothing says that it is a web shell's.
const ReasonPath = "path without a host"

// Other reasons why an entry is not used, for counting.
const (
	reasonForm     = "not an indicator"
	reasonPattern  = "pattern"
	reasonHash     = "file hash"
	reasonMail     = "e-mail address"
	reasonLabel    = "single label"
	reasonApp      = "application name"
	reasonQuery    = "URL told apart by its query only"
	reasonShort    = "shortened URL"
	reasonSuffix   = "public suffix"
	reasonInternal = "not a public address"
	reasonWide     = "prefix too wide"
	reasonRange    = "address range"
	reasonLong     = "line too long"
	reasonType     = "other type"
	reasonMeaning  = "meaning not told"
	reasonClass    = "class that nothing detects"
)

// maxValue is the longest value that is kept, in bytes, and maxWord the longest family
// or feed name: they must fit a row.
const (
	maxValue = 1024
	maxWord  = 128
)

// parseValue recognises one indicator as feeds write it, defanged spellings included.
// The reason is "" where it succeeds.
func parseValue(s string) (v value, reason string) {
	s = refang(strings.TrimSpace(s))
	switch {
	case s == "":
		return v, reasonForm
	case len(s) > maxValue:
		return v, reasonLong
	case s[0] == '/':
		return parsePath(s)
	case hasScheme(s):
		_, rest, _ := strings.Cut(s, "://")
		return parseURL(rest)
	case strings.ContainsAny(s, "/?"):
		return parseSlashed(s)
	}
	return parseHost(s)
}

// hasScheme reports whether s begins with a scheme; a path may hold another URL.
func hasScheme(s string) bool {
	n := strings.Index(s, "://")
	return n > 0 && strings.IndexByte(s, '/') == n+1
}

func refang(s string) string {
	if strings.IndexByte(s, '[') > 0 {
		s = strings.NewReplacer("[.]", ".", "[:]", ":", "[://]", "://").Replace(s)
	}
	if len(s) > 4 && strings.EqualFold(s[:4], "hxxp") {
		s = "http" + s[4:]
	}
	return s
}

func parsePath(s string) (value, string) {
	path, _, _ := strings.Cut(s, "?")
	switch {
	case path == "/":
		return value{}, reasonForm
	case strings.ContainsAny(path, "*\\[({|^$ "):
		return value{}, reasonPattern
	}
	return value{kind: KindPath, text: plainPath(path)}, ""
}

// parseURL reads what stands behind the scheme. Port, query and fragment are dropped:
// records show host and path.
func parseURL(s string) (value, string) {
	s, _, _ = strings.Cut(s, "#")
	s, query, _ := strings.Cut(s, "?")
	host, path, _ := strings.Cut(s, "/")
	if at := strings.LastIndexByte(host, '@'); at >= 0 {
		host = host[at+1:]
	}
	path = "/" + path
	switch {
	case path == "/" && query != "":
		return value{}, reasonQuery
	case strings.HasSuffix(s, "…") || strings.HasSuffix(s, "..."):
		return value{}, reasonShort
	case strings.ContainsAny(path, "* "):
		return value{}, reasonPattern
	}
	v, reason := parseHost(host)
	if reason != "" {
		return v, reason
	}
	name := v.text
	if v.addr.IsValid() {
		if name = v.addr.String(); v.addr.Is6() {
			name = "[" + name + "]"
		}
	}
	return value{kind: KindURL, text: name + plainPath(path), addr: v.addr}, ""
}

func parseSlashed(s string) (value, string) {
	left, right, _ := strings.Cut(s, "/")
	if a, err := netip.ParseAddr(left); err == nil && digits(right) {
		p, err := netip.ParsePrefix(a.Unmap().WithZone("").String() + "/" + right)
		if a.Is4In6() && err != nil {
			p, err = netip.ParsePrefix(s)
		}
		if err != nil {
			return value{}, reasonForm
		}
		return prefixValue(p), ""
	}
	return parseURL(s)
}

func prefixValue(p netip.Prefix) value {
	a, bits := p.Addr(), p.Bits()
	if a.Is4In6() && bits >= 96 {
		a, bits = a.Unmap(), bits-96
	}
	if bits == a.BitLen() {
		return addrValue(a)
	}
	p = netip.PrefixFrom(a, bits).Masked()
	return value{kind: KindPrefix, text: p.String(), addr: p.Addr(), bits: bits}
}

func addrValue(a netip.Addr) value {
	a = tallystick.Canonical(a)
	return value{kind: KindAddr, text: a.String(), addr: a}
}

// parseHost reads an address, address and port, or name; a name's port is dropped.
func parseHost(s string) (value, string) {
	if s == "" {
		return value{}, reasonForm
	}
	colon := strings.IndexByte(s, ':')
	single := colon >= 0 && strings.IndexByte(s[colon+1:], ':') < 0
	if last := s[len(s)-1]; colon >= 0 && !single || colon < 0 && '0' <= last && last <= '9' {
		if a, err := netip.ParseAddr(strings.Trim(s, "[]")); err == nil {
			return addrValue(a), ""
		}
	}
	if colon >= 0 {
		if ap, err := netip.ParseAddrPort(s); err == nil {
			return addrPortValue(ap.Addr(), ap.Port()), ""
		}
		if !digits(s[colon+1:]) {
			return value{}, reasonForm
		}
		s = s[:colon]
	}
	return parseName(s)
}

func addrPortValue(a netip.Addr, port uint16) value {
	v := addrValue(a)
	if port != 0 {
		v.kind, v.text = KindAddrPort, netip.AddrPortFrom(v.addr, port).String()
	}
	return v
}

func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}
