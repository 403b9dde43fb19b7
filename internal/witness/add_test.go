package witness

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"net/http"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/tallystick/tallystick/internal/durable"
	"github.com/tallystick/tallystick/internal/durable/durabletest"
)

// TestAddCheckpoint is the life of a log that its witness has nothing to say against.
func TestAddCheckpoint(t *testing.T) {
	l := newLedger(t, durabletest.New())
	fsys := durabletest.New()
	w := newWitness(t, fsys, l.VerifierKey())
	var last int64
	old := uint64(0)
	for _, size := range []uint64{1, 2, 3, 7, 8, 8, 1000} {
		h := grow(t, l, "v", size)
		lines, err := w.Add(request(t, h, old))
		if err != nil {
			t.Fatalf("from %d to %d: %v", old, size, err)
		}
		at := cosigned(t, w, h.Note, lines)
		if at.Unix() <= last {
			t.Errorf("size %d: cosigned at %d, after %d", size, at.Unix(), last)
		}
		last, old = at.Unix(), size
		no := mustRefuse(t, second(w.Add(request(t, h, 0))), http.StatusConflict)
		if no.Size != size {
			t.Errorf("the witness says size %d, not %d", no.Size, size)
		}
		w = open(t, fsys, l.VerifierKey()) // its memory is the folder
		w.opt.Now = (&clock{at: last + 1}).now
	}
}

func second[A any](_ A, err error) error { return err }

// TestAddRefused is the table of answers of C2SP tlog-witness. After each, the witness
// remembers what it did before.
func TestAddRefused(t *testing.T) {
	a, b := forked(t)
	three := headOf(a)
	five, other := grow(t, a, "v", 5), grow(t, b, "w", 5)
	seven, otherSeven := grow(t, a, "v", 7), grow(t, b, "w", 7)
	_, strangerKey := newLogKey(t, "stranger.example", 9)
	forgerKey, _ := newLogKey(t, origin, 9)
	text, err := textOf(seven.Note)
	if err != nil {
		t.Fatal(err)
	}
	good := request(t, seven, 5)
	edit := func(old, new string) []byte {
		if !bytes.Contains(good, []byte(old)) {
			t.Fatalf("no %q to edit", old)
		}
		return bytes.Replace(good, []byte(old), []byte(new), 1)
	}
	proofLine := strings.Split(string(good), "\n")[1]
	sigLine := lastLine(good)
	ext := signAs(t, skeyOf(t, a.VerifierKey()), text+"extension\n")
	for _, c := range []struct {
		name    string
		request []byte
		status  int
	}{
		{"the good one without its first line", edit("old 5\n", ""), 400},
		{"empty", nil, 400},
		{"no empty line", []byte("old 5\n"), 400},
		{"old with a sign", edit("old 5", "old +5"), 400},
		{"old with a leading zero", edit("old 5", "old 05"), 400},
		{"old of 2^53", edit("old 5", "old 9007199254740992"), 400},
		{"old is no number", edit("old 5", "old five"), 400},
		{"old greater than the size", edit("old 5", "old 8"), 400},
		{"carriage returns", bytes.ReplaceAll(good, []byte("\n"), []byte("\r\n")), 400},
		{"a proof line that is no base64", edit(proofLine, "!"+proofLine[1:]), 400},
		{"a proof line of 31 bytes", edit(proofLine, proofLine[:40]+"AA=="), 400},
		{"a proof line in another spelling", edit(proofLine, proofLine[:42]+string(proofLine[42]+1)+"="), 400},
		{"64 proof lines", edit(proofLine+"\n", strings.Repeat(proofLine+"\n", 64)), 400},
		{"no signature", edit(sigLine, ""), 400},
		{"a size with a leading zero", edit("\n7\n", "\n07\n"), 400},
		{"an extension line", slicesJoin("old 5\n\n", ext), 400},
		{"over 64 KiB", append(bytes.Clone(good), bytes.Repeat([]byte{'\n'}, MaxRequest)...), 400},
		{"a log that it was not told of", slicesJoin("old 0\n\n", signAs(t, skeyFrom(t, "stranger.example", 9), checkpoint("stranger.example", 1, tlog.Hash{}))), 404},
		{"another log's name, signed by this log's key", edit(origin+"\n7", "stranger.example\n7"), 404},
		{"signed by another key of the same name", slicesJoin("old 5\n"+proofs(good)+"\n", signAs(t, forgerKey, text)), 403},
		{"a text that was not signed", edit("\n7\n", "\n8\n"), 403},
		{"size 0 with any root", slicesJoin("old 0\n\n", signAs(t, skeyOf(t, a.VerifierKey()), checkpoint(origin, 0, tlog.Hash{1}))), 422},
		{"old 0, where it cosigned size 5", request(t, seven, 0), 409},
		{"an older size than it cosigned", request(t, three, 3), 409},
		{"old is a size it did not cosign", request(t, seven, 3), 409},
		{"another root of the size it cosigned", request(t, other, 5), 422},
		{"a continuation of another history", request(t, otherSeven, 5), 422},
		{"no proof", edit(proofLine+"\n", ""), 422},
		{"another proof", edit(proofLine, other0), 422},
		{"a proof line too many", edit(proofLine, proofLine+"\n"+proofLine), 422},
		{"a proof where the size is the same", slicesJoin("old 5\n"+other0+"\n\n", five.Note), 422},
	} {
		t.Run(c.name, func(t *testing.T) {
			fsys := durabletest.New()
			w := newWitness(t, fsys, a.VerifierKey())
			if _, err := w.Add(request(t, five, 0)); err != nil {
				t.Fatal(err)
			}
			before := remembered(t, fsys, logsName)
			no := mustRefuse(t, second(w.Add(c.request)), c.status)
			if c.status == 409 && no.Size != 5 {
				t.Errorf("it says size %d", no.Size)
			}
			if got := remembered(t, fsys, logsName); got != before {
				t.Errorf("it remembers %q", got)
			}
			if _, err := w.Add(good); err != nil {
				t.Errorf("afterwards, the good request: %v", err)
			}
		})
	}
	if _, err := Open(folder, []string{strangerKey, "no key"}, witnessOptions(durabletest.New())); err == nil {
		t.Error("opens with a key that is none")
	}
}

