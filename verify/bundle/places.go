package bundle

import (
	"bytes"
	"errors"
	"fmt"
	"net/netip"
	"slices"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/place"
	"github.com/tallystick/tallystick/proof"
	"github.com/tallystick/tallystick/verify"
)

// maxPlaces bounds a table of places in a bundle.
const maxPlaces = 1 << 30

// placed looks both ends of an opened row up again, in the tables of the data set that its
// manifest names first, where the bundle has them.
func (f *figure) placed(e *proof.Evidence) error {
	if len(e.Manifest.Places) == 0 {
		return errors.New("its rows name no table of places")
	}
	var first []proof.PlaceEdition
	for _, p := range e.Manifest.Places {
		if p.Name != e.Manifest.Places[0].Name {
			continue
		}
		if !f.logged(p, &e.Row) {
			return fmt.Errorf("its table of places %s was not logged in time", p.Digest)
		}
		f.used[p] = true
		first = append(first, p)
	}
	atlas, err := f.ledger.atlas(first)
	if errors.Is(err, errNoFile) {
		return nil // checkPlacesNote says so
	}
	if err != nil {
		return err
	}
	return again(atlas, &e.Row)
}

// logged reports whether the ledger holds the edition, dated within the rule's seal.
func (f *figure) logged(p proof.PlaceEdition, row *ts.Row) bool {
	entry, ok := f.ledger.editions[p]
	dated := f.ledger.dated(entry)
	return ok && entry < f.EvidenceSize && dated > 0 && uint64(max(0, dated-(row.Day()+1).Start())) <= f.rule.Seal
}

// atlas makes an atlas of tables of the bundle, once.
func (l *history) atlas(editions []proof.PlaceEdition) (*place.Atlas, error) {
	key := fmt.Sprint(editions)
	if a, ok := l.atlases[key]; ok {
		return a, nil
	}
	var tables []*place.Snapshot
	for _, p := range editions {
		table, err := l.table(p)
		if err != nil {
			return nil, err
		}
		tables = append(tables, table)
	}
	a, err := place.New(tables...)
	if err == nil {
		l.atlases[key] = a
	}
	return a, err
}

// table opens a table of places of the bundle, once.
func (l *history) table(p proof.PlaceEdition) (*place.Snapshot, error) {
	if s, ok := l.tables[p]; ok {
		return s, nil
	}
	b, err := l.archive.read(tableName(p), maxPlaces)
	if err != nil {
		return nil, err
	}
	if ts.DigestOf(b) != p.Digest {
		return nil, fmt.Errorf("%s has other content", tableName(p))
	}
	s, err := place.Open(p.Name, p.Day, bytes.NewReader(b))
	if err == nil {
		l.tables[p] = s
	}
	return s, err
}

func tableName(p proof.PlaceEdition) string { return "places/" + p.Digest.String() }

// again compares the countries of a row with a table, for every end that the table places.
func again(table *place.Atlas, row *ts.Row) error {
	for _, end := range []struct {
		addr    netip.Addr
		country ts.Country
		skip    bool
	}{
		{row.Perp, row.By, row.Flags.Has(ts.FlagPerpInternal) || row.By == ""},
		{row.Victim, row.On, row.Flags.Has(ts.FlagVictimInternal | ts.FlagVictimDeclared)},
	} {
		if end.skip || !end.addr.IsValid() {
			continue
		}
		if p, _ := table.At(end.addr, row.Day()); p.Country != end.country {
			return fmt.Errorf("%s is in %q by the table, in %q by the row", end.addr, p.Country, end.country)
		}
	}
	return nil
}

// checkPlacesNote says whether the countries of opened rows were looked up again.
func (f *figure) checkPlacesNote(r *Result, d round) {
	c := check{figure: f.ID, audit: true, what: fmt.Sprintf("countries of the rows opened in round %d, looked up again", d.number),
		proves: "the rows' countries are those of the table that the ledger named", not: "that the table is right, or that a country's address is its actor"}
	if len(f.used) == 0 {
		return
	}
	var missing []string
	for p := range f.used {
		if _, ok := f.ledger.archive.files[tableName(p)]; !ok {
			missing = append(missing, tableName(p))
		}
	}
	if len(missing) > 0 {
		r.add(c, verify.NotChecked, "%s is not in the bundle: put it there, from its publisher", slices.Min(missing))
		return
	}
	r.add(c, verify.True, "%d tables", len(f.used))
}
