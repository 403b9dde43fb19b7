package witness

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/transparency-dev/formats/proof"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/tallystick/tallystick/internal/ledger"
)

// ErrNoEvidence: what was given may well be suspicious, but an honest log could have given
// it too.
var ErrNoEvidence = errors.New("is no evidence of a fork")

// Fork is evidence that whoever holds a log's key signed two histories. Each side is a
// signed checkpoint, or a C2SP tlog-proof whose extra data are the 32 bytes of a leaf hash.
// Two things are evidence, and nothing else:
//
//   - two checkpoints of one size with different roots;
//   - two proofs of one index, below both sizes, of different leaves.
//
// Two checkpoints of different sizes are none, nor is a consistency proof that is not
// given: an honest log may be unreachable.
type Fork struct {
	Key  string // verifier key of the log
	A, B []byte
}

// side is one side of a fork, checked by itself.
type side struct {
	ledger.Checkpoint
	proven bool // the leaf stands at the index
	index  uint64
	leaf   tlog.Hash
}

// maxSide bounds a side; a proof has at most 64 hashes.
const (
	maxSide  = 64 << 10
	maxPath  = 64
	maxFork  = 2*maxSide + 4096
	forkType = "tally-fork/v1"
)

// Check returns in one sentence what the fork proves. It fails with ErrNoEvidence.
func (f Fork) Check() (string, error) {
	a, err := openSide(f.A, f.Key)
	if err != nil {
		return "", fmt.Errorf("%w: a: %w", ErrNoEvidence, err)
	}
	b, err := openSide(f.B, f.Key)
	if err != nil {
		return "", fmt.Errorf("%w: b: %w", ErrNoEvidence, err)
	}
	switch {
	case a.Size == b.Size && a.Root != b.Root:
		return fmt.Sprintf("the key of %s signed two roots of size %d", a.Origin, a.Size), nil
	case a.proven != b.proven:
		return "", fmt.Errorf("%w: only one side has an inclusion proof", ErrNoEvidence)
	case !a.proven && a.Size != b.Size:
		return "", fmt.Errorf("%w: sizes %d and %d: one may continue the other, whether or not the log proves it; two inclusion proofs of one index would tell", ErrNoEvidence, a.Size, b.Size)
	case !a.proven:
		return "", fmt.Errorf("%w: both sign one root of size %d", ErrNoEvidence, a.Size)
	case a.index != b.index:
		return "", fmt.Errorf("%w: proofs of two entries, %d and %d", ErrNoEvidence, a.index, b.index)
	case a.leaf == b.leaf:
		return "", fmt.Errorf("%w: entry %d is the same in both", ErrNoEvidence, a.index)
	}
	return fmt.Sprintf("the key of %s signed two entries %d, in states of size %d and %d", a.Origin, a.index, a.Size, b.Size), nil
}

// openSide checks the signature of a side, and its proof if it has one.
func openSide(b []byte, vkey string) (s side, err error) {
	p, err := parseProof(b)
	if errors.Is(err, errNotProof) {
		s.Checkpoint, err = ledger.OpenCheckpoint(b, vkey)
		return s, err
	}
	if err != nil {
		return s, err
	}
	if s.Checkpoint, err = ledger.OpenCheckpoint(p.Checkpoint, vkey); err != nil {
		return s, err
	}
	if len(p.ExtraData) != tlog.HashSize {
		return s, errors.New("the proof does not say of which entry it is: its extra data are no leaf hash")
	}
	if p.Index >= s.Size {
		return s, fmt.Errorf("proof of entry %d in %d", p.Index, s.Size)
	}
	path := make(tlog.RecordProof, len(p.Hashes))
	for i, h := range p.Hashes {
		path[i] = h
	}
	s.proven, s.index, s.leaf = true, p.Index, tlog.Hash(p.ExtraData)
	if err := tlog.CheckRecord(path, int64(s.Size), s.Root, int64(s.index), s.leaf); err != nil {
		return s, fmt.Errorf("the proof does not lead from the entry to the root: %w", err)
	}
	return s, nil
}

var errNotProof = errors.New("not a tlog-proof")

