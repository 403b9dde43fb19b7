package bundle

import (
	"bytes"
	"cmp"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/transparency-dev/formats/witness"
	"golang.org/x/mod/sumdb/note"

	"github.com/tallystick/tallystick/internal/policy"
)

// madeWitness is a witness whose cosignatures bear any time.
type madeWitness struct {
	name string
	hash uint32
	key  ed25519.PrivateKey
	vkey string
}

func makeWitness(name string) madeWitness {
	seed := make([]byte, ed25519.SeedSize)
	copy(seed, name)
	w := madeWitness{name: name, key: ed25519.NewKeyFromSeed(seed)}
	typed := append([]byte{policy.TypeEd25519}, w.key.Public().(ed25519.PublicKey)...)
	w.hash = policy.KeyID(name, typed)
	w.vkey = fmt.Sprintf("%s+%08x+%s", name, w.hash, base64.StdEncoding.EncodeToString(typed))
	return w
}

// line is the witness's signature line of a note's text.
func (w *madeWitness) line(text string, time uint64) string {
	b := binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint32(nil, w.hash), time)
	b = append(b, ed25519.Sign(w.key, fmt.Appendf(nil, "cosignature/v1\ntime %d\n%s", time, text))...)
	return fmt.Sprintf("\u2014 %s %s\n", w.name, base64.StdEncoding.EncodeToString(b))
}

// timeByPrefixes is timeOf as the specification says it: the policy is asked about the
// cosignatures of times up to each, all of them again.
func timeByPrefixes(signed []byte, policy *witness.Group) int64 {
	text, signatures, ok := bytes.Cut(signed, []byte("\n\n"))
	if !ok {
		return 0
	}
	type dated struct {
		line []byte
		time int64
	}
	var all []dated
	for line := range bytes.Lines(signatures) {
		if c, err := readCosignature(line); err == nil && len(all) < maxCosignatures {
			all = append(all, dated{line, c.time})
		}
	}
	slices.SortStableFunc(all, func(a, b dated) int { return cmp.Compare(a.time, b.time) })
	upTo := append(append([]byte(nil), text...), "\n\n"...)
	for i, c := range all {
		upTo = append(upTo, c.line...)
		if (i+1 == len(all) || all[i+1].time > c.time) && policy.Satisfied(upTo) {
			return c.time
		}
	}
	return 0
}

// TestTimesByPrefixes: a note has the time that asking the policy about every prefix gives.
func TestTimesByPrefixes(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	all := make([]madeWitness, 7) // the last is in no policy
	for i := range all {
		all[i] = makeWitness(fmt.Sprintf("w%d.example", i))
	}
	dated := 0
	for range 3000 {
		p := randomPolicy(t, rng, all[:6])
		b := randomNote(rng, all)
		want := timeByPrefixes(b, &p)
		if got := timeOf(b, &p); got != want {
			t.Fatalf("%d, want %d:\n%q", got, want, b)
		}
		if want > 0 {
			dated++
		}
	}
	if dated < 300 || dated > 2700 {
		t.Errorf("%d of 3000 notes are dated", dated)
	}
}

func randomPolicy(t *testing.T, rng *rand.Rand, all []madeWitness) witness.Group {
	t.Helper()
	var b strings.Builder
	var free []string
	for i, w := range all {
		fmt.Fprintf(&b, "witness n%d %s\n", i, w.vkey)
		free = append(free, fmt.Sprintf("n%d", i))
	}
	for g := range rng.IntN(4) {
		rng.Shuffle(len(free), func(i, j int) { free[i], free[j] = free[j], free[i] })
		n := 1 + rng.IntN(len(free))
		fmt.Fprintf(&b, "group g%d %d %s\n", g, 1+rng.IntN(n), strings.Join(free[:n], " "))
		free = append(free[n:], fmt.Sprintf("g%d", g))
	}
	fmt.Fprintf(&b, "quorum %s\n", free[len(free)-1])
	p, err := policy.Parse([]byte(b.String()))
	if err != nil {
		t.Fatal(err)
	}
	return p.Quorum
}

// randomNote has good and bad cosignatures in any order, twice, and what is no signature.
func randomNote(rng *rand.Rand, all []madeWitness) []byte {
	text := "log.example/a\n7\nAAAA\n"
	if rng.IntN(50) == 0 {
		text = "log\x01\n7\nAAAA\n"
	}
	var b strings.Builder
	b.WriteString(text + "\n")
	for range rng.IntN(14) {
		w, time := &all[rng.IntN(len(all))], 1+rng.Uint64N(6)
		if rng.IntN(4) == 0 {
			time <<= 32 // equal, or in another order, where an int has 32 bits
		}
		line := w.line(text, time)
		switch rng.IntN(40) {
		case 0:
			line = w.line("another\n", time)
		case 1:
			line = strings.Replace(line, "\u2014 ", "\u2014", 1)
		case 2:
			line = strings.Replace(line, "\u2014", "-", 1)
		case 3:
			line = strings.Replace(line, ".", "+", 1)
		case 4:
			line = strings.TrimSuffix(line, "\n") + " \n"
		case 5:
			line = strings.Replace(line, " ", "\t", 1)
		case 6:
			line = w.line(text, 1<<63+time)
		case 7:
			line = w.line(text, 0)
		case 8:
			line = "\n"
		case 9:
			line = strings.TrimSuffix(line, "\n")
		case 10:
			line = strings.Replace(line, "w", "\xff", 1)
		}
		b.WriteString(line)
	}
	return []byte(b.String())
}

// TestOneCheckALine: however often a witness stands in a note, one signature of it is
// checked, and none of a stranger.
func TestOneCheckALine(t *testing.T) {
	w := makeWitness("w.example")
	c := &counted{}
	p := witness.Group{N: 1}
	one, err := witness.ParsePolicy([]byte("witness w " + w.vkey + " https://w.example\nquorum w\n"))
	if err != nil {
		t.Fatal(err)
	}
	inner := one.Components[0].(witness.Witness)
	c.Verifier = inner.Key
	inner.Key = c
	p.Components = append(p.Components, inner)
	text := "log.example/a\n7\nAAAA\n"
	b := text + "\n"
	for i := range uint64(100) {
		b += w.line("another\n", 1+i)
	}
	if got := timeOf([]byte(b), &p); got != 0 || c.n != 1 {
		t.Errorf("time %d, %d checks", got, c.n)
	}
}

// counted counts the signatures that are checked.
type counted struct {
	note.Verifier
	n int
}

func (c *counted) Verify(msg, sig []byte) bool {
	c.n++
	return c.Verifier.Verify(msg, sig)
}

func BenchmarkTimeOf(b *testing.B) {
	policyText, names := "", ""
	text := "log.example/a\n7\nAAAA\n"
	signed := text + "\n"
	for i := range 100 {
		w := makeWitness(fmt.Sprintf("w%d.example", i))
		policyText += fmt.Sprintf("witness n%d %s\n", i, w.vkey)
		names += fmt.Sprintf(" n%d", i)
		signed += w.line(text, uint64(1+i))
	}
	p, err := policy.Parse([]byte(policyText + "group g all" + names + "\nquorum g\n"))
	if err != nil {
		b.Fatal(err)
	}
	for name, f := range map[string]func([]byte, *witness.Group) int64{"once": timeOf, "prefixes": timeByPrefixes} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(signed)))
			for b.Loop() {
				if f([]byte(signed), &p.Quorum) != 100 {
					b.Fatal("not dated")
				}
			}
		})
	}
}
