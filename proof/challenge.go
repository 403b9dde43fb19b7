package proof

import (
	"crypto/ed25519"
	"encoding/hex"
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/note"

	ts "github.com/tallystick/tallystick"
)

// ChallengeType is the first line of a challenge.
const ChallengeType = "tally-challenge/v1"

const challengeForm = "figure challenger nonce round k sig"

// Challenge is somebody's demand to open members of a figure, chosen with his nonce and a
// public beacon that nobody knows yet.
type Challenge struct {
	Figure     ts.Digest // of the statement
	Challenger string    // verifier key of a signed note, Ed25519
	Nonce      [32]byte
	Round      uint64 // of the beacon
	K          uint64
	Sig        []byte // over all bytes before its line
}

// object returns the challenge without its signature.
func (c *Challenge) object() ts.Object {
	o := ts.Object{Type: ChallengeType}
	o.Add("figure", c.Figure.String())
	o.Add("challenger", c.Challenger)
	o.Add("nonce", hex.EncodeToString(c.Nonce[:]))
	o.Add("round", decimal(c.Round))
	o.Add("k", decimal(c.K))
	return o
}

// Sign signs the challenge by the challenger's key.
func (c *Challenge) Sign(signer note.Signer) error {
	o := c.object()
	text, err := o.Bytes()
	if err != nil {
		return err
	}
	c.Sig, err = signer.Sign(text)
	return err
}

// Check fails unless the challenger signed the challenge.
func (c *Challenge) Check() error {
	if c.K == 0 || c.Round == 0 || c.Round > maxRound {
		return fmt.Errorf("challenge to open %d members by round %d asks nothing", c.K, c.Round)
	}
	verifier, err := ReadVerifier(c.Challenger)
	if err != nil {
		return fmt.Errorf("challenger %.80q: %w", c.Challenger, err)
	}
	o := c.object()
	text, err := o.Bytes()
	if err != nil {
		return err
	}
	if len(c.Sig) != ed25519.SignatureSize || !verifier.Verify(text, c.Sig) {
		return errors.New("challenge is not signed by its challenger")
	}
	return nil
}

// Build writes the challenge as a text object.
func (c *Challenge) Build() ([]byte, error) {
	o := c.object()
	o.Add("sig", hex.EncodeToString(c.Sig))
	return o.Bytes()
}

// ParseChallenge reads a challenge. It accepts exactly what Build writes; Check says who
// signed it.
func ParseChallenge(b []byte) (Challenge, error) {
	return parsedAs(b, ChallengeType, challengeForm, func(v *ts.ObjectReader) Challenge {
		return Challenge{Figure: v.Digest("figure"), Challenger: v.Object.Get("challenger"),
			Nonce: ts.Parsed(v, "nonce", parseHash), Round: v.Number("round"), K: v.Number("k"),
			Sig: ts.Parsed(v, "sig", hex.DecodeString)}
	})
}
