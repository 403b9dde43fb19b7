package report

import (
	"cmp"
	"html/template"
	"slices"
	"strings"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/measure"
	"github.com/tallystick/tallystick/internal/place"
)

// maxInputLines is how many inputs the page lists; figures.json has all.
const maxInputLines = 200

// view is a Report as the page shows it.
type view struct {
	*Report
	Policy        string
	Style         template.CSS
	Script        template.JS // verify.js
	ScriptDigest  ts.Digest
	Heading, When string
	ByText        string
	OnText        string
	OnSide        string
	Sections      []sectionLink
	Groups        []cardGroup
	Charts        []chart
	Matrices      []matrixView
	Inputs        []CoverageLine
	InputsFolded  bool
	BatchCount    uint64
	SegmentCount  uint64
	PlaceNotice   string // what the licence of a data set of places asks to be said
}

type sectionLink struct{ ID, Title string }

// cardGroup is the figures of one subject.
type cardGroup struct {
	Title string
	Cards []card
}

// card is a figure with its mirror, nil where there is none, and the parts worth printing.
type card struct {
	Finding
	Label  string
	Noun   string // the unit in words
	Mirror *Finding
	Parts  []ts.FigurePart
}

func newView(r *Report, script string) *view {
	v := &view{Report: r, Policy: policy(styleSheet, script), Style: template.CSS(styleSheet),
		Script: template.JS(script), ScriptDigest: ts.DigestOf([]byte(script)),
		ByText: anyOr(r.By), OnText: anyOr(r.On), OnSide: "victims anywhere",
		BatchCount: uint64(r.Recipe.Batches), SegmentCount: uint64(r.Recipe.Segments)}
	v.Heading, v.When, _ = strings.Cut(r.Title, ", ")
	if len(r.On) > 0 {
		v.OnSide = "victims placed in " + groupName(r.On)
	}
	v.Groups = cardGroups(r)
	for i, s := range r.Series {
		v.Charts = append(v.Charts, newChart(i, s))
	}
	for _, m := range r.Matrix {
		v.Matrices = append(v.Matrices, newMatrixView(m))
	}
	v.Inputs, v.InputsFolded = inputLines(r.Coverage.Inputs)
	if slices.ContainsFunc(r.Places, func(p EditionLine) bool { return p.Name == place.EmbeddedName }) {
		v.PlaceNotice = place.EmbeddedNotice
	}
	v.Sections = sections(v)
	return v
}

func anyOr(group []ts.Country) string {
	if len(group) == 0 {
		return "any country"
	}
	return groupName(group)
}

// cardGroups sorts the figures under their subjects, in their order.
func cardGroups(r *Report) []cardGroup {
	mirrors := map[string]*Finding{}
	for i := range r.Mirror {
		mirrors[r.Mirror[i].Measure] = &r.Mirror[i]
	}
	var groups []cardGroup
	for _, f := range r.Figures {
		name := subject(f.Measure)
		if len(groups) == 0 || groups[len(groups)-1].Title != name {
			groups = append(groups, cardGroup{Title: name})
		}
		last := &groups[len(groups)-1]
		last.Cards = append(last.Cards, card{f, label(f.Measure), measure.Unit(f.Unit).Noun(f.Value), mirrors[f.Measure], notable(f)})
	}
	return groups
}

func subject(name string) string {
	switch family, _, _ := strings.Cut(name, "."); family {
	case "control", "infected":
		return "Control"
	case "backdoor":
		return "Website backdoors"
	case "phishing":
		return "Phishing"
	case "attempt":
		return "Attempts"
	case "spyware":
		return "Spyware"
	default:
		return "Exfiltration"
	}
}

// notable are the parts with a number; those of the verdicts on places only where they differ.
func notable(f Finding) []ts.FigurePart {
	var list []ts.FigurePart
	agreed := f.Bounds.Low == f.Bounds.High
	for _, p := range f.Bounds.Parts {
		if p.Value+p.Internal > 0 && !(agreed && strings.HasPrefix(p.Name, "places-")) {
			list = append(list, p)
		}
	}
	return list
}

// inputLines are the inputs to print: all, or those that lost and read most.
func inputLines(all []CoverageLine) (lines []CoverageLine, folded bool) {
	if len(all) <= maxInputLines {
		return all, false
	}
	lines = slices.Clone(all)
	slices.SortStableFunc(lines, func(a, b CoverageLine) int {
		return cmp.Or(cmp.Compare(b.Lost(), a.Lost()), cmp.Compare(b.Read, a.Read))
	})
	return lines[:maxInputLines], true
}

// sections are the links at the head, to what the page has.
func sections(v *view) []sectionLink {
	var list []sectionLink
	add := func(id, title string, has bool) {
		if has {
			list = append(list, sectionLink{id, title})
		}
	}
	add("figures", "Figures", true)
	add("countries", "Countries", len(v.Rankings) > 0)
	add("time", "Day by day", len(v.Charts) > 0)
	add("matrix", "Country by country", len(v.Matrices) > 0)
	add("families", "Families", len(v.Families) > 0)
	add("networks", "Networks", len(v.Networks) > 0)
	add("servers", "Servers and names", len(v.Servers) > 0)
	add("apart", "Set apart", len(v.Apart) > 0)
	add("coverage", "Coverage and loss", true)
	add("sources", "Sensors and data sets", true)
	add("method", "Method", true)
	add("verify", "How to check", true)
	return list
}
