package proof

import (
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/cloudflare/circl/group"
)

// Point is the canonical encoding of an element of ristretto255 (RFC 9496, 4.3.2) that is
// not the identity. Only ParsePoint, tags and keys make one, so a Point held is valid
// unless it was copied from foreign bytes without ParsePoint.
type Point [32]byte

// ErrPoint means that 32 bytes are no point: not canonical, on no curve, or the identity.
var ErrPoint = errors.New("not a canonical point of ristretto255, or the identity")

// String formats p as lower-case hex.
func (p Point) String() string { return hex.EncodeToString(p[:]) }

// ParsePoint checks 32 foreign bytes (protocol 3.0). It fails with ErrPoint.
func ParsePoint(b []byte) (Point, error) {
	var p Point
	if len(b) != len(p) {
		return p, fmt.Errorf("point of %d bytes: %w", len(b), ErrPoint)
	}
	copy(p[:], b)
	_, err := p.element()
	return p, err
}

// element decodes p. The library takes the identity and is not asked whether it takes a
// second spelling: both are refused here.
func (p Point) element() (group.Element, error) {
	e := group.Ristretto255.NewElement()
	if !p.canonical() || e.UnmarshalBinary(p[:]) != nil || e.IsIdentity() {
		return nil, ErrPoint
	}
	return e, nil
}

// canonical reports whether the bytes, little-endian, are an even number below 2^255 - 19
// (RFC 9496, 4.3.1, steps 1 and 2): of the two roots and their spellings, one.
func (p Point) canonical() bool {
	if p[0]&1 != 0 || p[31]&0x80 != 0 {
		return false
	}
	if p[0] < 0xed || p[31] != 0x7f {
		return true
	}
	for _, b := range p[1:31] {
		if b != 0xff {
			return true
		}
	}
	return false
}

func pointOf(e group.Element) Point {
	b, err := e.MarshalBinaryCompress()
	if err != nil {
		panic(err) // encoding an element of this group has no way to fail
	}
	return Point(b)
}

func elements(points []Point) ([]group.Element, error) {
	list := make([]group.Element, len(points))
	for i, p := range points {
		e, err := p.element()
		if err != nil {
			return nil, fmt.Errorf("point %d: %w", i, err)
		}
		list[i] = e
	}
	return list, nil
}
