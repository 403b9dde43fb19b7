//go:build node || python

package js

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/tallystick/tallystick/internal/policy"
)

// vkey writes a verifier key of a type and a public key of n bytes.
func vkey(name string, kind byte, n int) string {
	seed := sha256.Sum256([]byte(name))
	typed := append([]byte{kind}, make([]byte, n)...)
	copy(typed[1:], seed[:])
	return fmt.Sprintf("%s+%x+%s", name, keyID(name, typed), base64.StdEncoding.EncodeToString(typed))
}

// capitals writes the hash of a verifier key in capitals.
func capitals(vkey string) string {
	words := strings.SplitN(vkey, "+", 3)
	return words[0] + "+" + strings.ToUpper(words[1]) + "+" + words[2]
}

// policies are texts, and whether they are policies.
func policies() map[string]bool {
	_, one := witnessKey("one")
	_, two := witnessKey("two")
	_, three := witnessKey("three")
	base := "witness a " + one + "\nwitness b " + two + " https://b.example/\nwitness c " + three + "\n"
	log := vkey("log.example", 1, 32)
	padded := vkey("m.example", 6, 1312) // its last letter but one has two bits that are no key's
	padded = padded[:len(padded)-2] + string(padded[len(padded)-2]+1) + "="
	flawed := strings.Replace(one, "+", "+0", 1)
	return map[string]bool{
		base + "quorum a\n":    true,
		base + "quorum a":      true,
		base + "quorum none\n": true,
		"quorum none\n":        true,
		"witness w#1 " + one + " https://w.example/#x\nquorum w#1\n":                          true,
		"witness #1 " + one + "\nquorum #1\n":                                                 true,
		"witness a\u00a0b " + one + "\nquorum a\u00a0b\n":                                     true,
		"witness a " + vkey("w#2.example", 4, 32) + "\nquorum a\n":                            true,
		"# nothing\n\n \t\nquorum\t none \n":                                                  true,
		base + "group g any a b\nquorum g\n":                                                  true,
		base + "group g all a b\ngroup h 1 g\nquorum h\n":                                     true,
		base + "group g 02 a b c\nquorum g\n":                                                 true,
		base + "quorum a\ngroup g 1 b\n":                                                      true,
		base + "log " + log + "\nlog " + vkey("l2", 1, 32) + " https://l.example\nquorum a\n": true,
		"witness m " + vkey("m.example", 6, 1312) + "\nquorum m\n":                            true,
		"":                                                                          false,
		base:                                                                        false,
		base + "quorum d\n":                                                         false,
		base + "quorum g\ngroup g 1 a\n":                                            false,
		base + "quorum a\nquorum a\n":                                               false,
		base + "quorum a b\n":                                                       false,
		base + "quorum a # why\n":                                                   false,
		base + "quorum a\r\n":                                                       false,
		base + "# \x07\nquorum a\n":                                                 false,
		base + "# \x7f\nquorum a\n":                                                 false,
		base + "Quorum a\n":                                                         false,
		base + "quorum\u00a0a\n":                                                    false,
		base + "group g 0 a b\nquorum g\n":                                          false,
		base + "group g 3 a b\nquorum g\n":                                          false,
		base + "group g -1 a b\nquorum g\n":                                         false,
		base + "group g +1 a b\nquorum g\n":                                         false,
		base + "group g 1\nquorum g\n":                                              false,
		base + "group g 1 g\nquorum g\n":                                            false,
		base + "group g 1 a a\nquorum g\n":                                          false,
		base + "group g 1 a\ngroup h 1 a\nquorum g\n":                               false,
		base + "group a 1 b\nquorum a\n":                                            false,
		base + "group any 1 b\nquorum any\n":                                        false,
		"witness none " + one + "\nquorum none\n":                                   false,
		base + "witness d " + one + "\nquorum d\n":                                  false,
		base + "witness a " + vkey("x", 4, 32) + "\nquorum a\n":                     false,
		"witness a\nquorum a\n":                                                     false,
		"witness a " + one + " u v\nquorum a\n":                                     false,
		"witness a " + flawed + "\nquorum a\n":                                      false,
		"witness a " + strings.ToUpper(one) + "\nquorum a\n":                        false,
		"witness a " + log + "\nquorum a\n":                                         false,
		"witness a " + vkey("x", 4, 31) + "\nquorum a\n":                            false,
		"witness a " + vkey("x", 6, 32) + "\nquorum a\n":                            false,
		"witness a " + vkey("x", 2, 32) + "\nquorum a\n":                            false,
		"witness a " + vkey("", 4, 32) + "\nquorum a\n":                             false,
		base + "log " + one + "\nquorum a\n":                                        false,
		base + "log " + vkey("l", 1, 31) + "\nquorum a\n":                           false,
		base + "log " + log + "\nlog " + log + "\nquorum a\n":                       false,
		base + "log\nquorum a\n":                                                    false,
		base + "log " + capitals(log) + "\nquorum a\n":                              false,
		"witness a " + capitals(one) + "\nquorum a\n":                               false,
		"witness a " + padded + "\nquorum a\n":                                      false,
		"log " + log + "\nwitness l " + vkey("log.example", 4, 32) + "\nquorum l\n": false,
		base + "observer a\nquorum a\n":                                             false,
	}
}

// taken fails unless others and Go take for a policy what is one: each answers for a list of texts.
func taken(t *testing.T, others func(texts []string) []bool) {
	t.Helper()
	want := policies()
	texts := slices.Sorted(maps.Keys(want))
	are := others(texts)
	for i, text := range texts {
		if _, err := policy.Parse([]byte(text)); (err == nil) != want[text] || are[i] != want[text] {
			t.Errorf("%q: Go %v, the other %v, want %v", text, err, are[i], want[text])
		}
	}
}
