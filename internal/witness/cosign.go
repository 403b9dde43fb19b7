package witness

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/tallystick/tallystick/internal/durable"
	"github.com/tallystick/tallystick/internal/policy"
)

// Cosigner makes Ed25519 cosignatures (C2SP tlog-cosignature). Package formats makes them
// too, but asks the machine for the time.
type Cosigner struct {
	name string
	key  ed25519.PrivateKey
}

func newCosigner(name string, random io.Reader) (*Cosigner, error) {
	if err := checkName(name); err != nil {
		return nil, err
	}
	var seed [ed25519.SeedSize]byte
	if _, err := io.ReadFull(random, seed[:]); err != nil {
		return nil, fmt.Errorf("making a key: %w", err)
	}
	return &Cosigner{name, ed25519.NewKeyFromSeed(seed[:])}, nil
}

// checkName refuses names that cannot stand in a key or a signature line.
func checkName(name string) error {
	if name == "" || len(name) > 255 {
		return fmt.Errorf("name of a witness %.80q: want 1 to 255 bytes", name)
	}
	for i := range len(name) {
		if c := name[i]; c <= ' ' || c > '~' || c == '+' {
			return fmt.Errorf("name of a witness %q: want printable ASCII without spaces and +, such as a domain", name)
		}
	}
	return nil
}

func (c *Cosigner) public() []byte {
	return append([]byte{policy.TypeEd25519}, c.key.Public().(ed25519.PublicKey)...)
}

// VerifierKey returns the public key: name+hash+base64 of 0x04 and 32 bytes.
func (c *Cosigner) VerifierKey() string {
	public := c.public()
	return fmt.Sprintf("%s+%08x+%s", c.name, policy.KeyID(c.name, public), base64.StdEncoding.EncodeToString(public))
}

// secret is the key as it is kept, in the form of note signers.
func (c *Cosigner) secret() string {
	typed := append([]byte{policy.TypeEd25519}, c.key.Seed()...)
	return fmt.Sprintf("PRIVATE+KEY+%s+%08x+%s", c.name, policy.KeyID(c.name, c.public()), base64.StdEncoding.EncodeToString(typed))
}

// Line returns the cosignature line of the text of a checkpoint at time t:
// "— name base64(u32 key hash || u64 time || signature)\n", signed over
// "cosignature/v1\ntime T\n" and the text.
func (c *Cosigner) Line(text string, t time.Time) []byte {
	at := uint64(t.Unix())
	b := binary.BigEndian.AppendUint32(nil, policy.KeyID(c.name, c.public()))
	b = binary.BigEndian.AppendUint64(b, at)
	b = append(b, ed25519.Sign(c.key, fmt.Appendf(nil, "cosignature/v1\ntime %d\n%s", at, text))...)
	return fmt.Appendf(nil, "— %s %s\n", c.name, base64.StdEncoding.EncodeToString(b))
}

// maxKeyFile bounds a key file, which is one line.
const maxKeyFile = 4096

func loadKey(fsys durable.FS, path string) (*Cosigner, error) {
	b, err := durable.ReadFile(fsys, path, maxKeyFile)
	if err != nil {
		return nil, err
	}
	c, err := parseSecret(strings.TrimSuffix(string(b), "\n"))
	if err != nil || c.secret()+"\n" != string(b) {
		return nil, errors.Join(errors.New(keyName+" is damaged"), err)
	}
	return c, nil
}

func parseSecret(s string) (*Cosigner, error) {
	rest, ok := strings.CutPrefix(s, "PRIVATE+KEY+")
	parts := strings.SplitN(rest, "+", 3) // base64 has "+" of its own
	if !ok || len(parts) != 3 {
		return nil, errors.New("not PRIVATE+KEY+name+hash+base64")
	}
	key, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil || len(key) != 1+ed25519.SeedSize || key[0] != policy.TypeEd25519 {
		return nil, errors.New("not a key of type 0x04")
	}
	return &Cosigner{parts[0], ed25519.NewKeyFromSeed(key[1:])}, checkName(parts[0])
}
