// Package policy knows whose cosignatures make a checkpoint valid: keys of witnesses (C2SP
// signed-note, tlog-cosignature) and quorums of them (C2SP tlog-policy). It must never know
// where a policy comes from; above all, none that comes with what it is to judge.
package policy

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"

	fnote "github.com/transparency-dev/formats/note"
	"github.com/transparency-dev/formats/witness"
	"golang.org/x/mod/sumdb/note"
)

// Witness is one whose cosignatures may count.
type Witness struct {
	Name     string // for people: its name in the policy, else that of its key
	Key      string // name+hash+base64, of type 0x04 (Ed25519) or 0x06 (ML-DSA-44)
	URL      string // where it answers add-checkpoint; "" not told
	Verifier note.Verifier
}

// Types of keys that make cosignatures (C2SP tlog-cosignature). A log's own key is of type
// 1; package formats would take it for a witness's.
const (
	TypeEd25519 = 4
	TypeMLDSA   = 6
)

// NewWitness reads the verifier key of a witness. name is for people, "" for the key's;
// url may be empty.
func NewWitness(name, vkey, url string) (Witness, error) {
	keyName, hash, typed, err := cutKey(vkey)
	if err != nil {
		return Witness{}, err
	}
	if typed[0] != TypeEd25519 && typed[0] != TypeMLDSA {
		return Witness{}, fmt.Errorf("key of witness %.60q is of type %#02x; keys that cosign are of type 0x04 or 0x06", keyName, typed[0])
	}
	if want := fmt.Sprintf("%08x", KeyID(keyName, typed)); hash != want {
		return Witness{}, fmt.Errorf("key of witness %.60q has the hash %.10q, not %s: a letter of it is wrong", keyName, hash, want)
	}
	v, err := fnote.NewVerifierForCosignatureV1(vkey)
	if err != nil {
		return Witness{}, fmt.Errorf("key of witness %.60q: %w", keyName, err)
	}
	if name == "" {
		name = keyName
	}
	return Witness{name, vkey, url, v}, nil
}

// KeyID returns the hash that a verifier key and its signatures bear: the first 32 bits of
// SHA-256(name || "\n" || type || public key).
func KeyID(name string, typed []byte) uint32 {
	sum := sha256.Sum256(append([]byte(name+"\n"), typed...))
	return binary.BigEndian.Uint32(sum[:])
}

// cutKey cuts a verifier key, name+hash+base64, into its name, its hash, and its type
// with the public key.
func cutKey(vkey string) (name, hash string, typed []byte, err error) {
	name, rest, _ := strings.Cut(vkey, "+")
	hash, typed64, _ := strings.Cut(rest, "+")
	typed, err = base64.StdEncoding.DecodeString(typed64)
	if err != nil || len(typed) == 0 || base64.StdEncoding.EncodeToString(typed) != typed64 {
		return "", "", nil, fmt.Errorf("key %.60q: want name+hash+base64", vkey)
	}
	return name, hash, typed, nil
}

// Policy says which logs are known, and whose cosignatures make a checkpoint valid.
type Policy struct {
	Logs      []string  // verifier keys
	Witnesses []Witness // in the order of the file
	Quorum    witness.Group
}

// maxPolicy bounds a policy file, in bytes.
const maxPolicy = 1 << 20

// Parse reads a C2SP tlog-policy. Package formats reads them too, but other ones: it would
// count one witness twice, a group of none as satisfied, or a log's key as that of a witness,
// and cuts a line at "#", where a name may have one.
func Parse(text []byte) (Policy, error) {
	if len(text) > maxPolicy {
		return Policy{}, fmt.Errorf("policy of %d bytes, more than %d", len(text), maxPolicy)
	}
	r := reader{parts: map[string]witness.Group{}, grouped: map[string]bool{}, keys: map[string]bool{}}
	n := 0
	for line := range strings.Lines(string(text)) {
		n++
		if err := r.line(strings.TrimSuffix(line, "\n")); err != nil {
			return Policy{}, fmt.Errorf("policy, line %d: %w", n, err)
		}
	}
	if !r.quorum {
		return Policy{}, fmt.Errorf("policy: no quorum line")
	}
	return r.policy, nil
}

