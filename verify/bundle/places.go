package bundle

import (
	"errors"
	"fmt"
	"slices"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/place"
	"github.com/tallystick/tallystick/proof"
	"github.com/tallystick/tallystick/verify"
)

// footing is what the countries of rows opened in a round, or to somebody, rest on.
type footing struct {
	tables map[proof.PlaceEdition]bool // asked for
	looked uint64                      // ends that a table places
	words  uint64                      // ends whose country is their sensor's word
}

func noFooting() footing { return footing{tables: map[proof.PlaceEdition]bool{}} }

func (on *footing) add(row *ts.Row) {
	for _, e := range endsOf(row) {
		switch e.ground {
		case byTable:
			on.looked++
		case byWord:
			on.words++
		}
	}
}

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
		f.footing.tables[p] = true
		first = append(first, p)
	}
	tables, err := f.ledger.open(first)
	if errors.Is(err, errNoFile) || errors.Is(err, errTooMuch) {
		return nil // checkPlacesNote says so
	}
	if err != nil {
		return err
	}
	return again(tables, &e.Row)
}

// logged reports whether the ledger holds the edition, dated within the rule's seal.
func (f *figure) logged(p proof.PlaceEdition, row *ts.Row) bool {
	entry, ok := f.ledger.editions[p]
	dated := f.ledger.dated(entry)
	return ok && entry < f.EvidenceSize && dated > 0 && uint64(max(0, dated-(row.Day()+1).Start())) <= f.rule.Seal
}

// open returns tables of the bundle.
func (l *history) open(editions []proof.PlaceEdition) (list []*place.Snapshot, err error) {
	for _, p := range editions {
		t, ok := l.tables[p.Digest]
		if !ok {
			t.snapshot, t.err = l.table(p)
			l.tables[p.Digest] = t
		}
		if t.err != nil {
			return nil, t.err
		}
		list = append(list, t.snapshot.As(p.Name, p.Day))
	}
	return list, nil
}

// table is one that was opened, or why it was not.
type table struct {
	snapshot *place.Snapshot
	err      error
}

// table opens a table, which may be that of several editions.
func (l *history) table(p proof.PlaceEdition) (*place.Snapshot, error) {
	name := tableName(p)
	if size := l.archive.files[name].size; l.archive.has(name) && (size > maxTable || !allows(&l.left.tables, uint64(size))) {
		return nil, fmt.Errorf("%s: %w", name, errTooMuch)
	}
	b, err := l.archive.read(name, maxTable)
	if err != nil {
		return nil, err
	}
	if ts.DigestOf(b) != p.Digest {
		return nil, fmt.Errorf("%s has other content", name)
	}
	return place.Read(p.Name, max(p.Day, 1), b)
}

func tableName(p proof.PlaceEdition) string { return "places/" + p.Digest.String() }

// checkPlacesNote says whether the countries of rows that were opened, as in "in round 1000", were
// looked up again.
func (f *figure) checkPlacesNote(r *Result, opened string, audit bool) {
	c := check{figure: f.ID, audit: audit, what: fmt.Sprintf("countries of the rows opened %s, looked up again", opened),
		proves: "the rows' countries are those of the tables that the ledger named, and of sensors as it declared them before",
		not:    "that a table is right, or a sensor where its publisher says, or that a country's address is its actor"}
	if len(f.footing.tables) == 0 {
		return
	}
	var missing []string
	for p := range f.footing.tables {
		if !f.ledger.archive.has(tableName(p)) {
			missing = append(missing, tableName(p)+" is not in the bundle: put it there, from its publisher")
		} else if err := f.ledger.tables[p.Digest].err; errors.Is(err, errTooMuch) {
			missing = append(missing, err.Error())
		}
	}
	if len(missing) > 0 {
		r.add(c, verify.NotChecked, "%s", slices.Min(missing))
		return
	}
	r.add(c, verify.True, "ends placed by tables: %d (tables: %d); by the word of their sensors: %d", f.footing.looked, len(f.footing.tables), f.footing.words)
}
