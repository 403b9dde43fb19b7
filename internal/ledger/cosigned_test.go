package ledger

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"github.com/tallystick/tallystick/internal/durable"
	"github.com/tallystick/tallystick/internal/durable/durabletest"
)

// line is a signature line as the ledger sees those of witnesses: by a key it does not
// have.
func line(n int) []byte {
	skey, _, err := note.GenerateKey(seeded(), fmt.Sprintf("witness.example/w%d", n))
	if err != nil {
		panic(err)
	}
	s, err := note.NewSigner(skey)
	if err != nil {
		panic(err)
	}
	signed, err := note.Sign(&note.Note{Text: "a text of three lines\n"}, s)
	if err != nil {
		panic(err)
	}
	_, lines, _ := bytes.Cut(signed, []byte("\n\n"))
	return lines
}

func cosigned(t *testing.T, l *Ledger, size uint64) string {
	t.Helper()
	b, err := l.Cosigned(size)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestCosign(t *testing.T) {
	fsys := durabletest.New()
	l := mustCreate(t, "/led", options(fsys))
	first, second := mustCommit(t, l, entry(0)), mustCommit(t, l, entries(1, 3)...)
	if got := l.Sizes(); !slices.Equal(got, []uint64{1, 3}) {
		t.Fatalf("sizes %d", got)
	}
	if got := cosigned(t, l, 1); got != string(first.Note) {
		t.Errorf("without cosignatures: %q", got)
	}
	for _, lines := range [][][]byte{{line(1), line(2)}, {line(2), line(3)}, {line(1)}, nil} {
		if err := l.Cosign(3, lines); err != nil {
			t.Fatal(err)
		}
	}
	want := string(second.Note) + string(line(1)) + string(line(2)) + string(line(3))
	if got := cosigned(t, mustBeWhole(t, "/led", options(fsys)), 3); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if c, err := OpenCheckpoint([]byte(want), l.VerifierKey()); err != nil || c.Size != 3 {
		t.Errorf("the cosigned note: %+v %v", c, err)
	}
	if got := cosigned(t, l, 1); got != string(first.Note) {
		t.Errorf("another size: %q", got)
	}
	reader, err := OpenReadOnly("/led", options(fsys))
	if err != nil {
		t.Fatal(err)
	}
	if err := reader.Cosign(3, nil); !errors.Is(err, ErrReadOnly) {
		t.Errorf("a reader: %v", err)
	}
	for _, bad := range []string{"", "no line", "no line\n", "— witness.example/w1 AAAA\n", string(line(4)[:40]), string(line(4)) + "\n", string(first.Note)} {
		if err := l.Cosign(3, [][]byte{[]byte(bad)}); (err == nil) != (bad == "") {
			t.Errorf("line %q: %v", bad, err)
		}
	}
	for _, size := range []uint64{0, 2, 4} {
		if err := l.Cosign(size, [][]byte{line(1)}); err == nil {
			t.Errorf("size %d, which is not signed, is cosigned", size)
		}
	}
	if got := cosigned(t, l, 3); got != want {
		t.Errorf("after bad lines: %q", got)
	}
}

// TestCosignFull: a note has at most 100 signatures, so the file has a bound.
func TestCosignFull(t *testing.T) {
	l := mustCreate(t, "/led", options(durabletest.New()))
	mustCommit(t, l, entry(0))
	kept := 0
	for n := range 101 {
		if err := l.Cosign(1, [][]byte{line(n)}); err == nil {
			kept++
		}
	}
	if kept != 99 || bytes.Count([]byte(cosigned(t, l, 1)), []byte("— ")) != 100 {
		t.Errorf("%d lines kept", kept)
	}
}

// TestCosignersRace: of lines that come at once, none is lost.
func TestCosignersRace(t *testing.T) {
	for name, opt := range map[string]Options{"memory": options(durabletest.New()), "disk": {Rand: seeded()}} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir() + "/led"
			mustCommit(t, mustCreate(t, dir, opt), entry(0))
			var group sync.WaitGroup
			for n := range 8 {
				group.Go(func() {
					l, err := Open(dir, opt)
					if err == nil {
						err = l.Cosign(1, [][]byte{line(n)})
					}
					if err != nil {
						t.Error(err)
					}
				})
			}
			group.Wait()
			got := cosigned(t, mustBeWhole(t, dir, opt), 1)
			for n := range 8 {
				if !strings.Contains(got, string(line(n))) {
					t.Errorf("line %d is lost", n)
				}
			}
		})
	}
}

