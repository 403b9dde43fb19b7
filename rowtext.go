package tallystick

import (
	"encoding/binary"
	"math/bits"
	"net/netip"
)

// The texts and numbers of a line are short and of many lengths. They are looked at and
// written by words of eight bytes where that goes: of a loop over each byte the processor
// would guess the end wrong.

const (
	each = 0x0101010101010101 // times a byte: a word of that byte
	top  = 0x80 * each
)

const upperHex = "0123456789ABCDEF"

// AppendEscaped appends s with every byte that is not printable ASCII, and `"`, `\`
// and `%`, written %XX, so that no JSON escape ever occurs.
func AppendEscaped(dst []byte, s string) []byte {
	if plainText(s) {
		return append(dst, s...)
	}
	for i := range len(s) {
		if c := s[i]; plain(c) {
			dst = append(dst, c)
		} else {
			dst = append(dst, '%', upperHex[c>>4], upperHex[c&15])
		}
	}
	return dst
}

func plain(c byte) bool {
	return ' ' <= c && c <= '~' && c != '"' && c != '\\' && c != '%'
}

// plainText reports whether all bytes of s are plain.
func plainText(s string) bool {
	if len(s) >= 8 {
		for at := 0; at < len(s)-8; at += 8 {
			if !plainWord(word(s[at:])) {
				return false
			}
		}
		return plainWord(word(s[len(s)-8:]))
	}
	for i := range len(s) {
		if !plainBytes[s[i]] {
			return false
		}
	}
	return true
}

// plainBytes is plain as a table.
var plainBytes = func() (table [256]bool) {
	for c := range table {
		table[c] = plain(byte(c))
	}
	return table
}()

// word returns the first eight bytes of s, the first in the lowest byte.
func word(s string) uint64 {
	_ = s[7]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

// plainWord reports whether all eight bytes of w are plain. Sums of bytes below 0x80 do
// not reach into the next byte; the top bit says whether one came to 0x80.
func plainWord(w uint64) bool {
	low := w &^ top
	fine := low + (0x80-' ')*each
	fine &= low ^ '"'*each + 0x7f*each
	fine &= low ^ '\\'*each + 0x7f*each
	fine &= low ^ '%'*each + 0x7f*each
	fine &= low ^ 0x7f*each + 0x7f*each
	return fine&^w&top == top
}

// appendAddr appends nothing for the unknown address.
func appendAddr(dst []byte, a netip.Addr) []byte {
	switch {
	case !a.IsValid():
		return dst
	case !a.Is4():
		return a.AppendTo(dst)
	}
	at := len(dst)
	dst = append(dst, "255.255.255.255."...) // room
	for _, octet := range a.As4() {
		binary.LittleEndian.PutUint32(dst[at:], octets[octet])
		at += (bits.Len32(octets[octet]) + 7) / 8
	}
	return dst[:at-1]
}

// octets are the decimal digits of each octet and a dot, the first in the lowest byte.
var octets = func() (table [256]uint32) {
	for n := range table {
		text := append(appendNumber(nil, uint64(n)), '.')
		table[n] = binary.LittleEndian.Uint32(append(text, 0, 0))
	}
	return table
}()

// appendNumber appends n in decimal.
func appendNumber(dst []byte, n uint64) []byte {
	if n >= 1e8 {
		dst = appendNumber(dst, n/1e8)
		return binary.LittleEndian.AppendUint64(dst, eightDigits(n%1e8)|'0'*each)
	}
	digits := eightDigits(n)
	zeros := bits.TrailingZeros64(digits|1<<56) / 8 // in front: the last digit stands in any case
	end := len(dst) + 8 - zeros
	return binary.LittleEndian.AppendUint64(dst, (digits|'0'*each)>>(8*zeros))[:end]
}

// eightDigits returns the decimal digits of n, which is below 10^8, one a byte, the first
// in the lowest: halves of four digits, then pairs, then digits, all of a kind at once. A
// product and a shift divide by 100 and by 10, exactly for what is divided here.
func eightDigits(n uint64) uint64 {
	n = n/1e4 | n%1e4<<32
	pairs := n * 10486 >> 20 & 0x7f_0000_007f
	n = pairs | (n-100*pairs)<<16
	tens := n * 103 >> 10 & 0xf_000f_000f_000f
	return tens | (n-10*tens)<<8
}
