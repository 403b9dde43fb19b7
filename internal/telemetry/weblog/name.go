package weblog

import (
	"bytes"

	"github.com/tallystick/tallystick/internal/field"
)

// host returns the host of an authority. The placeholders "-" and "_" are no host.
func (p *parser) host(authority []byte) []byte {
	start := len(p.scratch)
	p.scratch = field.AppendHost(p.scratch, authority)
	if host := p.scratch[start:]; string(host) != "-" && string(host) != "_" {
		return host
	}
	return nil
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
	s = field.Host(s)
	dot := bytes.LastIndexByte(s, '.')
	return dot > 0 && len(s)-dot > 2 && letter(s[dot+1])
}

func letter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }
