//go:build node

package js

import (
	"archive/tar"
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
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

// These tests need node, version 20 or later, in the path; .ci/run builds them with -tags node.

// job is what testdata/driver.js is asked.
type job struct {
	Vectors  string   `json:"vectors,omitempty"`
	Limit    int      `json:"limit,omitempty"`
	Bench    int      `json:"bench,omitempty"` // tags
	Opened   int      `json:"openings,omitempty"`
	Policies []string `json:"policies,omitempty"`
	Bundles  []given  `json:"bundles,omitempty"`
	Bundle   string   `json:"bundle,omitempty"`
	Edits    [][3]any `json:"edits,omitempty"` // keep, hex, skip
	Key      string   `json:"key"`
	Policy   string   `json:"policy"`
}

// outcome is what verify.js says of a bundle.
type outcome struct {
	Thrown    string   `json:"thrown"` // what must never be
	Code      int      `json:"code"`
	Lines     []line   `json:"lines"`
	Sentences []string `json:"sentences"`
}

type line struct {
	Figure string `json:"figure"`
	What   string `json:"what"`
	Status string `json:"status"`
	Found  string `json:"found"`
}

// script writes verify.js and returns where.
func script(t testing.TB) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "verify.js")
	if err := os.WriteFile(path, []byte(Source()), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestProgram runs verify.js as its users do.
func TestProgram(t *testing.T) {
	path, b, key, _ := small(t)
	policy := strings.TrimSuffix(path, "tar") + "policy"
	broken := filepath.Join(t.TempDir(), "broken.tar")
	at := bytes.LastIndex(b, []byte("tags.bin\x00")) / 512 * 512
	b[at+512] ^= 1 // the first byte of tags.bin
	if err := os.WriteFile(broken, b, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"--key", key, "--policy", policy, path}, 2, "drand/1000 is the public beacon's signature"},
		{[]string{"--policy", policy, "--key", key, broken}, 2, "MALFORMED    the bundle is whole"},
		{[]string{"--policy", policy, broken}, 1, "FALSE        "},
		{[]string{path}, 2, "no key"},
		{[]string{"--key", key}, 2, "usage: node verify.js"},
		{nil, 2, "usage: node verify.js"},
		{[]string{"nothing"}, 2, "verify.js: ENOENT"},
	} {
		out, err := exec.Command("node", append([]string{script(t)}, c.args...)...).CombinedOutput()
		var exit *exec.ExitError
		if !errors.As(err, &exit) || exit.ExitCode() != c.code || !strings.Contains(string(out), c.says) {
			t.Errorf("%q: %v, want exit code %d and %q:\n%s", c.args, err, c.code, c.says, out)
		}
	}
}

// node has the driver do a job.
func node(t testing.TB, j job, result any) {
	t.Helper()
	in, err := json.Marshal(j)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("node", filepath.Join("testdata", "driver.js"), script(t))
	cmd.Stdin, cmd.Stderr = bytes.NewReader(in), os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("node: %v", err)
	}
	if err := json.Unmarshal(out, result); err != nil {
		t.Fatalf("node wrote %.300q: %v", out, err)
	}
}

func TestVectors(t *testing.T) {
	var r struct {
		Wrong []string `json:"wrong"`
		Made  int      `json:"made"`
	}
	node(t, job{Vectors: filepath.Join("..", "..", "doc", "proof", "vectors"), Limit: 1000}, &r)
	for _, w := range r.Wrong {
		t.Error(w)
	}
	if r.Made < 600 {
		t.Errorf("%d cases were tried", r.Made)
	}
}

// What only one of the two says.
var (
	notInJS     = regexp.MustCompile(`^countries of the rows opened in round \d+, looked up again$`)
	notInGo     = regexp.MustCompile(`^drand/\d+ is the public beacon's signature$`)
	beaconNote  = " The draw is not checked here: see drand above."
	digits      = regexp.MustCompile(`\d+`)
	badOfDrawn  = regexp.MustCompile(`^\d+ of \d+ could not be shown`)
	statusWords = []string{"true", "FALSE", "MALFORMED", "NOT CHECKED"}
)

