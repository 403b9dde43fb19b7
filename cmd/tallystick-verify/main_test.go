package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tallystick/tallystick/verify/js"
)

const data = "../../verify/bundle/testdata/small"

// TestHandsOut: the second verifier comes out as it is, alone and in a page.
func TestHandsOut(t *testing.T) {
	for flag, want := range map[string]string{"-js": js.Source(), "-page": js.Page()} {
		var out, errs bytes.Buffer
		if code := run([]string{flag}, &out, &errs); code != 0 || out.String() != want || errs.Len() > 0 {
			t.Errorf("%s: exit code %d, %d bytes, want %d: %s", flag, code, out.Len(), len(want), errs.String())
		}
	}
	var errs bytes.Buffer
	if code := run([]string{"-js"}, full{}, &errs); code != 2 || !strings.Contains(errs.String(), "short write") {
		t.Errorf("nowhere to write: exit code %d: %s", code, errs.String())
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, io.ErrShortWrite }

// TestExitCodes: 0 all true, 1 something false, 2 malformed, not checked, or wrong usage.
func TestExitCodes(t *testing.T) {
	key, err := os.ReadFile(data + ".key")
	if err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(data + ".tar")
	if err != nil {
		t.Fatal(err)
	}
	broken := filepath.Join(t.TempDir(), "broken.tar")
	at := bytes.LastIndex(whole, []byte("tags.bin\x00")) / 512 * 512
	whole[at+512] ^= 1 // the first byte of tags.bin
	if err := os.WriteFile(broken, whole, 0o600); err != nil {
		t.Fatal(err)
	}
	trusted := []string{"-key", strings.TrimSpace(string(key)), "-policy", data + ".policy"}
	for _, c := range []struct {
		args []string
		code int
		says string
	}{
		{append(trusted, data+".tar"), 0, "by US, on CN, 2014-03-19 to 2014-03-28; at least"},
		{append(trusted, "-openings", data+".open", data+".tar"), 0, "are opened"},
		{append(trusted, "-openings", data+".key", data+".tar"), 2, "MALFORMED"},
		{append(trusted, broken), 2, "its files are not those that were signed"},
		{append(trusted[2:], broken), 1, "tags.bin is not the file of the statement"},
		{[]string{data + ".tar"}, 2, "NOT CHECKED"},
		{append(trusted, data+".key"), 2, "MALFORMED"},
		{append(trusted, "nothing"), 2, "no such file"},
		{append(trusted[:3:3], "nothing", data+".tar"), 2, "no such file"},
		{append(trusted[:3:3], data+".tar", data+".tar"), 2, "policy"},
		{nil, 2, "usage"},
		{[]string{"-nothing"}, 2, "usage"},
		{[]string{"-h"}, 0, "usage"},
		{[]string{"-js", data + ".tar"}, 2, "usage"},
		{[]string{"-js", "-page"}, 2, "usage"},
		{[]string{"-js", "-key", "k", data + ".tar"}, 2, "usage"},
	} {
		var out, errs bytes.Buffer
		if code := run(c.args, &out, &errs); code != c.code || !strings.Contains(out.String()+errs.String(), c.says) {
			t.Errorf("%q: exit code %d, want %d and %q:\n%s%s", c.args, code, c.code, c.says, out.String(), errs.String())
		}
	}
}