// reader reads a policy line by line.
type reader struct {
	policy  Policy
	parts   map[string]witness.Group // witnesses, each a group of one, and groups by their names
	grouped map[string]bool          // names that a group has as a member
	keys    map[string]bool          // public keys of witnesses and logs
	quorum  bool
}

// isControl reports what no line of a policy may hold.
func isControl(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }

func (r *reader) line(line string) error {
	if strings.IndexFunc(line, isControl) >= 0 {
		return fmt.Errorf("control characters in %.60q", line)
	}
	words := strings.FieldsFunc(line, func(c rune) bool { return c == ' ' || c == '\t' })
	if len(words) == 0 || strings.HasPrefix(words[0], "#") {
		return nil
	}
	switch {
	case words[0] == "log" && (len(words) == 2 || len(words) == 3):
		return r.log(words[1])
	case words[0] == "witness" && (len(words) == 3 || len(words) == 4):
		return r.witness(words[1:])
	case words[0] == "group" && len(words) >= 4:
		return r.group(words[1], words[2], words[3:])
	case words[0] == "quorum" && len(words) == 2 && !r.quorum:
		r.quorum = true
		var ok bool
		if r.policy.Quorum, ok = r.parts[words[1]]; !ok && words[1] != "none" {
			return fmt.Errorf("quorum %.60q is not defined above", words[1])
		}
		return nil
	}
	return fmt.Errorf("%.80q is no log, witness, group or quorum line, or a second quorum", line)
}

func (r *reader) log(vkey string) error {
	v, err := note.NewVerifier(vkey)
	if err != nil {
		return fmt.Errorf("key of a log %.80q: %w", vkey, err)
	}
	if start := fmt.Sprintf("%s+%08x+", v.Name(), v.KeyHash()); !strings.HasPrefix(vkey, start) {
		return fmt.Errorf("key of a log %.80q: want %.80q", vkey, start)
	}
	r.policy.Logs = append(r.policy.Logs, vkey)
	return r.once(vkey)
}

// once refuses a public key that stands there twice, under whatever names: as two
// witnesses it would count twice, and a log is no witness of itself.
func (r *reader) once(vkey string) error {
	name, _, typed, err := cutKey(vkey)
	if err != nil {
		return err
	}
	if r.keys[string(typed[1:])] {
		return fmt.Errorf("the key of %.60q stands there twice", name)
	}
	r.keys[string(typed[1:])] = true
	return nil
}

func (r *reader) define(name string, part witness.Group) error {
	switch name {
	case "none", "any", "all", "log", "witness", "group", "quorum":
		return fmt.Errorf("%q cannot be a name", name)
	}
	if _, twice := r.parts[name]; twice {
		return fmt.Errorf("name %.60q is defined twice", name)
	}
	r.parts[name] = part
	return nil
}

func (r *reader) witness(words []string) error {
	url := ""
	if len(words) == 3 {
		url = words[2]
	}
	p, err := NewWitness(words[0], words[1], url)
	if err != nil {
		return err
	}
	if err := r.define(p.Name, witness.NewGroup(1, witness.Witness{Key: p.Verifier, URL: p.URL})); err != nil {
		return err
	}
	r.policy.Witnesses = append(r.policy.Witnesses, p)
	return r.once(p.Key)
}

func (r *reader) group(name, threshold string, members []string) error {
	k, err := strconv.ParseUint(threshold, 10, 16)
	if threshold == "any" {
		k, err = 1, nil
	}
	if threshold == "all" {
		k, err = uint64(len(members)), nil
	}
	if err != nil || k < 1 || k > uint64(len(members)) {
		return fmt.Errorf("group %.60q: threshold %.20q of %d members", name, threshold, len(members))
	}
	all := witness.Group{N: int(k)}
	for _, m := range members {
		part, ok := r.parts[m]
		if !ok || r.grouped[m] {
			return fmt.Errorf("group %.60q: member %.60q is not defined above, or is a member already", name, m)
		}
		r.grouped[m] = true
		all.Components = append(all.Components, part)
	}
	return r.define(name, all)
}
