package witness

import (
	"strings"
	"testing"
	"time"

	fnote "github.com/transparency-dev/formats/note"
	"golang.org/x/mod/sumdb/note"

	"github.com/tallystick/tallystick/internal/durable/durabletest"
	"github.com/tallystick/tallystick/internal/policy"
)

const sofa = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n" // C2SP tlog-cosignature

// TestCosignatures: package formats reads ours, and we read what it makes of our key.
func TestCosignatures(t *testing.T) {
	w := newWitness(t, durabletest.New())
	at := time.Unix(1_679_315_147, 0)
	line := w.cosigner.Line(sofa, at)
	if got := cosigned(t, w, []byte(sofa+"\n"), line); !got.Equal(at) {
		t.Errorf("time %v", got)
	}
	theirs, err := fnote.NewSignerForCosignatureV1(w.cosigner.secret())
	if err != nil || theirs.Name() != witnessName || theirs.KeyHash() != policy.KeyID(witnessName, w.cosigner.public()) {
		t.Fatalf("their signer of our key: %+v %v", theirs, err)
	}
	signed, err := note.Sign(&note.Note{Text: sofa}, theirs)
	if err != nil {
		t.Fatal(err)
	}
	p := peer(t, w.VerifierKey(), "")
	got, err := Cosignatures(sofa, []byte(lastLine(signed)), p.Verifier)
	if err != nil || len(got) != 1 || string(got[0]) != lastLine(signed) {
		t.Errorf("%q %v", got, err)
	}
}

// TestCosignaturesChosen: of an answer only good lines by keys that were named are taken.
// (Attack table 4b: "invented witnesses".)
func TestCosignaturesChosen(t *testing.T) {
	w := newWitness(t, durabletest.New())
	p := peer(t, w.VerifierKey(), "")
	invented, err := newCosigner("invented.example", zeros{})
	if err != nil {
		t.Fatal(err)
	}
	namesake, err := newCosigner(witnessName, zeros{})
	if err != nil {
		t.Fatal(err)
	}
	at := time.Unix(1_700_000_000, 0)
	good := string(w.cosigner.Line(sofa, at))
	for name, c := range map[string]struct {
		answer string
		want   int // -1: refused
	}{
		"none":                         {"", 0},
		"good":                         {good, 1},
		"good twice":                   {good + good, 2},
		"of an invented witness":       {string(invented.Line(sofa, at)), 0},
		"of a namesake":                {string(namesake.Line(sofa, at)), 0},
		"good among others":            {string(invented.Line(sofa, at)) + good, 1},
		"of another checkpoint":        {string(w.cosigner.Line(strings.Replace(sofa, "3\n", "4\n", 1), at)), -1},
		"of 1970":                      {string(w.cosigner.Line(sofa, time.Unix(0, 0))), -1},
		"of a time before 1970":        {string(w.cosigner.Line(sofa, time.Unix(-1, 0))), -1},
		"without line end":             {strings.TrimSuffix(good, "\n"), -1},
		"with carriage return":         {strings.TrimSuffix(good, "\n") + "\r\n", -1},
		"no signature line":            {"thank you\n" + good, -1},
		"a note":                       {sofa + "\n" + good, -1},
		"a signature line cut in half": {good[:60] + "\n", -1},
	} {
		got, err := Cosignatures(sofa, []byte(c.answer), p.Verifier)
		if (err != nil) != (c.want < 0) || err == nil && len(got) != c.want {
			t.Errorf("%s: %q %v", name, got, err)
		}
	}
}

// zeros is a source of one key.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// TestMLDSA: cosignatures by witnesses with other keys are taken too.
func TestMLDSA(t *testing.T) {
	skey, vkey, err := fnote.GenerateMLDSAKey("pq.example")
	if err != nil {
		t.Fatal(err)
	}
	s, err := fnote.NewMLDSASigner(skey)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := note.Sign(&note.Note{Text: sofa}, s)
	if err != nil {
		t.Fatal(err)
	}
	p := peer(t, vkey, "")
	if got, err := Cosignatures(sofa, []byte(lastLine(signed)), p.Verifier); err != nil || len(got) != 1 {
		t.Errorf("%d lines, %v", len(got), err)
	}
}
