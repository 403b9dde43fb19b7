package bundle

import (
	"bytes"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// small is a bundle in which everything is checked and true (internal/publish,
// TestSmallBundle -update), with the trust that it needs.
func small(t testing.TB) ([]byte, Trust) {
	t.Helper()
	read := func(name string) []byte {
		b, err := os.ReadFile("testdata/small." + name)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	trust, err := ParseTrust(string(read("key")), read("policy"))
	if err != nil {
		t.Fatal(err)
	}
	return read("tar"), trust
}

func checked(b []byte, trust Trust) *Result { return Check(bytes.NewReader(b), int64(len(b)), trust) }

// when is the part of a sentence that a cosignature less makes weaker.
var when = regexp.MustCompile(`; the rule was logged (LATE, \d+ seconds after|before) the window opened`)

// claims are the sentences of a result without their dates: a line that a witness no
// longer stands behind is as if it were not there, and leaves a weaker claim that is true.
func claims(r *Result) []string {
	var list []string
	for _, s := range r.Sentences {
		list = append(list, when.ReplaceAllString(s, ""))
	}
	return list
}

func TestSmall(t *testing.T) {
	b, trust := small(t)
	if r := checked(b, trust); r.ExitCode() != 0 || len(r.Sentences) != 3 {
		t.Errorf("exit code %d, sentences %q", r.ExitCode(), r.Sentences)
	}
}

// TestFlippedBytes: a bundle with any byte changed is not true, or says what it said.
func TestFlippedBytes(t *testing.T) {
	whole, trust := small(t)
	want := claims(checked(whole, trust))
	b := slices.Clone(whole)
	same := 0
	for i := 0; i < len(b); i += stride {
		b[i] ^= 1 << (i % 8)
		r := checked(b, trust)
		if r.ExitCode() == 0 {
			same++
			if got := claims(r); !slices.Equal(got, want) {
				t.Errorf("byte %d: %q", i, got)
			}
		}
		b[i] = whole[i]
	}
	if same == 0 || same > len(b)/stride*3/4 {
		t.Errorf("%d of %d flips changed nothing: only what nobody reads should", same, len(b)/stride)
	}
}

// TestTorn: a bundle cut off anywhere is malformed, unless only the end mark is cut off.
func TestTorn(t *testing.T) {
	whole, trust := small(t)
	end := len(bytes.TrimRight(whole, "\x00"))
	for n := 0; n < end; n += stride {
		if r := checked(whole[:n], trust); r.ExitCode() != 2 && r.ExitCode() != 1 {
			t.Errorf("cut off at %d: exit code %d", n, r.ExitCode())
		}
	}
}

// TestPrintsNothingForeign: what a terminal would act on is never printed.
func TestPrintsNothingForeign(t *testing.T) {
	r := &Result{Sentences: []string{"a\x1b[2Jb\u202ec"}}
	var b strings.Builder
	if err := r.Print(&b, false); err != nil || strings.ContainsAny(b.String(), "\x1b\u202e") {
		t.Errorf("%q, %v", b.String(), err)
	}
}

// FuzzBundle: no bundle makes Check panic, whoever is trusted.
func FuzzBundle(f *testing.F) {
	b, trust := small(f)
	f.Add(b)
	f.Add([]byte{})
	f.Add(b[:1024])
	f.Fuzz(func(t *testing.T, b []byte) {
		r := checked(b, trust)
		if len(r.Lines) == 0 {
			t.Error("nothing is said of the bundle")
		}
		if err := r.Print(new(strings.Builder), false); err != nil {
			t.Error(err)
		}
		checked(b, Trust{})
	})
}

// FuzzOpened: no file of openings makes CheckBeside panic.
func FuzzOpened(f *testing.F) {
	b, trust := small(f)
	opened, err := os.ReadFile("testdata/small.open")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(opened)
	f.Add([]byte("tally-open/v1\n"))
	f.Fuzz(func(t *testing.T, opened []byte) {
		if r := CheckBeside(bytes.NewReader(b), int64(len(b)), trust, Beside{Opened: opened}); len(r.Lines) == 0 {
			t.Error("nothing is said")
		}
	})
}

func BenchmarkSmall(b *testing.B) {
	file, trust := small(b)
	b.SetBytes(int64(len(file)))
	b.ReportAllocs()
	for b.Loop() {
		checked(file, trust)
	}
}
