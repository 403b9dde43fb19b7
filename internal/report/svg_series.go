package report

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/tallystick/tallystick/internal/wording"
)

// The drawing board of a chart, in units of its view box: two panels, one above the other,
// each with an axis of its own, since a day's number and the number so far differ in scale.
const (
	chartWidth  = 640.0
	chartLeft   = 106.0 // "2,000,000" in the larger type of a narrow page
	chartRight  = 632.0
	panelHeight = 96.0
	panelGap    = 38.0
	panelTop    = 24.0
	chartHeight = panelTop + 2*panelHeight + panelGap + 24
	maxBars     = 366
	maxDayRows  = 400 // more days than these are in figures.json only
	dayLabels   = 5
)

// chart is a Series as geometry; the template writes the SVG.
type chart struct {
	ID, Label, Description string
	Width, Height, DaysAt  string
	Panels                 []panel
	Days                   []dayLabel
	Rows                   []Point
}

// panel has either an area with its line, or bars.
type panel struct {
	Name              string
	Left, Right, Edge string
	Head              string
	Ticks             []tick
	Area, Line        string
	Bars              []bar
}

type tick struct{ At, Label string }

// dayLabel names a day; on a narrow page the spare ones are not drawn.
type dayLabel struct {
	At, Label, Anchor string
	Spare             bool
}

type bar struct{ X, Y, W, H, Title string }

func newChart(index int, s Series) chart {
	days, of := draw(s.Points)
	c := chart{ID: "chart-" + strconv.Itoa(index), Label: s.Label + of, Description: describe(days),
		Width: coord(chartWidth), Height: coord(chartHeight), DaysAt: coord(chartHeight - 6),
		Days: labelDays(s.Points)}
	if len(s.Points) <= maxDayRows {
		c.Rows = s.Points
	}
	c.Panels = []panel{totalPanel(days), dayPanel(days)}
	return c
}

// drawn is one day of a picture: public members, or internal ones in a series that has no
// others. The two are never added and never in one picture.
type drawn struct {
	day          string
	value, total uint64
}

// draw takes from the points what the picture shows, and says what that is.
func draw(points []Point) (days []drawn, of string) {
	internal := len(points) > 0 && points[len(points)-1].Total.Value == 0
	for _, p := range points {
		d := drawn{p.Day, p.Value.Value, p.Total.Value}
		if internal {
			d.value, d.total = p.Value.Internal, p.Total.Internal
		}
		days = append(days, d)
	}
	if internal {
		return days, " (internal)"
	}
	return days, ""
}

// describe says in words what the picture shows.
func describe(days []drawn) string {
	if len(days) == 0 {
		return "No days."
	}
	first, last := days[0], days[len(days)-1]
	top := largest(days)
	return fmt.Sprintf("From %s to %s: %s distinct in all; on the largest day, %s, %s.",
		first.day, last.day, wording.Thousands(last.total), top.day, wording.Thousands(top.value))
}

// largest is the first of the days with the most members; days is not empty.
func largest(days []drawn) drawn {
	return slices.MaxFunc(days, func(a, b drawn) int { return cmp.Compare(a.value, b.value) })
}

// scale maps 0…top onto a panel.
type scale struct{ base, top float64 }

func (s scale) y(n uint64) float64 { return s.base - panelHeight*float64(n)/s.top }

// newPanel lays out the axis of the panel in row 0 or 1 for numbers up to most.
func newPanel(name string, row int, most uint64) (panel, scale) {
	head := panelTop + float64(row)*(panelHeight+panelGap)
	s := scale{base: head + panelHeight, top: float64(max(most, 1))}
	p := panel{Name: name, Left: coord(chartLeft), Right: coord(chartRight), Edge: coord(chartLeft - 8), Head: coord(head - 9)}
	step := roundStep(max(most, 1))
	for n := uint64(0); n <= max(most, 1); n += step {
		p.Ticks = append(p.Ticks, tick{coord(s.y(n)), tickLabel(n, step)})
	}
	return p, s
}

// tickLabel writes a number of an axis: in millions where the axis counts those, so that no
// label has more than nine characters.
func tickLabel(n, step uint64) string {
	if n > 0 && step >= 1e6 {
		return wording.Thousands(n/1e6) + " M"
	}
	return wording.Thousands(n)
}

// roundStep is 1, 2 or 5 times a power of ten, and gives an axis at most four steps.
func roundStep(most uint64) uint64 {
	for power := uint64(1); ; power *= 10 {
		for _, f := range [...]uint64{1, 2, 5} {
			if most/(f*power) <= 4 {
				return f * power
			}
		}
	}
}

func totalPanel(days []drawn) panel {
	var most uint64
	for _, d := range days {
		most = max(most, d.total)
	}
	panel, s := newPanel("distinct so far", 0, most)
	var line []string
	for i, d := range days {
		line = append(line, coord(dayX(i, len(days)))+","+coord(s.y(d.total)))
	}
	if len(days) > 0 {
		panel.Line = strings.Join(line, " ")
		panel.Area = fmt.Sprintf("%s,%s %s %s,%s", coord(dayX(0, len(days))), coord(s.base), panel.Line,
			coord(dayX(len(days)-1, len(days))), coord(s.base))
	}
	return panel
}

// dayPanel draws a bar a day; where there are too many, a bar stands for its largest day.
func dayPanel(days []drawn) panel {
	per := max(1, (len(days)+maxBars-1)/maxBars)
	name := "distinct on the day"
	if per > 1 {
		name = fmt.Sprintf("distinct on the largest of each %d days", per)
	}
	var most uint64
	if len(days) > 0 {
		most = largest(days).value
	}
	panel, s := newPanel(name, 1, most)
	slot := (chartRight - chartLeft) / float64(max(1, len(days)))
	at := 0
	for some := range slices.Chunk(days, per) {
		top := largest(some)
		y := s.y(top.value)
		panel.Bars = append(panel.Bars, bar{
			X: coord(chartLeft + slot*(float64(at)+0.1)), W: coord(slot * (float64(len(some)) - 0.2)),
			Y: coord(y), H: coord(s.base - y), Title: top.day + ": " + wording.Thousands(top.value),
		})
		at += len(some)
	}
	return panel
}

// dayX is the middle of a day's slot.
func dayX(i, days int) float64 {
	return chartLeft + (chartRight-chartLeft)*(float64(i)+0.5)/float64(days)
}

// labelDays names the first day, the last, and some evenly between.
func labelDays(points []Point) []dayLabel {
	var list []dayLabel
	n := min(dayLabels, len(points))
	for k := range n {
		i, anchor := 0, "middle"
		if n > 1 {
			i = k * (len(points) - 1) / (n - 1)
		}
		switch {
		case n > 1 && k == 0:
			anchor = "start"
		case n > 1 && k == n-1:
			anchor = "end"
		}
		list = append(list, dayLabel{coord(dayX(i, len(points))), points[i].Day, anchor, k%2 == 1})
	}
	return list
}

// coord writes a coordinate with one decimal, the same on every platform.
func coord(x float64) string { return strconv.FormatFloat(x, 'f', 1, 64) }
