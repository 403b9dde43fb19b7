package scenario

import (
	"encoding/binary"
	"fmt"
	"net/netip"
)

// The first octets of the IPv4 blocks. Each /8 has sixteen networks of a /12.
const (
	cnAccess  = 240 // lines of people in CN
	usAccess  = 241
	usHosting = 242 // servers in US
	cnHosting = 243
	hkBlock   = 244
	thirdPart = 245 // a network a third country, see thirds
	elsewhere = 246 // benign servers of many countries
)

// sixteenth is the number of addresses in a /12.
const sixteenth = 1 << 20

// thirds are the countries of the networks of 245.0.0.0/8, in order.
var thirds = [...]string{"DE", "KR", "JP", "BR", "CA", "GB", "FR", "NL", "SE", "IN", "AU", "MX", "ZA", "PL", "CZ", "IT"}

// country gives the number of a third country's network.
func third(country string) int {
	for i, c := range thirds {
		if c == country {
			return i
		}
	}
	panic("scenario: no network for " + country)
}

// v4 is address number n of a network: the order in which addresses are taken is
// scattered, so that neighbours in a list are not neighbours in the net.
func v4(octet, network int, n uint32) netip.Addr {
	scattered := (n*0x9E375 + 0x5ca1e) % sixteenth // odd multiplier: a permutation
	return plain4(octet, network, scattered)
}

// plain4 is address number n of a network, in order.
func plain4(octet, network int, n uint32) netip.Addr {
	var b [4]byte
	binary.BigEndian.PutUint32(b[:], uint32(octet)<<24|uint32(network)<<20|n%sixteenth)
	return netip.AddrFrom4(b)
}

// v6 is address number n of the IPv6 block of a country: one /64 a line.
func v6(country string, n uint32) netip.Addr {
	b := netip.MustParseAddr("2001:db8::").As16()
	b[4] = v6Blocks(country)
	binary.BigEndian.PutUint16(b[5:], uint16(n>>8))
	b[7] = byte(n)
	binary.BigEndian.PutUint32(b[12:], 0x10+n*7919)
	return netip.AddrFrom16(b)
}

// v6Blocks gives the /40 of a country, 2001:db8:XX00::/40.
func v6Blocks(country string) byte {
	switch country {
	case "CN":
		return 0xc0
	case "US":
		return 0xa0
	case "HK":
		return 0x80
	}
	return byte(third(country))
}

// line is the access line number n of a country, of few large networks and many small
// ones: network k holds about 1/(k+1) as many as the first.
func line(octet int, n, of uint32) netip.Addr {
	const parts = 3.380729 // 1 + 1/2 + … + 1/16
	var before uint32
	for k := range 15 {
		size := min(uint32(float64(of)/parts/float64(k+1))+1, sixteenth/2)
		if n < before+size {
			return v4(octet, k, n-before)
		}
		before += size
	}
	return v4(octet, 15, n-before)
}

// asOf numbers the network: 64512 to 65534 are for private use.
func asOf(octet, network int) int { return 64512 + (octet-cnAccess)*16 + network }

// placed is a line of the place table.
type placed struct {
	block, country string
	as             int
}

// world lists who is where.
func world() []placed {
	var list []placed
	add := func(octet int, country func(network int) string) {
		for k := range 16 {
			list = append(list, placed{fmt.Sprintf("%d.%d.0.0/12", octet, 16*k), country(k), asOf(octet, k)})
		}
	}
	always := func(country string) func(int) string { return func(int) string { return country } }
	add(cnAccess, always("CN"))
	add(usAccess, always("US"))
	add(usHosting, always("US"))
	add(cnHosting, always("CN"))
	add(hkBlock, always("HK"))
	add(thirdPart, func(k int) string { return thirds[k] })
	add(elsewhere, func(k int) string { return [...]string{"US", "CN", "DE", "JP"}[k%4] })
	for i, c := range []string{"CN", "US", "HK", "DE", "KR", "JP", "BR"} {
		list = append(list, placed{fmt.Sprintf("2001:db8:%x00::/40", v6Blocks(c)), c, 64512 + 7*16 + i})
	}
	return list
}

// spare is an address that belongs to no campaign, for traffic that is planted apart.
func spare(octet int, n uint32) netip.Addr { return v4(octet, 12+int(n%3), sixteenth/4*3+n) }

// anybody is an address whose traffic is benign.
func anybody(octet int, n uint32) netip.Addr {
	return v4(octet, int(n>>20%16), sixteenth/2+n%(sixteenth/4))
}