// differ says how two results differ in what both check: the lines with their status, what a
// true line found, how many openings are bad, and the sentences; "" where they agree.
func differ(want *bundle.Result, got outcome) string {
	if got.Thrown != "" {
		return got.Thrown
	}
	var goLines, jsLines []string
	for _, l := range want.Lines {
		if notInJS.MatchString(l.What) {
			l.Status, l.Found = verify.NotChecked, ""
		}
		goLines = append(goLines, compared(l.Figure, l.What, l.Status.String(), l.Found))
	}
	code := 0
	for _, l := range got.Lines {
		if notInGo.MatchString(l.What) {
			if l.Status != "NOT CHECKED" {
				return "says of the beacon " + l.Status
			}
			continue
		}
		if s := slices.Index(statusWords, l.Status); code != 1 && s > 0 {
			code = min(s, 2)
		}
		jsLines = append(jsLines, compared(l.Figure, l.What, l.Status, l.Found))
	}
	if !slices.Equal(goLines, jsLines) {
		return fmt.Sprintf("Go:\n\t%s\nJavaScript:\n\t%s", strings.Join(goLines, "\n\t"), strings.Join(jsLines, "\n\t"))
	}
	var sentences []string
	for _, s := range got.Sentences {
		sentences = append(sentences, strings.TrimSuffix(s, beaconNote))
	}
	if !slices.Equal(want.Sentences, sentences) {
		return fmt.Sprintf("Go %q, JavaScript %q", want.Sentences, sentences)
	}
	if code == 0 && got.Code != 0 && got.Code != 2 || code != 0 && got.Code != code {
		return fmt.Sprintf("exit code %d", got.Code)
	}
	return ""
}

func compared(figure, what, status, found string) string {
	switch status {
	case "true":
	case "FALSE":
		found = badOfDrawn.FindString(found)
	default:
		found = ""
	}
	return fmt.Sprintf("%-11s %s: %s: %s", status, figure, what, found)
}

func TestSmallBundle(t *testing.T) {
	path, b, key, policy := small(t)
	var r []outcome
	node(t, job{Bundles: []given{{path, key, policy}, {path, key, ""}, {path, "", policy}, {path, "", ""}, {path, "k+00000000+AA==", policy}}}, &r)
	for i, trust := range [][2]string{{key, policy}, {key, ""}, {"", policy}, {"", ""}, {"k+00000000+AA==", policy}} {
		if d := differ(checked(t, b, trust[0], trust[1]), r[i]); d != "" {
			t.Errorf("trust %q: %s", trust, d)
		}
	}
}

// edits are changes of one bundle.
type edits struct {
	whole   []byte
	list    [][3]any
	changed [][]byte
}

// add keeps bytes, puts others behind them, and then all from skip on.
func (e *edits) add(keep int, put []byte, skip int) {
	e.list = append(e.list, [3]any{keep, hex.EncodeToString(put), skip})
	e.changed = append(e.changed, slices.Concat(e.whole[:keep], put, e.whole[skip:]))
}

// check fails where the two differ in any change of the bundle at the path.
func (e *edits) check(t *testing.T, path, key, policy string) {
	t.Helper()
	var r []outcome
	node(t, job{Bundle: path, Edits: e.list, Key: key, Policy: policy}, &r)
	codes := map[int]int{}
	for i, b := range e.changed {
		codes[r[i].Code]++
		if d := differ(checked(t, b, key, policy), r[i]); d != "" {
			t.Errorf("edit %.80q: %s", fmt.Sprint(e.list[i]), d)
		}
	}
	t.Logf("%d edits; exit codes %v", len(e.list), codes)
}

// TestFlips flips bits of the small bundle, each in its turn, and cuts it off.
func TestFlips(t *testing.T) {
	path, b, key, policy := small(t)
	e := edits{whole: b}
	for i := 0; i < len(b); i += 89 + i%13 {
		e.add(i, []byte{b[i] ^ 1<<(i%8)}, i+1)
	}
	for n := 0; n < len(b); n += 4001 {
		e.add(n, nil, len(b))
	}
	e.check(t, path, key, policy)
	e.check(t, path, "", policy) // who brings no key sees what is false, whoever's doing it is
}

