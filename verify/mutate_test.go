package verify_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/report"
	"github.com/tallystick/tallystick/verify"
)

// number is a number of a JSON text, with the keys that lead to it.
type number struct {
	path     string
	from, to int
}

// numbers lists every number of a JSON text.
func numbers(t *testing.T, text []byte) []number {
	t.Helper()
	var list []number
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var walk func(path string)
	walk = func(path string) {
		token, err := d.Token()
		if err != nil {
			t.Fatal(err)
		}
		switch token := token.(type) {
		case json.Number:
			to := int(d.InputOffset())
			list = append(list, number{path, to - len(token), to})
		case json.Delim:
			for d.More() {
				inner := path
				if token == '{' {
					key, err := d.Token()
					if err != nil {
						t.Fatal(err)
					}
					inner = strings.TrimPrefix(path+"."+fmt.Sprint(key), ".")
				}
				walk(inner)
			}
			if _, err := d.Token(); err != nil {
				t.Fatal(err)
			}
		}
	}
	walk("")
	return list
}

// publishersWord are the numbers that only the digest covers, with the reason.
func publishersWord(path string) string {
	switch path {
	case "feeds.entries", "feeds.undated":
		return "what a feed held is in the rules of the batches, which a ledger at hand need not have"
	case "figures.by_as", "figures.on_as", "mirror.by_as", "mirror.on_as":
		return "the figure of one network is another figure, and is recounted as such: of a figure of nothing it is as true"
	}
	return ""
}

// TestEveryNumber has the publisher add one to each number of figures.json in turn, and
// sign that: a line other than those on the files must be false.
func TestEveryNumber(t *testing.T) {
	r := randomRoad(t, rand.New(rand.NewPCG(11, 1)), 25)
	window := ts.Window{From: firstDay, To: firstDay + 3}
	honest, csv := r.built(t, report.Request{Window: window, By: []ts.Country{"US"}, On: []ts.Country{"CN"}})
	size := r.evidence.Checkpoint.Size
	list := numbers(t, honest)
	if len(list) < 500 {
		t.Fatalf("only %d numbers", len(list))
	}
	paths := map[string]bool{}
	for _, n := range list {
		value, err := strconv.ParseUint(string(honest[n.from:n.to]), 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		lie := bytes.Join([][]byte{honest[:n.from], strconv.AppendUint(nil, value+1, 10), honest[n.to:]}, nil)
		claimed := size
		if n.path == "checkpoint.size" {
			claimed++
		}
		sealed := r.seal(t, lie, csv, claimed)
		result := verify.Check(sealed, r.key(), r.memory)
		r.unseal()
		if found := unmasked(result); !found && publishersWord(n.path) == "" {
			t.Errorf("%s at byte %d, %d made one more: %v", n.path, n.from, value, wrong(result))
		}
		paths[n.path] = true
	}
	t.Logf("%d numbers of %d kinds", len(list), len(paths))
}

// unmasked reports whether a line is false that does not compare files or sentences.
func unmasked(r *verify.Result) bool {
	for _, l := range r.Lines {
		if l.Status == verify.False && !strings.Contains(l.What, "figures.csv") && !strings.Contains(l.What, "sentence") {
			return true
		}
	}
	return false
}

// TestEveryDigit changes each number of a published report without the publisher: the
// digest line is false, whatever the number.
func TestEveryDigit(t *testing.T) {
	r := randomRoad(t, rand.New(rand.NewPCG(12, 1)), 10)
	sealed := r.published(t, report.Request{})
	honest := sealed.JSON
	for i, n := range numbers(t, honest) {
		if i%7 != 0 {
			continue // the digest is over the bytes, whatever they mean
		}
		sealed.JSON = bytes.Clone(honest)
		sealed.JSON[n.to-1] = '0' + (sealed.JSON[n.to-1]-'0'+1)%10
		demand(t, verify.Check(sealed, r.key(), nil), verify.False, "the checkpoint commits to")
	}
}

// TestEveryByte flips each bit of the checkpoint and of the proof.
func TestEveryByte(t *testing.T) {
	r := newMemory(t, 1)
	r.batch(t, handRows(), "")
	json, csv := handFiles(t, r)
	for range 9 { // a path of some length
		r.exclude(t, "other.example")
	}
	honest := r.seal(t, json, csv, 1)
	if result := verify.Check(honest, r.key(), nil); wrong(result)[0].Status != verify.NotChecked || len(wrong(result)) != 1 {
		t.Fatalf("without a ledger: %v", wrong(result))
	}
	for name, of := range map[string]func(*verify.Report) *[]byte{
		"checkpoint": func(r *verify.Report) *[]byte { return &r.Checkpoint },
		"proof":      func(r *verify.Report) *[]byte { return &r.Proof },
	} {
		for i := range *of(&honest) {
			for bit := range 8 {
				changed := honest
				b := bytes.Clone(*of(&honest))
				b[i] ^= 1 << bit
				*of(&changed) = b
				if len(wrong(verify.Check(changed, r.key(), nil))) == 1 {
					t.Fatalf("%s: bit %d of byte %d is flipped and nothing noticed", name, bit, i)
				}
			}
			changed := honest
			*of(&changed) = (*of(&honest))[:i]
			if len(wrong(verify.Check(changed, r.key(), nil))) == 1 {
				t.Fatalf("%s is cut at byte %d and nothing noticed", name, i)
			}
		}
	}
}