const other0 = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="

func slicesJoin(a string, b []byte) []byte { return append([]byte(a), b...) }

// proofs returns the proof lines of a request.
func proofs(request []byte) string {
	head, _, _ := strings.Cut(string(request), "\n\n")
	_, lines, _ := strings.Cut(head, "\n")
	return lines + "\n"
}

// skeyOf returns the secret of the key that newLedger makes.
func skeyOf(t *testing.T, vkey string) string {
	t.Helper()
	skey, made := newLogKey(t, origin, 1)
	if made != vkey {
		t.Fatalf("the ledger has key %s, not %s", vkey, made)
	}
	return skey
}

func skeyFrom(t *testing.T, name string, seed byte) string {
	t.Helper()
	skey, _ := newLogKey(t, name, seed)
	return skey
}

// TestSizeZero: of an empty log only the root of nothing is cosigned, and the log may then
// begin.
func TestSizeZero(t *testing.T) {
	l := newLedger(t, durabletest.New())
	w := newWitness(t, durabletest.New(), l.VerifierKey())
	empty := signAs(t, skeyOf(t, l.VerifierKey()), checkpoint(origin, 0, sha256.Sum256(nil)))
	for range 2 {
		lines, err := w.Add(slicesJoin("old 0\n\n", empty))
		if err != nil {
			t.Fatal(err)
		}
		cosigned(t, w, empty, lines)
	}
	one := grow(t, l, "v", 1)
	mustRefuse(t, second(w.Add(slicesJoin("old 0\n"+other0+"\n\n", one.Note))), 422)
	if _, err := w.Add(request(t, one, 0)); err != nil {
		t.Fatal(err)
	}
	mustRefuse(t, second(w.Add(slicesJoin("old 0\n\n", empty))), 409)
}

// TestForgedLines: lines by others, and a forged one by the witness itself, neither hinder
// it nor get into its memory.
func TestForgedLines(t *testing.T) {
	l := newLedger(t, durabletest.New())
	fsys := durabletest.New()
	w := newWitness(t, fsys, l.VerifierKey())
	h := grow(t, l, "v", 2)
	forged := string(w.cosigner.Line("another\ntext\nof three\n", w.opt.Now()))
	lines, err := w.Add(append(request(t, h, 0), forged...))
	if err != nil {
		t.Fatal(err)
	}
	cosigned(t, w, h.Note, lines)
	if strings.Contains(remembered(t, fsys, logsName), forged) {
		t.Error("the forged line is remembered")
	}
	if _, err := w.Add(request(t, h, 2)); err != nil {
		t.Errorf("after it: %v", err)
	}
	broken := bytes.Clone(request(t, h, 2))
	at := bytes.LastIndexByte(broken, ' ') + 30
	broken[at] ^= 1
	mustRefuse(t, second(w.Add(broken)), 403)
}

// TestTwoKeysOfALog: a log may change its key; the witness then knows both.
func TestTwoKeysOfALog(t *testing.T) {
	l := newLedger(t, durabletest.New())
	fsys := durabletest.New()
	newer, newerKey := newLogKey(t, origin, 5)
	w := newWitness(t, fsys, l.VerifierKey(), newerKey)
	if _, err := w.Add(request(t, grow(t, l, "v", 2), 0)); err != nil {
		t.Fatal(err)
	}
	h := grow(t, l, "v", 5)
	text, err := textOf(h.Note)
	if err != nil {
		t.Fatal(err)
	}
	h.Note = signAs(t, newer, text)
	lines, err := w.Add(request(t, h, 2))
	if err != nil {
		t.Fatal(err)
	}
	cosigned(t, w, h.Note, lines)
	one := open(t, fsys, l.VerifierKey())
	if _, err := one.Add(request(t, headOf(l), 5)); err == nil {
		t.Error("it trusts a memory whose key it does not know")
	}
}

