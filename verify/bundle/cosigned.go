package bundle

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"errors"
	"slices"

	fnote "github.com/transparency-dev/formats/note"
	"github.com/transparency-dev/formats/witness"
	"golang.org/x/mod/sumdb/note"
)

// timeOf returns the least time for which the cosignatures of a note dated until then
// satisfy the policy, 0 where none do. A witness's is that of its first cosignature, if that
// is good, a group's that of the member that makes it complete: no signature is checked
// twice, and none of whom the policy does not name.
func timeOf(signed []byte, policy *witness.Group) int64 {
	text, signatures, ok := bytes.Cut(signed, []byte("\n\n"))
	if !ok {
		return 0
	}
	text = append(text[:len(text):len(text)], '\n')
	if _, err := opened(text, []byte(someSignature)); err != nil {
		return 0
	}
	first := firstOfEach(signatures)
	if len(first) == 0 {
		return 0
	}
	return quorumTime(policy, func(v note.Verifier) int64 {
		if c, ok := first[cosigner{v.Name(), v.KeyHash()}]; ok && v.Verify(text, c.signature) {
			return c.time
		}
		return 0
	})
}

// quorumTime returns the time at which a group is complete, given those of its witnesses; 0
// is never. A group of none is never complete: whoever asks for nobody dates nothing.
func quorumTime(g *witness.Group, cosigned func(note.Verifier) int64) int64 {
	var times []int64
	for _, c := range g.Components {
		var t int64
		switch c := c.(type) {
		case witness.Witness:
			t = cosigned(c.Key)
		case witness.Group:
			t = quorumTime(&c, cosigned)
		}
		if t > 0 {
			times = append(times, t)
		}
	}
	if g.N <= 0 || len(times) < g.N {
		return 0
	}
	slices.Sort(times)
	return times[g.N-1]
}

// cosigner is a key as a signature line names it.
type cosigner struct {
	name string
	hash uint32
}

type cosignature struct {
	cosigner
	time      int64
	signature []byte // behind the hash of the key
	malformed bool
}

// maxCosignatures bounds the work that a note can ask for.
const maxCosignatures = 100

// firstOfEach returns the earliest cosignature of each key, in the order of times the one
// that note.Open would look at. Whoever reads the lines until a time refuses the note for a
// malformed one among them: what is dated as late counts for nothing.
func firstOfEach(signatures []byte) map[cosigner]cosignature {
	var all []cosignature
	for line := range bytes.Lines(signatures) {
		if c, err := readCosignature(line); err == nil && len(all) < maxCosignatures {
			all = append(all, c)
		}
	}
	slices.SortStableFunc(all, func(a, b cosignature) int { return cmp.Compare(a.time, b.time) })
	if i := slices.IndexFunc(all, func(c cosignature) bool { return c.malformed }); i >= 0 {
		end, _ := slices.BinarySearchFunc(all, all[i].time, func(c cosignature, t int64) int { return cmp.Compare(c.time, t) })
		all = all[:end]
	}
	first := map[cosigner]cosignature{}
	for _, c := range slices.Backward(all) {
		first[c.cosigner] = c
	}
	return first
}

// readCosignature reads a line that bears a time. That it is good is for its witness to say.
func readCosignature(line []byte) (cosignature, error) {
	words := bytes.Fields(line)
	if len(words) != 3 {
		return cosignature{}, errors.New("not a signature line")
	}
	t, err := fnote.CoSigV1Timestamp(note.Signature{Base64: string(words[2])})
	if err != nil || t.Unix() <= 0 {
		return cosignature{}, errors.New("not a cosignature")
	}
	c := cosignature{time: t.Unix()}
	s, err := opened([]byte("\n"), line)
	if err == nil {
		c.cosigner = cosigner{s.Name, s.Hash}
		c.signature, err = base64.StdEncoding.DecodeString(s.Base64)
	}
	if c.malformed = err != nil; !c.malformed {
		c.signature = c.signature[4:]
	}
	return c, nil
}

// someSignature is well formed.
const someSignature = "\u2014 a AAAAAAA=\n"

// opened returns the only signature of a note that is well formed.
func opened(text, line []byte) (note.Signature, error) {
	_, err := note.Open(slices.Concat(text, []byte("\n"), line), note.VerifierList())
	var unverified *note.UnverifiedNoteError
	if !errors.As(err, &unverified) {
		return note.Signature{}, errors.New("malformed note")
	}
	return unverified.Note.UnverifiedSigs[0], nil
}
