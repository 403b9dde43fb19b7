package ledger

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"github.com/tallystick/tallystick/internal/durable"
)

// Names below the folder of a ledger.
const (
	logName         = "entries.log"
	checkpointName  = "checkpoint"
	checkpointsName = "checkpoints"
	lockName        = "lock"
	keysName        = "keys"
	signerName      = "keys/log.key"
	verifierName    = "keys/log.pub"
	saltName        = "keys/salt.key"
)

// maxKeyFile bounds a key file, which is one line.
const maxKeyFile = 4096

// maxOrigin bounds the name of a ledger.
const maxOrigin = 255

// makeKeys makes the keys that are not there yet. Keys of an interrupted Create are
// kept, for a key that signed anything must never be lost.
func (l *Ledger) makeKeys(origin string) error {
	skey, _, err := note.GenerateKey(l.opt.Rand, origin)
	if err != nil {
		return fmt.Errorf("making a key: %w", err)
	}
	if err := l.keepLine(signerName, skey); err != nil {
		return err
	}
	if skey, err = l.readLine(signerName); err != nil {
		return err
	}
	vkey, err := verifierKeyOf(skey)
	if err != nil {
		return fmt.Errorf("%s: %w", signerName, err)
	}
	if !strings.HasPrefix(vkey, origin+"+") {
		return fmt.Errorf("%s is the key of another origin than %q", l.path(signerName), origin)
	}
	if err := l.keepLine(verifierName, vkey); err != nil {
		return err
	}
	var salt [32]byte
	if _, err := io.ReadFull(l.opt.Rand, salt[:]); err != nil {
		return fmt.Errorf("making a salt key: %w", err)
	}
	return l.keepLine(saltName, formatSalt(salt))
}

// keepLine writes a file of one line unless it is there. An empty one is the claim of
// a writer that died (durable.CreateNew).
func (l *Ledger) keepLine(name, line string) error {
	content := []byte(line + "\n")
	err := durable.CreateNew(l.fs, l.path(name), content, 0o600)
	if !errors.Is(err, fs.ErrExist) {
		return err
	}
	old, err := durable.ReadFile(l.fs, l.path(name), maxKeyFile)
	if err != nil {
		return err
	}
	if len(old) == 0 {
		return durable.Replace(l.fs, l.path(name), content, 0o600)
	}
	return l.fs.SyncFolder(l.path(keysName)) // its maker may have died before doing so
}

// CheckOrigin refuses names that cannot stand in a note's key or a checkpoint.
func CheckOrigin(origin string) error {
	if origin == "" || len(origin) > maxOrigin {
		return fmt.Errorf("origin %.80q: want 1 to %d bytes", origin, maxOrigin)
	}
	for i := range len(origin) {
		if c := origin[i]; c <= ' ' || c > '~' || c == '+' {
			return fmt.Errorf("origin %q: want printable ASCII without spaces and +, such as a domain", origin)
		}
	}
	return nil
}

// verifierKeyOf derives the public key of a note signer: "PRIVATE+KEY+name+hash+base64
// of 0x01 and the Ed25519 seed".
func verifierKeyOf(skey string) (string, error) {
	signer, err := note.NewSigner(skey)
	if err != nil {
		return "", err
	}
	// PRIVATE+KEY+name+hash+base64, and base64 has "+" of its own.
	parts := strings.SplitN(skey, "+", 5)
	key, err := base64.StdEncoding.DecodeString(parts[len(parts)-1])
	if err != nil || len(key) != 1+ed25519.SeedSize {
		return "", fmt.Errorf("not an Ed25519 key")
	}
	public := ed25519.NewKeyFromSeed(key[1:]).Public().(ed25519.PublicKey)
	return note.NewEd25519VerifierKey(signer.Name(), public)
}

func (l *Ledger) readLine(name string) (string, error) {
	b, err := durable.ReadFile(l.fs, l.path(name), maxKeyFile)
	if err != nil {
		return "", err
	}
	line, ok := strings.CutSuffix(string(b), "\n")
	if !ok || strings.Contains(line, "\n") {
		return "", fmt.Errorf("%w: %s is not one line", ErrDamaged, name)
	}
	return line, nil
}

// loadVerifier reads the public key.
func (l *Ledger) loadVerifier() (err error) {
	if l.vkey, err = l.readLine(verifierName); err != nil {
		return err
	}
	if l.verifier, err = note.NewVerifier(l.vkey); err != nil {
		return fmt.Errorf("%w: %s: %w", ErrDamaged, verifierName, err)
	}
	return nil
}

// loadSigner reads the signing key, which must be that of the public one.
func (l *Ledger) loadSigner() error {
	skey, err := l.readLine(signerName)
	if err != nil {
		return err
	}
	if l.signer, err = note.NewSigner(skey); err != nil {
		return fmt.Errorf("%w: %s: %w", ErrDamaged, signerName, err)
	}
	if vkey, err := verifierKeyOf(skey); err != nil || vkey != l.vkey {
		return fmt.Errorf("%w: %s and %s are not of one key", ErrDamaged, signerName, verifierName)
	}
	return nil
}

// formatSalt writes the salt key with a check of its own: nothing else on disk would
// show that it has rotted, until rows must be opened years later.
func formatSalt(key [32]byte) string {
	return fmt.Sprintf("%x %08x", key, crc32.ChecksumIEEE(key[:]))
}

// SaltKey returns the secret from which the salts of rows are derived.
func (l *Ledger) SaltKey() ([32]byte, error) {
	line, err := l.readLine(saltName)
	if err != nil {
		return [32]byte{}, err
	}
	digits, _, _ := strings.Cut(line, " ")
	b, err := hex.DecodeString(digits)
	if err != nil || len(b) != 32 || formatSalt([32]byte(b)) != line {
		return [32]byte{}, fmt.Errorf("%w: %s: want 64 hex digits and their CRC-32", ErrDamaged, saltName)
	}
	return [32]byte(b), nil
}
