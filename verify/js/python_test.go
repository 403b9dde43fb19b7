//go:build python

package js

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/tallystick/tallystick/verify"
	"github.com/tallystick/tallystick/verify/bundle"
)

// These tests need python3, version 3.11 or later, in the path; .ci/run builds them with -tags python. They hold the
// verifier in interop, which was written from the specification, against the one in Go.

const interop = "../../interop"

// driver checks bundles as the verifier in Python does: its argument is the folder of that, its input are jobs in JSON.
const driver = `
import json, sys
sys.path.insert(0, sys.argv[1])
import verify
for job in json.load(sys.stdin):
    whole, policy = open(job["file"], "rb").read(), job["policy"].encode() or None
    for keep, put, skip in job["edits"] or [[0, "", 0]]:
        lines = verify.verify(whole[:keep] + bytes.fromhex(put) + whole[skip:], job["key"], policy)
        print(json.dumps(dict(code=verify.exit_status(lines), lines=lines)))
`

// task is a bundle, and changes of it: bytes that are kept, hex that follows, and where it goes on.
type task struct {
	File   string   `json:"file"`
	Key    string   `json:"key"`
	Policy string   `json:"policy"`
	Edits  [][3]any `json:"edits"`
}

// spoken is what the verifier in Python says of one bundle: status, figure, check and words of each line.
type spoken struct {
	Code  int         `json:"code"`
	Lines [][4]string `json:"lines"`
}

func python(t *testing.T, in []byte, args ...string) []byte {
	t.Helper()
	if _, err := exec.LookPath("python3"); err != nil {
		t.Fatal("python3 is not in the path: install it (apt-get install python3), or leave the tag python away")
	}
	cmd := exec.Command("python3", args...)
	var errs bytes.Buffer
	cmd.Stdin, cmd.Stderr, cmd.Env = bytes.NewReader(in), &errs, append(os.Environ(), "PYTHONDONTWRITEBYTECODE=1")
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("python3 %.60q: %v\n%s%s", args, err, out, errs.Bytes())
	}
	return out
}

// results has the verifier in Python do tasks; one result an edit, or one where there is none.
func results(t *testing.T, tasks []task) (list []spoken) {
	t.Helper()
	in, err := json.Marshal(tasks)
	if err != nil {
		t.Fatal(err)
	}
	out := json.NewDecoder(bytes.NewReader(python(t, in, "-c", driver, interop)))
	for out.More() {
		var s spoken
		if err := out.Decode(&s); err != nil {
			t.Fatal(err)
		}
		list = append(list, s)
	}
	return list
}

// checks are the lines of both: what Go says, and Python's short name for it. A name that ends in a space is followed
// by the round. Go's line of the statements of other bundles, which is always true, has none.
var checks = []struct {
	what *regexp.Regexp
	name string
}{
	{regexp.MustCompile(`^the bundle is well formed$`), "bundle"},
	{regexp.MustCompile(`^the bundle is whole: as the ledger's key signed it$`), "whole"},
	{regexp.MustCompile(`^the ledger in the bundle is well formed$`), "ledger"},
	{regexp.MustCompile(`^all \d+ checkpoints are signed`), "signatures"},
	{regexp.MustCompile(`^witnesses of your policy`), "times"},
	{regexp.MustCompile(`^who logged a key of tags`), "keys"},
	{regexp.MustCompile(`^figures$`), "figures"},
	{regexp.MustCompile(`^\d+ statements of the ledger are of other bundles`), ""},
	{regexp.MustCompile(`^audits of those, as far as the ledger tells$`), "elsewhere"},
	{regexp.MustCompile(`^the statement agrees`), "statement"},
	{regexp.MustCompile(`^when the rule was logged$`), "rule"},
	{regexp.MustCompile(`^the tags are published`), "tags"},
	{regexp.MustCompile(`^audit of round (\d+):`), "round "},
	{regexp.MustCompile(`^countries of the rows opened in round (\d+), looked up again$`), "places "},
	{regexp.MustCompile(`^overlap .*: its bundle$`), "overlap"},
}

// told are numbers that both print, each in its words: of rounds, rules, and the ends of opened rows.
var told = []*regexp.Regexp{
	regexp.MustCompile(`at least (\d+ of \d+)`),
	regexp.MustCompile(`(?:days and countries of this|rules that it meets): (\d+)`),
	regexp.MustCompile(`(?:ends placed by|rest on) tables: (\d+)`),
	regexp.MustCompile(`(?:by the word of their sensors|on declarations): (\d+)`),
}

