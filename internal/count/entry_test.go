package count

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// TestPackLosesNothing packs entries into texts of any size and reads them back.
func TestPackLosesNothing(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 5))
	for range 2000 {
		var list []entry
		for range 1 + r.IntN(40) {
			list = append(list, entry{r.Uint32N(400), 1 + r.Uint64N(3), r.Uint64() >> (11 + r.IntN(53))})
		}
		list = sumOrigins(list)
		room := r.IntN(200)
		for rest := list; len(rest) > 0; {
			n, text := pack(rest, room)
			if len(text) > room {
				t.Fatalf("%d bytes where there is room for %d", len(text), room)
			}
			if got := entriesIn(t, text); n > 1 && !slices.Equal(got, rest[:n]) {
				t.Fatalf("read %v, packed %v", got, rest[:n])
			}
			rest = rest[n:]
		}
	}
}

func entriesIn(t *testing.T, text string) []entry {
	t.Helper()
	if text == "" {
		return nil
	}
	var list []entry
	if err := eachEntry(text, func(e entry) { list = append(list, e) }); err != nil {
		t.Fatal(err)
	}
	return list
}

// TestSumOrigins: sums that no row can hold are left apart.
func TestSumOrigins(t *testing.T) {
	got := sumOrigins([]entry{{7, 1, maxSum}, {3, 1, 2}, {7, 2, 1}, {3, 1, 5}})
	if want := []entry{{3, 2, 7}, {7, 1, maxSum}, {7, 2, 1}}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// FuzzEntries reads any text: what is read packs to a text that reads the same.
func FuzzEntries(f *testing.F) {
	_, text := pack([]entry{{1, 1, 20}, {4, 3, 7}, {300, 1, maxSum - 27}}, 100)
	f.Add(text)
	f.Add(text[:len(text)-1])
	f.Add("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01")
	f.Fuzz(func(t *testing.T, text string) {
		var list []entry
		if eachEntry(text, func(e entry) { list = append(list, e) }) != nil || len(list) < 2 {
			return
		}
		n, again := pack(list, 1<<20)
		if n < len(list) {
			return // more records than a row can have
		}
		if got := entriesIn(t, again); !slices.Equal(got, list) {
			t.Errorf("read %v, and again %v", list, got)
		}
	})
}

func TestParseMerged(t *testing.T) {
	m := &merged{rows: 5, origins: []origin{{16148, 0, "a b"}, {16150, 7, "c"}}, all: 1<<8 | 1<<10}
	got, err := parseMerged(m.format())
	if err != nil || got.rows != m.rows || got.all != m.all || !slices.Equal(got.origins, m.origins) {
		t.Errorf("%+v, %v; want %+v", got, err, m)
	}
	for _, text := range []string{"x", "5\n1 2", "5\n-1 2 a\n", "5\n1 -2 a\n", "5\n1 2 a\n\n"} {
		if _, err := parseMerged(text); err == nil {
			t.Errorf("%q is taken for a run's origins", text)
		}
	}
}
