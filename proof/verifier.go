package proof

import (
	"encoding/base64"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// ReadVerifier reads a verifier key of signed notes (C2SP signed-note, Ed25519), name+hash+base64,
// in its one spelling. Package note takes capitals in the hash, and line ends in the base64,
// with which one key would be two.
func ReadVerifier(vkey string) (note.Verifier, error) {
	v, err := note.NewVerifier(vkey)
	if err != nil {
		return nil, err
	}
	start := fmt.Sprintf("%s+%08x+", v.Name(), v.KeyHash())
	typed64, ok := strings.CutPrefix(vkey, start)
	typed, err := base64.StdEncoding.DecodeString(typed64)
	if !ok || err != nil || base64.StdEncoding.EncodeToString(typed) != typed64 {
		return nil, fmt.Errorf("verifier key is not in its one spelling, %.80s and base64", start)
	}
	return v, nil
}
