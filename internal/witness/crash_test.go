package witness

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	fnote "github.com/transparency-dev/formats/note"
	"golang.org/x/mod/sumdb/note"

	"github.com/tallystick/tallystick/internal/durable"
	"github.com/tallystick/tallystick/internal/durable/durabletest"
)

// TestAddersRace sends many growing checkpoints at once, by handles of their own, as of
// several processes. Whatever wins, the witness is never rolled back: its cosignatures in
// the order of their times are of sizes in order, and the last one is what it remembers.
func TestAddersRace(t *testing.T) {
	for name, fsys := range map[string]durable.FS{"memory": durabletest.New(), "disk": durable.OS{}} {
		t.Run(name, func(t *testing.T) {
			l := newLedger(t, durabletest.New())
			heads := make([]Head, 41)
			for size := range uint64(40) {
				heads[size+1] = grow(t, l, "v", size+1)
			}
			dir := t.TempDir() + "/w"
			c := &clock{at: 1_700_000_000}
			opt := witnessOptions(fsys)
			opt.Now = c.now // asked under the witness's lock only
			if _, err := CreateKey(dir, witnessName, opt); err != nil {
				t.Fatal(err)
			}
			var mu sync.Mutex
			sizes := map[int64]uint64{}
			var group sync.WaitGroup
			for n := range 6 {
				w, err := Open(dir, []string{l.VerifierKey()}, opt)
				if err != nil {
					t.Fatal(err)
				}
				v, err := fnote.NewVerifierForCosignatureV1(w.VerifierKey())
				if err != nil {
					t.Fatal(err)
				}
				group.Go(func() {
					for size := uint64(1 + n); size <= 40; size += 3 {
						at, err := pushed(w, v, heads[size])
						if err != nil {
							t.Error(err)
						}
						mu.Lock()
						sizes[at] = size
						mu.Unlock()
					}
				})
			}
			group.Wait()
			delete(sizes, 0) // refused as too small
			last := uint64(0)
			for at := int64(1_700_000_001); at <= c.at; at++ {
				if size, ok := sizes[at]; ok {
					if size < last {
						t.Fatalf("size %d is cosigned after %d", size, last)
					}
					last = size
				}
			}
			if last != 40 || len(sizes) < 10 {
				t.Errorf("the last is %d, of %d", last, len(sizes))
			}
		})
	}
}

// pushed asks until the head is cosigned, and returns the time; 0 where the witness knows
// more already.
func pushed(w *Witness, v note.Verifier, h Head) (int64, error) {
	for old := uint64(0); ; {
		r, err := h.Request(old)
		if err != nil {
			return 0, err
		}
		lines, err := w.Add(r.Format())
		var no *Refusal
		switch {
		case err == nil:
			n, err := note.Open(append(bytes.Clone(h.Note), lines...), note.VerifierList(v))
			if err != nil {
				return 0, err
			}
			at, err := fnote.CoSigV1Timestamp(n.Sigs[0])
			return at.Unix(), err
		case !errors.As(err, &no) || no.Status != 409:
			return 0, err
		case no.Size > h.Size:
			return 0, nil
		}
		old = no.Size
	}
}

// TestCrash fails each act of a witness's life, undone, done and torn, and kills it behind
// each. However the disk is then found: it never knows less than it cosigned, what it
// knows is a state of the log, and the log goes on after at most one further question.
func TestCrash(t *testing.T) {
	l := newLedger(t, durabletest.New())
	var heads []Head
	for _, size := range []uint64{1, 3, 4} {
		heads = append(heads, grow(t, l, "v", size))
	}
	key := l.VerifierKey()
	life := func(fsys *durabletest.FS) (known uint64) {
		opt := witnessOptions(fsys)
		if _, err := CreateKey(folder, witnessName, opt); err != nil {
			return 0
		}
		w, err := Open(folder, []string{key}, opt)
		if err != nil {
			return 0
		}
		for _, h := range heads {
			if _, err := w.Add(request(t, h, known)); err != nil {
				return known
			}
			known = h.Size
		}
		return known
	}
	whole := durabletest.New()
	if life(whole) != 4 {
		t.Fatal("the life does not end well")
	}
	states := 0
	for _, fault := range []durabletest.Fault{durabletest.Fail, durabletest.Done, durabletest.Torn} {
		for at := range whole.Ops() {
			fsys := durabletest.New()
			fsys.Judge = func(op durabletest.Op) durabletest.Fault {
				if op.Index == at {
					return fault
				}
				return durabletest.None
			}
			known := life(fsys)
			fsys.Judge = nil
			for crash := range fsys.Crashes {
				states++
				judge(t, fsys.AfterCrash(crash), key, heads, known)
			}
			judge(t, fsys.Clone(), key, heads, known)
		}
	}
	t.Logf("%d states of the disk", states)
}

// judge fails unless the witness of the disk, if there is one, knows at least the size.
func judge(t *testing.T, fsys *durabletest.FS, key string, heads []Head, known uint64) {
	t.Helper()
	w, err := Open(folder, []string{key}, witnessOptions(fsys))
	if err != nil {
		if known > 0 {
			t.Fatalf("it cosigned size %d, and does not open: %v", known, err)
		}
		if _, err := CreateKey(folder, witnessName, witnessOptions(fsys)); err != nil {
			t.Fatalf("it can neither be opened nor made: %v", err)
		}
		return
	}
	w.opt.Now = (&clock{at: 1_700_001_000}).now
	m, err := w.recall(origin)
	if err != nil || m.Size < known {
		t.Fatalf("it cosigned size %d, and knows %d: %v", known, m.Size, err)
	}
	last := heads[len(heads)-1]
	lines, err := w.Add(request(t, last, known))
	var no *Refusal
	if errors.As(err, &no) && no.Status == 409 {
		lines, err = w.Add(request(t, last, no.Size))
	}
	if err != nil {
		t.Fatalf("the log cannot go on: %v", err)
	}
	if !bytes.HasPrefix(lines, []byte("— "+witnessName)) {
		t.Fatalf("lines %q", lines)
	}
}

// TestKeyFile flips each byte of the key: it is never taken for another one.
func TestKeyFile(t *testing.T) {
	fsys := durabletest.New()
	w := newWitness(t, fsys)
	name := folder + "/" + keyName
	good := read(t, fsys, name)
	if !strings.HasPrefix(good, "PRIVATE+KEY+"+witnessName+"+") || !strings.HasSuffix(good, "\n") {
		t.Fatalf("key file %q", fmt.Sprintf("%.40s…", good))
	}
	for i := range good {
		bad := []byte(good)
		bad[i] ^= 1
		damaged := fsys.Clone()
		if err := durable.Replace(damaged, name, bad, 0o600); err != nil {
			t.Fatal(err)
		}
		if got, err := Open(folder, nil, witnessOptions(damaged)); err == nil {
			t.Fatalf("byte %d: opens as %s, not %s", i, got.VerifierKey(), w.VerifierKey())
		}
	}
	for _, bad := range []string{"", "two words", "a+b", "ümlaut", strings.Repeat("x", 256)} {
		if _, err := CreateKey("/other", bad, witnessOptions(durabletest.New())); err == nil {
			t.Errorf("name %q is taken", bad)
		}
	}
}