func numbers(words string) (list []string) {
	for _, r := range told {
		if m := r.FindStringSubmatch(words); m != nil {
			list = append(list, m[1])
		}
	}
	return list
}

// among is how Go says what a figure is worth as one among all that it meets, and where Python has it.
var among = regexp.MustCompile(`at least (\d+), at the level [^,]*, counted as attempt (\d+) among`)

var statuses = map[verify.Status]string{verify.True: "true", verify.False: "false", verify.Malformed: "malformed", verify.NotChecked: "NOT CHECKED"}

// disagree says how the two differ: in what is checked, what came out, the numbers that are told, or the exit status.
// Python never looks places up.
func disagree(want *bundle.Result, got spoken) string {
	var inGo, inPython []string
	r := &bundle.Result{Lines: slices.Clone(want.Lines)}
	for i := range r.Lines {
		l := &r.Lines[i]
		at := slices.IndexFunc(checks, func(c struct {
			what *regexp.Regexp
			name string
		}) bool {
			return c.what.MatchString(l.What)
		})
		if at < 0 {
			return fmt.Sprintf("Go alone checks %q", l.What)
		}
		name := checks[at].name
		if m := checks[at].what.FindStringSubmatch(l.What); len(m) > 1 {
			name += m[1]
		}
		if name == "" {
			continue
		}
		list := numbers(l.Found + " " + l.Proves)
		if at := len(inGo); l.Status == verify.NotChecked && at < len(got.Lines) {
			list = nil
			got.Lines[at][3] = ""
		}
		if strings.HasPrefix(name, "places ") {
			l.Status = verify.NotChecked
		}
		inGo = append(inGo, fmt.Sprintf("%s: %s: %s %v", statuses[l.Status], l.Figure, name, list))
	}
	var all strings.Builder
	for _, l := range got.Lines {
		all.WriteString(l[3])
		inPython = append(inPython, fmt.Sprintf("%s: %s: %s %v", l[0], l[1], l[2], numbers(l[3])))
	}
	if !slices.Equal(inGo, inPython) || r.ExitCode() != got.Code {
		return fmt.Sprintf("Go, exit status %d:\n\t%s\nPython, exit status %d:\n\t%s\n%v", r.ExitCode(), strings.Join(inGo, "\n\t"), got.Code, strings.Join(inPython, "\n\t"), got.Lines)
	}
	for _, s := range want.Sentences {
		if m := among.FindStringSubmatch(s); m != nil && !strings.Contains(all.String(), fmt.Sprintf("at least %s as attempt %s among", m[1], m[2])) {
			return fmt.Sprintf("Go says %s\nPython: %v", s, got.Lines)
		}
	}
	return ""
}

// varying are numbers, digests and quoted words, and addresses.
var varying = regexp.MustCompile(`"[^"]*"|[0-9a-f:.]*[0-9][0-9a-f:.]*`)

func TestPythonVectors(t *testing.T) {
	out := python(t, nil, filepath.Join(interop, "vectors.py"), "../../doc/proof/vectors")
	tried := 0
	for line := range strings.Lines(string(out)) {
		var ok, of int
		if _, err := fmt.Sscanf(line[strings.Index(line, ": ")+2:], "%d of %d", &ok, &of); err != nil || ok != of {
			t.Errorf("%s: %v", line, err)
		}
		tried += of
	}
	if tried < 520 {
		t.Errorf("%d cases were tried", tried)
	}
}

// policyDriver says which texts of a list are policies.
const policyDriver = `
import json, sys
sys.path.insert(0, sys.argv[1])
import verify
def taken(text):
    try: return bool(verify.Policy(text.encode()))
    except verify.Malformed: return False
print(json.dumps([taken(text) for text in json.load(sys.stdin)]))
`

// TestPythonPolicies: what is a policy, both say alike.
func TestPythonPolicies(t *testing.T) {
	taken(t, func(texts []string) (are []bool) {
		in, err := json.Marshal(texts)
		if err == nil {
			err = json.Unmarshal(python(t, in, "-c", policyDriver, interop), &are)
		}
		if err != nil {
			t.Fatal(err)
		}
		return are
	})
}

// compare has both check worlds.
func compare(t *testing.T, worlds []*world) {
	t.Helper()
	dir := t.TempDir()
	var tasks []task
	var wants []*bundle.Result
	codes := map[int]int{}
	for i, w := range worlds {
		b := w.pack()
		g := task{File: filepath.Join(dir, fmt.Sprint(i)), Key: w.key, Policy: w.policy}
		if err := os.WriteFile(g.File, b, 0o600); err != nil {
			t.Fatal(err)
		}
		want := checked(t, b, g.Key, g.Policy)
		codes[want.ExitCode()]++
		tasks, wants = append(tasks, g), append(wants, want)
	}
	for i, got := range results(t, tasks) {
		if d := disagree(wants[i], got); d != "" {
			t.Errorf("world %d: %s", i, d)
		}
	}
	t.Logf("%d worlds, exit codes of Go %v", len(worlds), codes)
}

