package bundle

import (
	"fmt"
	"net/netip"
	"slices"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/proof"
)

// declaration is what a ledger says of a sensor: where its own side is, and which reserved
// addresses it counts as public.
type declaration struct {
	index    uint64
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
	l.sensors[name] = append(l.sensors[name], declaration{i, ts.Country(o.Get("country")), blocks})
	return v.Err
}

// declared checks what a row says of itself and no table of places can tell: a country that
// is its sensor's word, and reserved addresses that count as public, must be in the ledger.
func (f *figure) declared(e *proof.Evidence) error {
	row := &e.Row
	any := func(holds func(declaration) bool) bool {
		return slices.ContainsFunc(f.ledger.sensors[row.Sensor], func(d declaration) bool {
			return d.index < f.EvidenceSize && holds(d)
		})
	}
	for _, end := range []struct {
		said    bool
		country ts.Country
	}{
		{row.Flags.Has(ts.FlagVictimInternal | ts.FlagVictimDeclared), row.On},
		{row.Flags.Has(ts.FlagPerpInternal) && row.By != ts.Unknown, row.By},
	} {
		if end.said && !any(func(d declaration) bool { return d.country == end.country }) {
			return fmt.Errorf("no sensor of the name is declared in %q", end.country)
		}
	}
	for _, a := range []netip.Addr{row.Perp, row.Victim} {
		if row.Flags.Has(ts.FlagSynthetic) && a.IsValid() && !ts.Routable(a) && !f.internal(row, a) && !any(func(d declaration) bool {
			return slices.ContainsFunc(d.asPublic, func(p netip.Prefix) bool { return p.Contains(a) })
		}) {
			return fmt.Errorf("no declaration of its sensor counts %s as public", a)
		}
	}
	return nil
}

// internal reports whether the row says that the end with the address is internal.
func (f *figure) internal(row *ts.Row, a netip.Addr) bool {
	return a == row.Perp && row.Flags.Has(ts.FlagPerpInternal) || a == row.Victim && row.Flags.Has(ts.FlagVictimInternal)
}
