package scenario

import (
	"fmt"
	"net/netip"
	"strings"
)

// PlaceTable is a dated table of countries and AS numbers, CIDR, country, AS a line.
type PlaceTable struct {
	Name, Day, Path string // Path is below the scenario's folder
}

// PlaceTables returns the tables in their order: the first-named decides, the second
// disagrees about a few machines and knows no AS numbers.
func (s Scenario) PlaceTables() []PlaceTable {
	return []PlaceTable{
		{Name: "scenario", Day: "2014-03-01", Path: "places/scenario.csv"},
		{Name: "second-opinion", Day: "2014-03-01", Path: "places/second-opinion.csv"},
	}
}

// dissent is an address that the second table places elsewhere.
type dissent struct {
	addr    netip.Addr
	country string
}

func (p *plan) placeFiles() map[string]string {
	var first, second strings.Builder
	for _, w := range world() {
		fmt.Fprintf(&first, "%s,%s,%d\n", w.block, w.country, w.as)
		fmt.Fprintf(&second, "%s,%s\n", w.block, w.country)
	}
	for _, d := range p.dissents {
		fmt.Fprintf(&second, "%s/%d,%s\n", d.addr, d.addr.BitLen(), d.country)
	}
	tables := p.PlaceTables()
	return map[string]string{tables[0].Path: first.String(), tables[1].Path: second.String()}
}
