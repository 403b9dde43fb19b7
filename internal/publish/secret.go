package publish

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"github.com/tallystick/tallystick/internal/evidence"
	"github.com/tallystick/tallystick/proof"
)

func keyOf(v *evidence.View, report string) *evidence.Logged[proof.Key] {
	for i := range v.Keys {
		if v.Keys[i].Object.Report == report {
			return &v.Keys[i]
		}
	}
	return nil
}

func keyEntry(s *proof.Secret, origin, report string) ([]byte, error) {
	k, err := proof.NewKey(s, origin, report)
	if err != nil {
		return nil, err
	}
	return k.Build()
}

func secretName(report string) string { return "reports/" + report }

// newSecret returns the secret of a report's tags, made now unless it is there.
func (p *Publisher) newSecret(report string) (*proof.Secret, error) {
	s, err := p.secret(report)
	if !errors.Is(err, fs.ErrNotExist) {
		return s, err
	}
	source := p.Rand
	if source == nil {
		source = rand.Reader
	}
	var seed [32]byte
	if _, err := io.ReadFull(source, seed[:]); err != nil {
		return nil, fmt.Errorf("making a secret: %w", err)
	}
	if err := p.Ledger.PutPrivate(secretName(report), []byte(hex.EncodeToString(seed[:])+"\n")); err != nil {
		return nil, err
	}
	return proof.NewSecret(seed), nil
}

// secret returns the secret of a report's tags; fs.ErrNotExist where there is none.
func (p *Publisher) secret(report string) (*proof.Secret, error) {
	b, err := p.Ledger.Private(secretName(report))
	if err != nil {
		return nil, err
	}
	seed, err := hex.DecodeString(strings.TrimSuffix(string(b), "\n"))
	if err != nil || len(seed) != 32 {
		return nil, fmt.Errorf("keys/%s is damaged: want 64 hex digits", secretName(report))
	}
	return proof.NewSecret([32]byte(seed)), nil
}
