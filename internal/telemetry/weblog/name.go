package weblog

import (
	"bytes"
	"net/netip"
	"unsafe"

	"github.com/tallystick/tallystick"
)

// address reads an IP address and makes it canonical. The text is not copied:
// netip keeps none of it but in the error, which ends here.
func address(s []byte) (netip.Addr, bool) {
	if len(s) == 0 || s[0] > ':' && s[0]|0x20 > 'f' {
		return netip.Addr{}, false
	}
	a, err := netip.ParseAddr(unsafe.String(unsafe.SliceData(s), len(s)))
	if err != nil {
		return netip.Addr{}, false
	}
	return tallystick.Canonical(a), true
}

// host returns the host of an authority: lower case, without port, brackets and final
// dot. The placeholders "-" and "_" are no host.
func (p *parser) host(s []byte) []byte {
	s = bytes.TrimSuffix(withoutPort(s), []byte("."))
	if len(s) == 1 && (s[0] == '-' || s[0] == '_') {
		return nil
	}
	start := len(p.scratch)
	for _, c := range s {
		if 'A' <= c && c <= 'Z' {
			c |= 0x20
		}
		p.scratch = append(p.scratch, c)
	}
	return p.scratch[start:]
}

func withoutPort(s []byte) []byte {
	if len(s) > 0 && s[0] == '[' {
		if i := bytes.IndexByte(s, ']'); i > 0 {
			return s[1:i]
		}
	}
	i := bytes.IndexByte(s, ':')
	if i < 0 || bytes.IndexByte(s[i+1:], ':') >= 0 { // a bare IPv6 address has no port
		return s
	}
	return s[:i]
}

// plausible reports whether s holds only what host names, addresses and ports hold.
func plausible(s []byte) bool {
	for _, c := range s {
		switch {
		case letter(c), '0' <= c && c <= ':', c == '.', c == '-', c == '_', c == '[', c == ']':
		default:
			return false
		}
	}
	return len(s) > 0 && len(s) <= 262 // 255 and a port
}

// domain reports whether s reads as a domain name, with or without port: labels with
// dots between, the last of them beginning with a letter. A version ("TLSv1.3"), a
// duration and an address are none.
func domain(s []byte) bool {
	if !plausible(s) {
		return false
	}
	s = withoutPort(s)
	dot := bytes.LastIndexByte(s, '.')
	return dot > 0 && len(s)-dot > 2 && letter(s[dot+1])
}

func letter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }
