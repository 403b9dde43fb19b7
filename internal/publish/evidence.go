package publish

import (
	"fmt"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/evidence"
	"github.com/tallystick/tallystick/internal/ledger"
	"github.com/tallystick/tallystick/internal/report"
	"github.com/tallystick/tallystick/internal/telemetry"
)

// Evidence returns what the ledger says beside its rows. tool names the program.
func Evidence(l *ledger.Ledger, v *evidence.View, tool string) (report.Evidence, error) {
	var e report.Evidence
	var err error
	if e.Checkpoint, err = checkpoint(l, v); err != nil {
		return e, err
	}
	e.Inputs = inputs(v)
	for _, name := range slices.Sorted(maps.Keys(v.Sensors)) {
		s := v.Sensors[name].Sensor
		e.Sensors = append(e.Sensors, s)
	}
	e.Notes = synthetic(e.Sensors)
	for _, x := range v.Exclusions {
		e.Exclusions = append(e.Exclusions, report.Exclusion{Value: x.Value, Reason: x.Reason})
	}
	e.Places = places(v)
	if err := judgedBy(&e, l, v); err != nil {
		return e, err
	}
	e.Recipe = recipe(v, &e, tool)
	return e, nil
}

// inputs returns what was read, each part of a file once: a part that was judged again by
// other rules or for another declaration, or that a commit of several batches names in
// each, is the same part. Of names
// only the last element is told: folders are the publisher's affair.
func inputs(v *evidence.View) []report.Input {
	var list []report.Input
	seen := map[ts.Digest]bool{}
	again := v.Tellings()
	for b := range v.Live() {
		for i := range b.Inputs {
			in := &b.Inputs[i]
			if seen[in.Digest] || again.Retold(in.Digest) {
				continue
			}
			seen[in.Digest] = true
			list = append(list, report.Input{Name: path.Base(filepath.ToSlash(in.Name)), Sensor: in.Sensor,
				Format: in.Format, Tally: in.Tally, Bytes: in.To.Offset - in.From.Offset,
				Days: in.Days, Shows: telemetry.Shows(in.Format)})
		}
	}
	return list
}

// synthetic warns of sensors that count reserved addresses as public, one note for all
// that declare the same blocks.
func synthetic(sensors []ts.Sensor) []string {
	var blocks []string
	names := map[string][]string{}
	for _, s := range sensors {
		if len(s.TreatAsPublic) == 0 {
			continue
		}
		block := prefixes(s)
		if names[block] == nil {
			blocks = append(blocks, block)
		}
		names[block] = append(names[block], s.Name)
	}
	var notes []string
	for _, block := range blocks {
		notes = append(notes, fmt.Sprintf("synthetic: addresses of %s are counted as public, as %s declare. "+
			"These blocks are nobody's; figures over them describe a scenario.", block, strings.Join(names[block], ", ")))
	}
	return notes
}

func prefixes(s ts.Sensor) string {
	var list []string
	for _, p := range s.TreatAsPublic {
		list = append(list, p.String())
	}
	return strings.Join(list, ", ")
}

// recipe names what is counted, every list sorted.
func recipe(v *evidence.View, e *report.Evidence, tool string) ts.FigureRecipe {
	r := ts.FigureRecipe{Tool: tool, Sensors: []string{}, Places: []string{}, Rules: []string{}, Excluded: []string{}}
	for b := range v.Live() {
		r.Batches++
		r.Rules = append(r.Rules, b.Rules.String())
		for _, s := range b.Segments {
			r.Segments++
			r.Rows += s.Manifest.Rows
		}
	}
	for _, s := range e.Sensors {
		r.Sensors = append(r.Sensors, s.Name)
	}
	for _, p := range e.Places {
		r.Places = append(r.Places, evidence.Edition{Source: p.Name, Day: p.Day, Digest: p.Digest}.String())
	}
	for _, x := range e.Exclusions {
		r.Excluded = append(r.Excluded, x.Value)
	}
	slices.Sort(r.Rules)
	r.Rules = slices.Compact(r.Rules)
	return r
}

// places returns the editions that rows were placed by, in the order in which batches
// name them, each with its largest distance to a day it was used for.
func places(v *evidence.View) []report.PlaceLine {
	var list []report.PlaceLine
	for b := range v.Live() {
		for _, s := range b.Segments {
			for _, p := range s.Manifest.Places {
				i := slices.IndexFunc(list, func(l report.PlaceLine) bool { return l.Digest == p.Digest && l.Name == p.Name })
				if i < 0 {
					list = append(list, report.PlaceLine{Name: p.Name, Day: p.Day, Digest: p.Digest})
					i = len(list) - 1
				}
				list[i].Distance = max(list[i].Distance, distance(p.Day, s.Manifest.First))
			}
		}
	}
	return list
}

func distance(a, b ts.Day) int { return int(max(a-b, b-a)) }

// judgedBy adds what the rules of live batches name: the feeds, and the classes that any of
// them lists.
func judgedBy(e *report.Evidence, l *ledger.Ledger, v *evidence.View) error {
	seen := map[ts.Digest]bool{}
	for b := range v.Live() {
		if seen[b.Rules] {
			continue
		}
		seen[b.Rules] = true
		if err := addRules(e, l, evidence.RulesPath(b.Rules)); err != nil {
			return fmt.Errorf("%s: %w", evidence.RulesPath(b.Rules), err)
		}
	}
	slices.Sort(e.Listed)
	e.Listed = slices.Compact(e.Listed)
	return nil
}

func addRules(e *report.Evidence, l *ledger.Ledger, path string) error {
	text, err := l.Get(path)
	if err != nil {
		return err
	}
	o, err := ts.ParseObject(text)
	if err != nil {
		return err
	}
	for _, line := range o.All("listed") {
		word, _, _ := strings.Cut(line, " ")
		class, err := ts.ParseClass(word)
		if err != nil {
			return err
		}
		e.Listed = append(e.Listed, class)
	}
	for _, line := range o.All("feed") {
		f, err := parseFeed(line)
		if err != nil {
			return err
		}
		e.Feeds = append(e.Feeds, f)
	}
	return nil
}

// parseFeed reads "used undated name".
func parseFeed(line string) (report.FeedLine, error) {
	parts := strings.SplitN(line, " ", 3)
	if len(parts) != 3 {
		return report.FeedLine{}, fmt.Errorf("feed line %q", line)
	}
	used, errUsed := strconv.ParseUint(parts[0], 10, 64)
	undated, errUndated := strconv.ParseUint(parts[1], 10, 64)
	name, errName := ts.Unescape(parts[2])
	for _, err := range []error{errUsed, errUndated, errName} {
		if err != nil {
			return report.FeedLine{}, fmt.Errorf("feed line %q: %w", line, err)
		}
	}
	return report.FeedLine{Name: name, Entries: used, Undated: undated}, nil
}