// TestCosignCrash fails every act of keeping a second line, and kills the process behind
// each: the first line is always there, an acknowledged second too, and Check finds
// nothing wrong.
func TestCosignCrash(t *testing.T) {
	t.Parallel()
	base := durabletest.New()
	l := mustCreate(t, "/led", options(base))
	mustCommit(t, l, entry(0))
	if err := l.Cosign(1, [][]byte{line(1)}); err != nil {
		t.Fatal(err)
	}
	for _, fault := range []durabletest.Fault{durabletest.Fail, durabletest.Done, durabletest.Torn} {
		for at, ran := 0, true; ran; at++ {
			fsys := base.Clone()
			l := mustBeWriter(t, "/led", options(fsys))
			from := fsys.Ops()
			ran = false
			fsys.Judge = func(op durabletest.Op) durabletest.Fault {
				if op.Index == from+at {
					ran = true
					return fault
				}
				return durabletest.None
			}
			err := l.Cosign(1, [][]byte{line(2)})
			fsys.Judge = nil
			n := 0
			for crash := range fsys.Crashes {
				if n++; n%17 == 1 || crash == fsys.Pending() { // torn anywhere is torn
					judgeCosigned(t, fsys.AfterCrash(crash), err == nil)
				}
			}
			judgeCosigned(t, fsys.Clone(), err == nil)
		}
	}
}

func judgeCosigned(t *testing.T, fsys *durabletest.FS, acknowledged bool) {
	t.Helper()
	got := cosigned(t, mustBeWhole(t, "/led", options(fsys)), 1)
	if !strings.Contains(got, string(line(1))) || acknowledged && !strings.Contains(got, string(line(2))) {
		t.Fatalf("a line is lost: %q", got)
	}
}

// TestCosignedOfAnother: Check finds notes that are not of the ledger's own checkpoints,
// and the ledger does not use them.
func TestCosignedOfAnother(t *testing.T) {
	fsys := durabletest.New()
	l := mustCreate(t, "/led", options(fsys))
	mustCommit(t, l, entry(0))
	two := mustCommit(t, l, entry(1))
	if err := l.Cosign(2, [][]byte{line(1)}); err != nil {
		t.Fatal(err)
	}
	other := mustCreate(t, "/other", Options{FS: durabletest.New(), Rand: seeded()})
	foreign := mustCommit(t, other, entry(7))
	for name, content := range map[string][]byte{
		"cosigned/1":  two.Note,
		"cosigned/2":  append(bytes.Clone(two.Note), "no line\n"...),
		"cosigned/02": two.Note,
		"cosigned/3":  two.Note,
		"cosigned/x":  nil,
	} {
		damaged := fsys.Clone()
		overwrite(t, damaged, "/led/"+name, content)
		mustFind(t, damaged, name, false)
	}
	overwrite(t, fsys, "/led/cosigned/1", foreign.Note)
	if _, err := l.Cosigned(1); !errors.Is(err, ErrDamaged) {
		t.Errorf("another ledger's note: %v", err)
	}
	if err := l.Cosign(1, [][]byte{line(1)}); !errors.Is(err, ErrDamaged) {
		t.Errorf("added to another ledger's note: %v", err)
	}
	if err := l.Put("cosigned/1", nil); err == nil || errors.Is(err, durable.ErrContent) {
		t.Errorf("Put: %v", err)
	}
}

// TestSign: a ledger signs what is no checkpoint, and leaves checkpoints to its commits.
func TestSign(t *testing.T) {
	l := mustCreate(t, "/led", options(durabletest.New()))
	signed, err := l.Sign("tally-bundle/v1\nsomething\n")
	if err != nil {
		t.Fatal(err)
	}
	v, err := note.NewVerifier(l.VerifierKey())
	if err != nil {
		t.Fatal(err)
	}
	if n, err := note.Open(signed, note.VerifierList(v)); err != nil || n.Text != "tally-bundle/v1\nsomething\n" {
		t.Errorf("%v, %v", n, err)
	}
	if _, err := l.Sign(l.Origin() + "\n7\nAAAA\n"); err == nil {
		t.Error("a checkpoint was signed")
	}
}
