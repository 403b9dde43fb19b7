package detect_test

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/detect"
	"github.com/tallystick/tallystick/internal/evidence"
	"github.com/tallystick/tallystick/internal/intel"
	"github.com/tallystick/tallystick/internal/telemetry"
)

var update = flag.Bool("update", false, "rewrite the expected sightings")

// Each folder of testdata is one case: logs, an intel folder, a sensor.txt with the
// declaration, and want.txt with the sightings expected, after merging.
func TestDetectors(t *testing.T) {
	folders, err := filepath.Glob("testdata/*")
	if err != nil || len(folders) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, folder := range folders {
		t.Run(filepath.Base(folder), func(t *testing.T) {
			c := load(t, folder)
			got := render(c.judge(c.observations))
			file := filepath.Join(folder, "want.txt")
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("sightings:\n%s\nwant:\n%s", got, want)
			}
			c.split(t)
		})
	}
}

// folderCase is the input of one case.
type folderCase struct {
	set          *detect.Set
	observations []ts.Observation
}

func load(t *testing.T, folder string) *folderCase {
	t.Helper()
	loader := intel.NewLoader()
	for _, feed := range glob(t, folder, "intel/*") {
		hint := intel.Hint{}
		if word, _, ok := strings.Cut(filepath.Base(feed), "."); ok && word != "feed" {
			var err error
			if hint, err = intel.ParseHint(word); err != nil {
				hint = intel.Hint{}
			}
		}
		if err := loader.LoadPath(os.DirFS(filepath.Dir(feed)), filepath.Base(feed), hint); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := os.Stat(filepath.Join(folder, "trails")); !errors.Is(err, fs.ErrNotExist) {
		if err := loader.LoadPath(os.DirFS(folder), "trails", intel.Hint{}); err != nil {
			t.Fatal(err)
		}
	}
	known, err := loader.Compile()
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(folder, "sensor.txt"))
	if err != nil {
		t.Fatal(err)
	}
	sensor, err := evidence.ParseSensor(text)
	if err != nil {
		t.Fatal(err)
	}
	c := &folderCase{set: detect.New(known, &sensor)}
	for i, log := range glob(t, folder, "log*") {
		c.read(t, log, uint32(i))
	}
	return c
}

func glob(t *testing.T, folder, pattern string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, pattern))
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func (c *folderCase) read(t *testing.T, log string, input uint32) {
	t.Helper()
	r, err := os.Open(log)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	f, err := telemetry.Open(log, r, telemetry.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for {
		var o ts.Observation
		err := f.Next(&o)
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		o.At.Input = input
		c.observations = append(c.observations, detached(o))
	}
}

// detached copies what the reader will write over.
func detached(o ts.Observation) ts.Observation {
	for _, b := range []*[]byte{&o.Name, &o.SNI, &o.Path, &o.Method, &o.Signature, &o.Category, &o.Family, &o.HostID} {
		*b = slices.Clone(*b)
	}
	o.Answers, o.Hops = slices.Clone(o.Answers), slices.Clone(o.Hops)
	return o
}

type merged map[ts.Key]ts.Sighting

func (c *folderCase) judge(list []ts.Observation) merged {
	m := merged{}
	for i := range list {
		c.set.Observe(&list[i], func(s ts.Sighting) { m.add(s) })
	}
	return m
}

func (m merged) add(s ts.Sighting) {
	if old, ok := m[s.Key()]; ok {
		old.Merge(&s)
		s = old
	}
	m[s.Key()] = s
}

// split checks D(A followed by B) = merge(D(A), D(B)) at every split.
func (c *folderCase) split(t *testing.T) {
	t.Helper()
	want := c.judge(c.observations)
	for i := range c.observations {
		got := c.judge(c.observations[:i])
		for _, s := range c.judge(c.observations[i:]) {
			got.add(s)
		}
		if !maps.Equal(got, want) {
			t.Fatalf("split at record %d gives other sightings", i)
		}
	}
}

func render(m merged) string {
	var list []string
	for _, s := range m {
		list = append(list, line(s))
	}
	slices.Sort(list)
	return strings.Join(list, "")
}

// line writes a sighting in words, what is not known left out.
func line(s ts.Sighting) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s", s.Class, s.Grade)
	field := func(key, value string) {
		if value != "" && value != "invalid IP" && value != "0" {
			fmt.Fprintf(&b, " %s=%s", key, value)
		}
	}
	field("perp", s.Perp.String())
	field("port", fmt.Sprint(s.PerpPort))
	field("victim", s.Victim.String())
	field("victim_port", fmt.Sprint(s.VictimPort))
	field("via", s.Via.String())
	field("perp_name", s.PerpName)
	field("victim_name", s.VictimName)
	field("site", s.Site)
	field("path", s.Path)
	field("host_id", s.HostID)
	field("family", s.Family)
	field("rule", s.Rule)
	field("feed", s.Feed)
	field("indicator", s.Indicator)
	field("records", fmt.Sprint(s.Records))
	field("at", fmt.Sprintf("%d:%d", s.At.Input, s.At.Line))
	field("flags", strings.Join(s.Flags.Words(), ","))
	return b.String() + "\n"
}
