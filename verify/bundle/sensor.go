package bundle

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	ts "github.com/tallystick/tallystick"
)

// declaration is what a ledger says of a sensor: its role, where its own side is, and which
// reserved addresses it counts as public.
type declaration struct {
	index    uint64
	role     ts.Role
	country  ts.Country
	asPublic []netip.Prefix
}

// publicBlock is a block of addresses that a sensor counts as public.
type publicBlock struct {
	index uint64
	block netip.Prefix
}

func (l *history) takeSensor(i uint64, o *ts.Object) error {
	v := ts.ObjectReader{Object: o}
	name := strings.Clone(v.Text("name"))
	if len(l.sensors[name]) >= maxObjects {
		return fmt.Errorf("sensor %.60q is declared more than %d times", name, maxObjects)
	}
	blocks := ts.AllParsed(&v, "treat-as-public", netip.ParsePrefix)
	for _, p := range blocks {
		l.public = append(l.public, publicBlock{i, p})
	}
	if len(l.public) > maxBlocks {
		return fmt.Errorf("more than %d blocks counted as public", maxBlocks)
	}
	role, country := ts.Role(strings.Clone(o.Get("role"))), ts.Country(strings.Clone(o.Get("country")))
	l.sensors[name] = append(l.sensors[name], declaration{i, role, country, blocks})
	return v.Err
}

// declarationAt returns the last declaration of a sensor before an entry; where there is none,
// one that declares nothing.
func (l *history) declarationAt(sensor string, entry uint64) *declaration {
	list := l.sensors[sensor]
	for i := range slices.Backward(list) {
		if list[i].index < entry {
			return &list[i]
		}
	}
	return &declaration{}
}

// counts reports whether the sensor counts a reserved address as public.
func (d *declaration) counts(a netip.Addr) bool {
	return slices.ContainsFunc(d.asPublic, func(p netip.Prefix) bool { return p.Contains(a) })
}
