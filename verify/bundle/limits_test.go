package bundle

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/proof"
)

// TestFewFiles: the directory of an archive does not grow with its size.
func TestFewFiles(t *testing.T) {
	a := &archive{files: map[string]extent{}, order: make([]string, maxFiles-1)}
	if err := a.add("drand/1", extent{}); err != nil {
		t.Error(err)
	}
	if err := a.add("drand/2", extent{}); err == nil {
		t.Error("one more than allowed")
	}
}

// TestFewNotes: neither number nor bytes of the checkpoints grow.
func TestFewNotes(t *testing.T) {
	for _, c := range []struct {
		n, size int64
		ok      bool
	}{{maxHeads, maxNotes / maxHeads, true}, {maxHeads + 1, 1, false}, {maxHeads, maxNotes/maxHeads + 1, false}, {maxNotes / maxNote, maxNote, true}} {
		const name = "checkpoints/1"
		a := &archive{files: map[string]extent{name: {0, c.size}}, order: slices.Repeat([]string{name}, int(c.n))}
		if err := a.fewNotes(); (err == nil) != c.ok {
			t.Errorf("%d of %d bytes: %v", c.n, c.size, err)
		}
	}
}

// TestFewObjects: each kind of entry that costs work is counted when it is read.
func TestFewObjects(t *testing.T) {
	for name, fill := range map[string]func(*history){
		"nothing":    func(*history) {},
		"rules":      func(l *history) { fillMap(l.rules, maxObjects+1) },
		"keys":       func(l *history) { fillMap(l.keys, maxObjects+1) },
		"statements": func(l *history) { l.figures = make([]*figure, maxObjects+1) },
		"offers":     func(l *history) { l.offers = make([]offerEntry, maxObjects+1) },
		"excluded":   func(l *history) { l.excluding = maxExcluded + 1 },
		"challenges": func(l *history) { l.challenged = maxChallenges + 1 },
	} {
		l := &history{rules: map[uint64]proof.Rule{}, keys: map[uint64]proof.Key{}}
		fill(l)
		if err := l.few(); (err == nil) != (name == "nothing") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func fillMap[V any](m map[uint64]V, n uint64) {
	for i := range n {
		m[i] = *new(V)
	}
}

// TestAllowance: a bundle that asks for more is not judged, and what is judged stays true.
func TestAllowance(t *testing.T) {
	b, trust := small(t)
	whole := checked(b, trust)
	for name, spend := range map[string]func(*allowance){
		"opened": func(a *allowance) { a.opened = 0 },
		"a few":  func(a *allowance) { a.opened = leastOpen },
		"tables": func(a *allowance) { a.tables = 0 },
	} {
		left := fullAllowance()
		spend(&left)
		r := &Result{}
		l := readSmall(t, b)
		l.left = left
		l.judge(r, trust)
		notChecked := 0
		for i, line := range r.Lines {
			if line.Status != whole.Lines[i].Status {
				notChecked++
				if !strings.Contains(line.Found, errTooMuch.Error()) {
					t.Errorf("%s: %v", name, line)
				}
			}
			if len(r.Lines) > len(whole.Lines) {
				t.Errorf("%s: more lines", name)
			}
		}
		if r.ExitCode() != 2 || notChecked == 0 {
			t.Errorf("%s: exit code %d, %d not checked", name, r.ExitCode(), notChecked)
		}
	}
}

func readSmall(t *testing.T, b []byte) *history {
	t.Helper()
	a, err := openArchive(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	l, err := readLedger(a)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// TestTableOnce: a table is opened once, under whatever names and days, and what is too
// large is not.
func TestTableOnce(t *testing.T) {
	text := "240.0.0.0/16,US,1\n"
	p := proof.PlaceEdition{Name: "made", Day: 16000, Digest: ts.DigestOf([]byte(text))}
	q := proof.PlaceEdition{Name: "other", Day: 16001, Digest: p.Digest}
	l := &history{tables: map[ts.Digest]table{}, left: fullAllowance(), archive: &archive{file: strings.NewReader(text),
		files: map[string]extent{tableName(p): {0, int64(len(text))}}}}
	list, err := l.open([]proof.PlaceEdition{p, q})
	if err != nil || list[1].Name != "other" || list[1].Day != 16001 || l.left.tables != maxTables-uint64(len(text)) {
		t.Errorf("%v, %d left", err, l.left.tables)
	}
	l.tables, l.left.tables = map[ts.Digest]table{}, uint64(len(text))-1
	if _, err := l.open([]proof.PlaceEdition{p}); !errors.Is(err, errTooMuch) {
		t.Errorf("more than is left: %v", err)
	}
	l.tables, l.left.tables = map[ts.Digest]table{}, maxTables
	l.archive.files[tableName(p)] = extent{0, maxTable + 1}
	if _, err := l.open([]proof.PlaceEdition{p}); !errors.Is(err, errTooMuch) {
		t.Errorf("too large: %v", err)
	}
}
