package bundle

import (
	"fmt"
	"net/netip"
	"slices"

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

// maxBlocks bounds the blocks that all sensors together count as public: every figure's
// sentence and every opening looks at them.
const maxBlocks = 4096

func (l *history) takeSensor(i uint64, o *ts.Object) error {
	v := ts.ObjectReader{Object: o}
	name := v.Text("name")
	if len(l.sensors[name]) >= maxObjects {
		return fmt.Errorf("sensor %.60q is declared more than %d times", name, maxObjects)
	}
	blocks := ts.AllParsed(&v, "treat-as-public", netip.ParsePrefix)
	if l.blocks += len(blocks); l.blocks > maxBlocks {
		return fmt.Errorf("more than %d blocks counted as public", maxBlocks)
	}
	l.sensors[name] = append(l.sensors[name], declaration{i, ts.Role(o.Get("role")), ts.Country(o.Get("country")), blocks})
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