// TestForkIsKept: where a log signed two roots of one size, the witness keeps both
// checkpoints, of the first such fork only.
func TestForkIsKept(t *testing.T) {
	a, b := forked(t)
	fsys := durabletest.New()
	w := newWitness(t, fsys, a.VerifierKey())
	if _, err := w.Add(request(t, grow(t, a, "v", 5), 0)); err != nil {
		t.Fatal(err)
	}
	no := mustRefuse(t, second(w.Add(request(t, grow(t, b, "w", 5), 5))), 422)
	if !strings.Contains(no.Why, "two histories") {
		t.Errorf("it says %q", no.Why)
	}
	kept := remembered(t, fsys, forksName)
	f, err := ParseFork([]byte(kept))
	if err != nil {
		t.Fatal(err)
	}
	if found, err := f.Check(); err != nil || !strings.Contains(found, "two roots of size 5") {
		t.Errorf("%q %v", found, err)
	}
	third := slicesJoin("old 5\n\n", signAs(t, skeyOf(t, a.VerifierKey()), checkpoint(origin, 5, tlog.Hash{3})))
	mustRefuse(t, second(w.Add(third)), 422)
	if got := remembered(t, fsys, forksName); got != kept {
		t.Errorf("then it keeps %q", got)
	}
}

// TestClock: a witness whose clock went back would contradict what it said.
func TestClock(t *testing.T) {
	l := newLedger(t, durabletest.New())
	w := newWitness(t, durabletest.New(), l.VerifierKey())
	if _, err := w.Add(request(t, grow(t, l, "v", 1), 0)); err != nil {
		t.Fatal(err)
	}
	h := grow(t, l, "v", 2)
	good := w.opt.Now
	for _, at := range []int64{1_600_000_000, -5} {
		w.opt.Now = (&clock{at: at}).now
		_, err := w.Add(request(t, h, 1))
		var no *Refusal
		if err == nil || errors.As(err, &no) {
			t.Errorf("at %d: %v", at, err)
		}
	}
	w.opt.Now = good
	if _, err := w.Add(request(t, h, 1)); err != nil {
		t.Error(err)
	}
}

// TestMemoryLost: a witness without its memory, or with a damaged one, cosigns nothing.
func TestMemoryLost(t *testing.T) {
	l := newLedger(t, durabletest.New())
	fsys := durabletest.New()
	w := newWitness(t, fsys, l.VerifierKey())
	if _, err := CreateKey(folder, witnessName, witnessOptions(fsys)); err == nil {
		t.Error("a second key is made")
	}
	h := grow(t, l, "v", 2)
	if _, err := w.Add(request(t, h, 0)); err != nil {
		t.Fatal(err)
	}
	name := w.of(logsName, origin)
	good := read(t, fsys, name)
	for i := range good {
		bad := []byte(good)
		bad[i] ^= 1
		damaged := fsys.Clone()
		if err := durable.Replace(damaged, name, bad, 0o600); err != nil {
			t.Fatal(err)
		}
		m, err := open(t, damaged, l.VerifierKey()).recall(origin)
		if err == nil && (m.Size != h.Size || !bytes.HasPrefix(h.Note, []byte(textOfNote(t, m.note)))) {
			t.Fatalf("byte %d: it remembers %+v", i, m)
		}
	}
	bare := durabletest.New()
	if err := durable.MkdirAll(bare, "", folder, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := durable.CreateNew(bare, folder+"/"+keyName, []byte(read(t, fsys, folder+"/"+keyName)), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(folder, nil, witnessOptions(bare)); err == nil {
		t.Error("opens with its key alone")
	}
}

func textOfNote(t *testing.T, signed []byte) string {
	t.Helper()
	text, err := textOf(signed)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// TestNotePasses: what a witness cosigned, the log's own verifier still reads.
func TestNotePasses(t *testing.T) {
	l := newLedger(t, durabletest.New())
	w := newWitness(t, durabletest.New(), l.VerifierKey())
	h := grow(t, l, "v", 2)
	lines, err := w.Add(request(t, h, 0))
	if err != nil {
		t.Fatal(err)
	}
	v, err := note.NewVerifier(l.VerifierKey())
	if err != nil {
		t.Fatal(err)
	}
	if n, err := note.Open(append(h.Note, lines...), note.VerifierList(v)); err != nil || len(n.UnverifiedSigs) != 1 {
		t.Errorf("%+v %v", n, err)
	}
}