// TestHeaders changes every byte of a header in an archive that holds no ledger: whether it
// is an archive is all that is asked.
func TestHeaders(t *testing.T) {
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	err := w.WriteHeader(&tar.Header{Name: "checkpoint", Mode: 0o644, Size: 3, Format: tar.FormatUSTAR})
	if _, e := w.Write([]byte("abc")); err != nil || e != nil || w.Close() != nil {
		t.Fatal(err, e)
	}
	path := filepath.Join(t.TempDir(), "empty.tar")
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	e := edits{whole: b.Bytes()}
	for i := range 512 {
		for _, x := range []byte{0, ' ', '0', '7', 'x', 0xff} {
			header := bytes.Clone(e.whole[:512])
			header[i] = x
			e.add(0, bytes.Clone(header), 512)
			resum(header)
			e.add(0, header, 512)
		}
	}
	for n := range e.whole {
		e.add(n, nil, len(e.whole))
	}
	e.check(t, path, "", "")
}

// resum writes the checksum of a header.
func resum(header []byte) {
	copy(header[148:156], "        ")
	sum := 0
	for _, x := range header {
		sum += int(x)
	}
	copy(header[148:156], fmt.Sprintf("%06o\x00 ", sum))
}

// TestPolicies: what is a policy, both say alike.
func TestPolicies(t *testing.T) {
	taken(t, func(texts []string) (are []bool) {
		node(t, job{Policies: texts}, &are)
		return are
	})
}

// TestWorlds: on bundles of random publishers, honest or not, both say the same.
func TestWorlds(t *testing.T) {
	dir := t.TempDir()
	var j job
	var bundles [][]byte
	for seed := range uint64(400) {
		w := newWorld(t, seed)
		w.live()
		if w.chance(4) {
			w.tamper()
		}
		b := w.pack()
		g := given{filepath.Join(dir, fmt.Sprint(seed)), w.key, w.policy}
		switch w.rng.IntN(12) {
		case 0:
			g.Key = ""
		case 1:
			b[w.rng.IntN(len(b))] ^= 1 // on its way
		}
		if err := os.WriteFile(g.File, b, 0o600); err != nil {
			t.Fatal(err)
		}
		j.Bundles, bundles = append(j.Bundles, g), append(bundles, b)
	}
	var r []outcome
	node(t, j, &r)
	codes, lines := map[int]int{}, map[string]int{}
	for i, g := range j.Bundles {
		want := checked(t, bundles[i], g.Key, g.Policy)
		codes[want.ExitCode()]++
		for _, l := range want.Lines {
			lines[l.Status.String()+" "+digits.ReplaceAllString(l.What, "n")]++
		}
		if d := differ(want, r[i]); d != "" {
			t.Errorf("world %d: %s", i, d)
		}
		for _, s := range seldom {
			if strings.Contains(said(want), s) {
				lines[s]++
			}
		}
	}
	t.Logf("exit codes %v, lines %v", codes, lines)
	for _, s := range seldom {
		if lines[s] == 0 {
			t.Errorf("no world says %q", s)
		}
	}
}

// seldom is what some world must say, or it was not compared.
var seldom = []string{"LONG", "counted as attempt ", "audits asked: 2", "the ledger states it again later", "placed by the word of their own sensors",
	"audits of those, as far as the ledger tells answered: 1 ", "supersedes no earlier statement", "calls 1 members bad", "has another one", "where its sensor was not declared to be", "places of a %22b%25%C5%BEcccc"}

// said is all that a result says, in one text.
func said(r *bundle.Result) string {
	var b strings.Builder
	for _, l := range r.Lines {
		b.WriteString(l.What + " " + l.Found + "\n")
	}
	return b.String() + strings.Join(r.Sentences, "\n")
}

// BenchmarkNode times, in milliseconds, the trie's root over 300,000 tags, reading 1,000
// points, and an audit of 299: hashing its members, and its proof.
func BenchmarkNode(b *testing.B) {
	for b.Loop() {
		var r map[string]float64
		node(b, job{Bench: 300_000, Opened: 299}, &r)
		for what, ms := range r {
			b.ReportMetric(ms, what+"-ms")
		}
	}
}
