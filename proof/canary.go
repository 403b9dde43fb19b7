package proof

import (
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	ts "github.com/tallystick/tallystick"
)

// A neutral makes flows of its own that look like what is counted, commits to the addresses
// before, and tells them afterwards: a publisher who left them out, or has them although
// they never were, is found out (protocol 3.5).

// CanaryType is the first line of a canary's commitment, and of its reveal.
const CanaryType = "tally-canary/v1"

const canaryTag = CanaryType + "\x00"

// Canary is a secret list of addresses or names, and the nonce that hides it.
type Canary struct {
	Nonce  [32]byte // random
	Values []string // as rows spell them, in the order of their bytes, each once
}

// Commitment returns SHA-256(tag || nonce || SHA-256(list)). The list is a value a line,
// escaped as in rows, each ended by LF.
func (c *Canary) Commitment() ts.Digest {
	var list []byte
	for _, v := range c.Values {
		list = append(ts.AppendEscaped(list, v), '\n')
	}
	sum := ts.DigestOf(list)
	return ts.DigestOf(append(append([]byte(canaryTag), c.Nonce[:]...), sum[:]...))
}

// Build writes the reveal as a text object: the values and the nonce, from which its
// commitment follows.
func (c *Canary) Build() ([]byte, error) {
	if len(c.Values) == 0 || !ascending(c.Values) || c.Values[0] == "" {
		return nil, errors.New(CanaryType + ": want values in order, each once")
	}
	o := ts.Object{Type: CanaryType}
	o.Add("commitment", c.Commitment().String())
	o.Add("nonce", hex.EncodeToString(c.Nonce[:]))
	for _, v := range c.Values {
		if v == "-" || strings.HasSuffix(v, " ") {
			return nil, fmt.Errorf("%s: value %q cannot be written", CanaryType, v)
		}
		o.Add("value", string(ts.AppendEscaped(nil, v)))
	}
	return o.Bytes()
}

// ParseCanary reads a reveal. It accepts exactly what Build writes, so its values are those of
// its commitment.
func ParseCanary(b []byte) (Canary, error) {
	return parsedAs(b, CanaryType, "commitment nonce value*", func(v *ts.ObjectReader) Canary {
		return Canary{Nonce: ts.Parsed(v, "nonce", parseHash), Values: ts.AllParsed(v, "value", ts.Unescape)}
	})
}

// CanaryCommitment is the entry by which a neutral commits to a list, in its own ledger.
type CanaryCommitment struct {
	Commitment ts.Digest
}

// Build writes the commitment as a text object.
func (c *CanaryCommitment) Build() ([]byte, error) {
	o := ts.Object{Type: CanaryType}
	o.Add("commitment", c.Commitment.String())
	return o.Bytes()
}

// ParseCanaryCommitment reads a commitment. It accepts exactly what Build writes.
func ParseCanaryCommitment(b []byte) (CanaryCommitment, error) {
	return parsedAs(b, CanaryType, "commitment", func(v *ts.ObjectReader) CanaryCommitment {
		return CanaryCommitment{v.Digest("commitment")}
	})
}

// ParseCanaryEntry reads an entry of either form. The reveal is nil for a commitment.
func ParseCanaryEntry(b []byte) (commitment ts.Digest, reveal *Canary, err error) {
	o, err := ts.ParseObject(b)
	if err != nil {
		return commitment, nil, err
	}
	if len(o.Fields) > 1 {
		c, err := ParseCanary(b)
		return c.Commitment(), &c, err
	}
	c, err := ParseCanaryCommitment(b)
	return c.Commitment, nil, err
}
