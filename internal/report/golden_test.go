package report

import (
	"bytes"
	"context"
	"flag"
	"io"
	"os"
	"path/filepath"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func madeReport(t testing.TB, request Request) *Report {
	t.Helper()
	r, err := Build(context.Background(), madeEngine(), madeEvidence(), request)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// noScript stands in golden pages for verify.js, which page_test.go finds in the real ones.
const noScript = "// Here stands verify.js, whatever it is by now.\n"

// writers are the three forms of a report, by the ending of their golden file.
func writers(r *Report) map[string]func(io.Writer) error {
	return map[string]func(io.Writer) error{".html": r.WriteHTML, ".json": r.WriteJSON, ".csv": r.WriteCSV}
}

func TestGolden(t *testing.T) {
	for name, request := range map[string]Request{
		"pair": {Window: testWindow, By: us, On: cn},
		"all":  {Window: testWindow},
	} {
		r := madeReport(t, request)
		forms := writers(r)
		forms[".html"] = func(w io.Writer) error { return r.writePage(w, noScript) }
		for ending, write := range forms {
			if name == "all" && ending == ".json" {
				continue // the page and the table say the same of it
			}
			t.Run(name+ending, func(t *testing.T) {
				var got bytes.Buffer
				if err := write(&got); err != nil {
					t.Fatal(err)
				}
				compare(t, filepath.Join("testdata", name+ending), got.Bytes())
			})
		}
	}
}

func compare(t *testing.T, path string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		at := 0
		for at < min(len(got), len(want)) && got[at] == want[at] {
			at++
		}
		t.Errorf("%s differs at byte %d:\n got …%.200s\nwant …%.200s", path, at, got[at:], want[at:])
	}
}

// TestWriteFails shows that no form swallows the error of its writer.
func TestWriteFails(t *testing.T) {
	for ending, write := range writers(madeReport(t, Request{Window: testWindow, By: us, On: cn})) {
		if err := write(brokenWriter{}); err == nil {
			t.Errorf("%s: no error from a writer that fails", ending)
		}
	}
}

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, io.ErrShortWrite }