// parseProof reads a C2SP tlog-proof in its one spelling.
func parseProof(b []byte) (p proof.TLogProof, err error) {
	if !bytes.HasPrefix(b, []byte("c2sp.org/tlog-proof@v1\n")) {
		return p, errNotProof
	}
	if len(b) > maxSide {
		return p, fmt.Errorf("proof of %d bytes, more than %d", len(b), maxSide)
	}
	if err := p.Unmarshal(b); err != nil {
		return p, err
	}
	if len(p.Hashes) > maxPath || !bytes.Equal(p.Marshal(), b) {
		return p, errors.New("the proof is not in its one spelling")
	}
	return p, nil
}

// FormatProof writes a C2SP tlog-proof that the leaf stands at the index of a signed
// checkpoint, with the leaf as its extra data.
func FormatProof(index uint64, leaf tlog.Hash, path tlog.RecordProof, signed []byte) []byte {
	p := proof.TLogProof{Index: index, Checkpoint: signed, ExtraData: leaf[:]}
	for _, h := range path {
		p.Hashes = append(p.Hashes, h)
	}
	return p.Marshal()
}

// Side makes one side of a fork. signed is a checkpoint; proof a tlog-proof in it, nil for
// none; entry the entry that the proof is of, nil where the proof's extra data tell.
func Side(signed, proof, entry []byte) ([]byte, error) {
	if proof == nil {
		return signed, nil
	}
	p, err := parseProof(proof)
	if err != nil {
		return nil, err
	}
	text, err := textOf(signed)
	if err != nil {
		return nil, err
	}
	if inner, err := textOf(p.Checkpoint); err != nil || inner != text {
		return nil, errors.Join(errors.New("the proof is not in the checkpoint given"), err)
	}
	if entry != nil {
		leaf := tlog.RecordHash(entry)
		p.ExtraData = leaf[:]
	}
	return p.Marshal(), nil
}

// bare returns the side without the signatures of others.
func bare(b []byte, vkey string) ([]byte, error) {
	p, err := parseProof(b)
	if err == nil {
		p.Checkpoint, err = bare(p.Checkpoint, vkey)
		return p.Marshal(), err
	}
	if !errors.Is(err, errNotProof) {
		return nil, err
	}
	v, err := note.NewVerifier(vkey)
	if err != nil {
		return nil, err
	}
	n, err := note.Open(b, note.VerifierList(v))
	if err != nil {
		return nil, err
	}
	return note.Sign(&note.Note{Text: n.Text, Sigs: n.Sigs})
}

// Bare returns the fork without what it does not need: the signatures of others.
func (f Fork) Bare() (Fork, error) {
	a, err := bare(f.A, f.Key)
	if err != nil {
		return f, err
	}
	b, err := bare(f.B, f.Key)
	return Fork{f.Key, a, b}, err
}

// Format writes the fork as one text, for others to check: the line "tally-fork/v1", the
// line "key" with the log's verifier key, then each line of the sides behind "a|" or "b|".
func (f Fork) Format() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s\nkey %s\n", forkType, f.Key)
	for _, s := range []struct {
		mark string
		text []byte
	}{{"a|", f.A}, {"b|", f.B}} {
		for line := range bytes.Lines(s.text) {
			b.WriteString(s.mark)
			b.Write(line)
		}
	}
	return b.Bytes()
}

// ParseFork reads what Format wrote, without checking it.
func ParseFork(b []byte) (Fork, error) {
	if len(b) > maxFork {
		return Fork{}, fmt.Errorf("%d bytes, more than %d", len(b), maxFork)
	}
	var f Fork
	for i, line := range strings.SplitAfter(string(b), "\n") {
		if key, ok := strings.CutPrefix(line, "key "); ok && i == 1 {
			f.Key = strings.TrimSuffix(key, "\n")
		} else if text, ok := strings.CutPrefix(line, "a|"); ok {
			f.A = append(f.A, text...)
		} else if text, ok := strings.CutPrefix(line, "b|"); ok {
			f.B = append(f.B, text...)
		}
	}
	if !bytes.Equal(f.Format(), b) {
		return Fork{}, errors.New("not a " + forkType + " in its one spelling")
	}
	return f, nil
}
