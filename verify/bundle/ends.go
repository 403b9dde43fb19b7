package bundle

import (
	"errors"
	"fmt"
	"net/netip"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/place"
)

// ground is what the country of an end of a row rests on.
type ground uint8

// The grounds.
const (
	noGround ground = iota // the row gives the end no country
	byTable                // a table of places
	byWord                 // its sensor's declaration
)

// end is one end of an opened row.
type end struct {
	name     string
	addr     netip.Addr
	country  ts.Country
	internal bool // as the row says
	ground   ground
}

// endsOf returns the perpetrator and the victim of a row, and what their countries rest on.
func endsOf(row *ts.Row) [2]end {
	perp := end{name: "perpetrator", addr: row.Perp, country: row.By, internal: row.Flags.Has(ts.FlagPerpInternal), ground: byTable}
	switch {
	case row.By == ts.Unknown: // a role may take the country away
		perp.ground = noGround
	case perp.internal:
		perp.ground = byWord
	}
	victim := end{name: "victim", addr: row.Victim, country: row.On, internal: row.Flags.Has(ts.FlagVictimInternal), ground: byTable}
	switch {
	case !row.Victim.IsValid() && row.On == ts.Unknown:
		victim.ground = noGround
	case victim.internal || row.Flags.Has(ts.FlagVictimDeclared):
		victim.ground = byWord
	}
	return [2]end{perp, victim}
}

// declared checks what a row says of its sensor's side, and no table of places can tell,
// against the declaration that held when its batch was logged: the last before it.
func (l *history) declared(row *ts.Row, batch uint64) error {
	d := l.declarationAt(row.Sensor, batch)
	for _, e := range endsOf(row) {
		if err := d.allows(&e, row); err != nil {
			return fmt.Errorf("the %s: %w", e.name, err)
		}
	}
	return nil
}

func (d *declaration) allows(e *end, row *ts.Row) error {
	made := d.counts(e.addr) // public by the sensor's word
	switch {
	case e.ground == byTable && !e.addr.IsValid():
		return errors.New("has a country and no address")
	case e.internal && (!e.addr.IsValid() || ts.Routable(e.addr) || made):
		return fmt.Errorf("is called internal, and %s is a public address", e.addr)
	case e.ground == byWord && e.country != d.country:
		return fmt.Errorf("is in %q, where its sensor was not declared to be", e.country)
	case e.ground == byWord && !e.internal && e.addr.IsValid() && !serves(d, row):
		return errors.New("is in the country of its sensor, and has no site that was found there")
	case !e.internal && e.addr.IsValid() && !ts.Routable(e.addr) && row.Flags.Has(ts.FlagSynthetic) && !made:
		return fmt.Errorf("no declaration of its sensor counts %s as public", e.addr)
	}
	return nil
}

// serves reports whether a row is of a site at its sensor, whose place may be other than that of
// the server's address. Only of a backdoor is it told at which site it is.
func serves(d *declaration, row *ts.Row) bool {
	return row.Class == ts.Backdoor && row.Site != "" && d.role == ts.RoleWebserver
}

// again compares the countries of a row with tables of one data set, for every end that they
// place.
func again(tables []*place.Snapshot, row *ts.Row) error {
	for _, e := range endsOf(row) {
		if e.ground != byTable {
			continue
		}
		if c := place.CountryOf(tables, e.addr, row.Day()); c != e.country {
			return fmt.Errorf("%s is in %q by the table, in %q by the row", e.addr, c, e.country)
		}
	}
	return nil
}
