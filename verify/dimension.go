package verify

import (
	"fmt"
	"slices"
	"strings"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/measure"
)

// dimensionNames are what groups may be told apart by (doc/formats/figure.md).
const dimensionNames = "by on by-as on-as as family day server sensor site name feed indicator class grade port"

func checkDimensions(m *measure.Measure, dims []string) error {
	for i, d := range dims {
		switch {
		case !slices.Contains(strings.Fields(dimensionNames), d):
			return fmt.Errorf("group by %.30q is not known", d)
		case slices.Contains(dims[:i], d):
			return fmt.Errorf("group by %s twice", d)
		case !m.HasBy && (d == "by" || d == "by-as"):
			return fmt.Errorf("%s has no perpetrator end to group by", m.Name)
		}
	}
	return nil
}

// value is the text of a dimension of a row, "" where it is unknown.
func value(dim string, m *measure.Measure, r *ts.Row) string {
	switch dim {
	case "by":
		return string(r.By)
	case "on":
		return string(r.On)
	case "by-as":
		return known(r.ByAS)
	case "on-as":
		return known(r.OnAS)
	case "as":
		return countedAS(m, r)
	case "family":
		return r.Family
	case "day":
		return r.Day().String()
	case "server":
		return server(r)
	case "sensor":
		return r.Sensor
	case "site":
		return r.Site
	case "name":
		return r.PerpName
	case "feed":
		return r.Feed
	case "indicator":
		return r.Indicator
	case "class":
		return r.Class.String()
	case "grade":
		return r.Grade.String()
	default:
		return known(uint32(r.PerpPort))
	}
}

func known(n uint32) string {
	if n == 0 {
		return ""
	}
	return decimal(uint64(n))
}

// countedAS is the network of the end that is counted: of a contact the client, of an
// attack the source.
func countedAS(m *measure.Measure, r *ts.Row) string {
	switch m.Member {
	case measure.Victim, measure.Site, measure.Contact:
		return known(r.OnAS)
	}
	return known(r.ByAS)
}

// server is the address of the perpetrator end, with its sensor where it is internal.
func server(r *ts.Row) string {
	switch {
	case !r.Perp.IsValid():
		return ""
	case r.Flags.Has(ts.FlagPerpInternal):
		return r.Perp.String() + "@" + r.Sensor
	}
	return r.Perp.String()
}
