package scenario

import (
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	ts "github.com/tallystick/tallystick"
)

// small is a scenario that is written in a moment.
func small() Scenario { return Scenario{Scale: 0.002} }

func written(t *testing.T, s Scenario) string {
	t.Helper()
	dir := t.TempDir()
	if err := s.Write(dir, nil); err != nil {
		t.Fatal(err)
	}
	return dir
}

// TestHeadlineIsTheStatement: at scale 1 the planted numbers are those of May 2014.
func TestHeadlineIsTheStatement(t *testing.T) {
	truth := Scenario{Scale: 1}.Truth()
	want := map[string]uint64{
		"control.servers": 2077, "control.hosts": 1_180_000,
		"backdoor.sources": 2016, "backdoor.sites": 1754, "backdoor.attacks": 57_000,
		"phishing.hosts": 135, "phishing.pages": 563, "phishing.contacts": 14_000,
	}
	if len(truth.Headline) != len(want) {
		t.Fatalf("%d headline numbers, want %d", len(truth.Headline), len(want))
	}
	for _, p := range truth.Headline {
		if p.Value != want[p.Measure] || p.By != "US" || p.On != "CN" {
			t.Errorf("%v, want %d by US on CN", p, want[p.Measure])
		}
	}
	for _, m := range truth.Mirror {
		if m.By != "CN" || m.On != "US" || m.Value == 0 || m.Value == want[m.Measure] {
			t.Errorf("mirror: %v", m)
		}
	}
}

func TestWindow(t *testing.T) {
	w, err := ts.ParseWindow(FirstDay, LastDay)
	if err != nil || w != Window() {
		t.Errorf("%v, %v, want %v", w, err, Window())
	}
}

// TestTrapsOfTheIssue names every trap that the demo has to plant.
func TestTrapsOfTheIssue(t *testing.T) {
	names := strings.Fields(`sinkhole sinkhole-and-family parked cdn proxy fronting listed-comes-in no-reply backscatter
		other-port expired nxdomain dns-only resolver dual-stack three-sensors same-private-address nat two-countries
		inside third-pair hong-kong places-disagree research-scanner tor-exit probes forwarded-for catch-all shell-copies forged-host forged-site spellings
		session-across-half-hours alert-on-reply last-second first-second-after local-time flow-ends-next-day replayed
		grown mirror-unobservable`)
	var got []string
	for _, trap := range small().Traps() {
		got = append(got, trap.Name)
		if trap.What == "" || trap.Naive == "" {
			t.Errorf("%s is not described", trap.Name)
		}
	}
	slices.Sort(got)
	slices.Sort(names)
	if !slices.Equal(got, names) {
		t.Errorf("traps %q, want %q", got, names)
	}
}

// TestSameSeedSameBytes writes twice, and with another seed.
func TestSameSeedSameBytes(t *testing.T) {
	first, second := digests(t, written(t, small())), digests(t, written(t, small()))
	other := small()
	other.Seed = 1
	third := digests(t, written(t, other))
	if len(first) < 500 || len(first) != len(second) {
		t.Fatalf("%d files, then %d", len(first), len(second))
	}
	same := 0
	for name, d := range first {
		if second[name] != d {
			t.Errorf("%s differs", name)
		}
		if third[name] == d {
			same++
		}
	}
	if same > len(first)/10 {
		t.Errorf("another seed wrote %d of %d files alike", same, len(first))
	}
}

func digests(t *testing.T, dir string) map[string][32]byte {
	t.Helper()
	all := map[string][32]byte{}
	eachFile(t, dir, func(name string, b []byte) { all[name] = sha256.Sum256(b) })
	return all
}

// eachFile calls do with every file below dir, as stored.
func eachFile(t *testing.T, dir string, do func(name string, b []byte)) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, path)
		do(filepath.ToSlash(name), b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestWriteRefuses(t *testing.T) {
	for _, scale := range []float64{-1, 1.5} {
		if err := (Scenario{Scale: scale}).Write(t.TempDir(), nil); err == nil {
			t.Errorf("scale %v: no error", scale)
		}
	}
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "logs"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := small().Write(dir, nil); err == nil {
		t.Error("a folder that holds logs: no error")
	}
	blocked := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(blocked, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := small().Write(blocked, nil); err == nil {
		t.Error("a file in the place of the folder: no error")
	}
}

// TestProgress: it ends with all files done, and never goes back.
func TestProgress(t *testing.T) {
	var last, all uint64
	err := small().Write(t.TempDir(), func(done, total uint64) {
		if done != last+1 {
			t.Errorf("%d after %d", done, last)
		}
		last, all = done, total
	})
	if err != nil || last != all || all == 0 {
		t.Errorf("%d of %d, %v", last, all, err)
	}
}

func TestSensors(t *testing.T) {
	dir := written(t, small())
	for _, s := range small().Sensors() {
		if !s.Named {
			t.Errorf("%s is not named", s.Name)
		}
		files, err := os.ReadDir(filepath.Join(dir, "logs", s.Name))
		if err != nil || len(files) == 0 {
			t.Errorf("%s: %d files, %v", s.Name, len(files), err)
		}
	}
	entries, err := os.ReadDir(filepath.Join(dir, "logs"))
	if err != nil || len(entries) != len(small().Sensors()) {
		t.Errorf("%d folders of logs, want one a sensor: %v", len(entries), err)
	}
	for _, f := range small().Feeds() {
		if _, err := os.Stat(filepath.Join(dir, f.Path)); err != nil {
			t.Error(err)
		}
	}
	for _, table := range small().PlaceTables() {
		if _, err := os.Stat(filepath.Join(dir, table.Path)); err != nil {
			t.Error(err)
		}
	}
}

func BenchmarkWrite(b *testing.B) {
	b.ReportAllocs()
	for range b.N {
		if err := (Scenario{Scale: 0.01}).Write(b.TempDir(), nil); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkConnLog(b *testing.B) {
	p := Scenario{Scale: 0.01}.plan()
	out := newCounter()
	b.ReportAllocs()
	for range b.N {
		if err := p.writeConn(out.output, cnNorth, 5); err != nil {
			b.Fatal(err)
		}
	}
	b.SetBytes(out.total() / int64(b.N))
}

// String names the number in messages of tests.
func (p Planted) String() string {
	text := fmt.Sprintf("%s by %q on %q", p.Measure, p.By, p.On)
	if p.Verdict != "" {
		text += " verdict " + p.Verdict
	}
	return fmt.Sprintf("%s: %d and %d internal", text, p.Value, p.Internal)
}