// TestPythonWorlds: on bundles of random publishers, honest or not, Python and Go say the same. Of many worlds those are
// taken of which Go says what it said of none before.
func TestPythonWorlds(t *testing.T) {
	var worlds []*world
	heard := map[string]bool{}
	for seed := range uint64(400) {
		w := newWorld(t, seed)
		w.live()
		if w.chance(4) {
			w.tamper()
		}
		news := false
		r := checked(t, w.pack(), w.key, w.policy)
		for _, l := range r.Lines {
			words := varying.ReplaceAllString(l.Found, "")
			news, heard[words] = news || !heard[words], true
		}
		for _, s := range r.Sentences {
			at := strings.Contains(s, "counted as attempt")
			news, heard["among"] = news || at && !heard["among"], at || heard["among"]
		}
		if news || seed < 50 {
			worlds = append(worlds, w)
		}
	}
	compare(t, worlds)
}

// TestPythonSlips: two publishers whose audits are true make each mistake in its turn, and nothing else.
func TestPythonSlips(t *testing.T) {
	var worlds []*world
	made := func(seed uint64, only int) *world {
		w := newWorld(t, seed)
		w.honest, w.only = true, only
		w.live()
		return w
	}
	for seed, found := uint64(0), 0; found < 2; seed++ {
		w := made(seed, 0)
		r := checked(t, w.pack(), w.key, w.policy)
		if r.ExitCode() == 1 || !slices.ContainsFunc(r.Lines, func(l bundle.Line) bool {
			return l.Status == verify.True && strings.HasPrefix(l.What, "audit") && strings.HasPrefix(l.Found, "all ")
		}) {
			continue
		}
		found++
		for only := range w.slips + 1 {
			worlds = append(worlds, made(seed, only))
		}
	}
	compare(t, worlds)
}

// TestPythonEdits flips bits of the bundle in which all is true, cuts it off, and asks with less trust.
func TestPythonEdits(t *testing.T) {
	path, b, key, policy := small(t)
	tasks := []task{{File: path, Key: key, Policy: policy}, {File: path, Key: key}, {File: path, Policy: policy}, {File: path},
		{File: path, Key: "k+00000000+AA==", Policy: policy}}
	var changed [][]byte
	for range tasks {
		changed = append(changed, b)
	}
	edits := task{File: path, Key: key, Policy: policy}
	add := func(keep int, put []byte, skip int) {
		edits.Edits = append(edits.Edits, [3]any{keep, hex.EncodeToString(put), skip})
		changed = append(changed, slices.Concat(b[:keep], put, b[skip:]))
	}
	for i := 0; i < len(b); i += len(b)/150 + i%13 {
		add(i, []byte{b[i] ^ 1<<(i%8)}, i+1)
	}
	for n := 0; n < len(b); n += len(b) / 9 {
		add(n, nil, len(b))
	}
	for i := range 347 { // of the first header, its sum made good
		header := bytes.Clone(b[:512])
		switch header[i] = []byte{0, ' ', '0', '7', 'x', 0xff}[i%6]; i {
		case 345:
			header[i], header[500] = b[i], 'x'
		case 346:
			header[i] = b[i]
			copy(header[508:], "tar") // the magic of star
		}
		sum := 8 * int(' ')
		for at, x := range header {
			if at < 148 || at >= 156 {
				sum += int(x)
			}
		}
		copy(header[148:156], fmt.Sprintf("%06o\x00 ", sum))
		if checked(t, slices.Concat(header, b[512:]), "", "").Lines[0].Status == verify.Malformed {
			add(0, header, 512)
		}
	}
	got := results(t, append(tasks, edits))
	if len(got) != len(changed) {
		t.Fatalf("%d results of %d bundles", len(got), len(changed))
	}
	codes := map[int]int{}
	for i := range changed {
		g := edits
		if i < len(tasks) {
			g = tasks[i]
		}
		want := checked(t, changed[i], g.Key, g.Policy)
		codes[want.ExitCode()]++
		if d := disagree(want, got[i]); d != "" {
			t.Errorf("bundle %d: %s", i, d)
		}
	}
	t.Logf("%d bundles, exit codes of Go %v", len(got), codes)
}
