package report

import (
	"fmt"
	"strconv"
	"strings"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/wording"
)

// sentence says f in words: window, number, unit, places. It speaks of where addresses are
// placed, never of whose they are.
func sentence(ask Ask, f ts.Figure) string {
	var b strings.Builder
	b.WriteString(during(ask.Window))
	if !Observable(&f) {
		fmt.Fprintf(&b, ", not observable from here: how many %s.",
			ask.Measure.Caption(2, groupName(ask.By), groupName(ask.On)))
		return b.String()
	}
	fmt.Fprintf(&b, ", %s%s %s.", wording.Thousands(f.Value), span(f.Bounds),
		ask.Measure.Caption(f.Value, groupName(ask.By), groupName(ask.On)))
	if f.Internal > 0 {
		fmt.Fprintf(&b, " Apart, and never added: %s with internal addresses, each known only together with its sensor.",
			wording.Thousands(f.Internal))
	}
	if only := restrictions(ask); only != "" {
		fmt.Fprintf(&b, " Counted only: %s.", only)
	}
	return b.String()
}

// mark ends the sentence of a figure over made-up telemetry, which must never be taken for
// a real one where it is quoted alone (doc/formats/row.md, flag 16).
func (d *drafter) mark(sentence string) string {
	for _, note := range d.evidence.Notes {
		if strings.HasPrefix(note, "synthetic") {
			return sentence + " Synthetic."
		}
	}
	return sentence
}

// span prints the bounds where they differ.
func span(b ts.FigureBounds) string {
	if b.Low == b.High {
		return ""
	}
	return fmt.Sprintf(" (%s to %s)", wording.Thousands(b.Low), wording.Thousands(b.High))
}

// during names the window at the head of a sentence.
func during(w ts.Window) string {
	first, last := w.From.String(), w.Last().String()
	switch {
	case w.All():
		return "On all recorded days"
	case w.Days() == 1:
		return "On " + first + " (1 day)"
	case openStart(w) && openEnd(w):
		return "From 1970 on"
	case openStart(w):
		return "Up to " + last
	case openEnd(w):
		return "Since " + first
	default:
		return "From " + w.String()
	}
}

// days names the window inside a sentence.
func days(w ts.Window) string {
	if !w.All() && !openStart(w) && !openEnd(w) {
		return w.String()
	}
	text := during(w)
	return strings.ToLower(text[:1]) + text[1:]
}

// openStart and openEnd recognise the sides that tallystick.ParseWindow leaves open.
func openStart(w ts.Window) bool { return w.From == 0 }

func openEnd(w ts.Window) bool { return w.Last().String() == "9999-12-31" }

// groupName writes a group of countries as on the command line; "" is any.
func groupName(group []ts.Country) string {
	names := make([]string, len(group))
	for i, c := range group {
		names[i] = string(c)
	}
	return strings.Join(names, "+")
}

func restrictions(ask Ask) string {
	var list []string
	add := func(text, value string) {
		if value != "" {
			list = append(list, text+" "+value)
		}
	}
	add("sensor", ask.Sensor)
	add("site", ask.Site)
	add("family", ask.Family)
	add("perpetrator ends in", network(ask.ByAS))
	add("victim ends in", network(ask.OnAS))
	return strings.Join(list, ", ")
}

func network(as uint32) string {
	if as == 0 {
		return ""
	}
	return "AS" + strconv.FormatUint(uint64(as), 10)
}
