package report

import (
	"context"
	"fmt"
	"slices"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/measure"
)

// Report is everything that a report says. Its JSON is figures.json
// (doc/formats/figure.md); the order of every list is part of it.
type Report struct {
	Title   string          `json:"title"`
	Notes   []string        `json:"notes"`
	Window  ts.FigureWindow `json:"window"`
	By      []ts.Country    `json:"by"` // empty: any
	On      []ts.Country    `json:"on"` // empty: any
	Verdict string          `json:"verdict"`

	Figures []Finding `json:"figures"` // in the order of measure.All
	Mirror  []Finding `json:"mirror"`  // the other direction; empty where there is none

	Rankings []Table  `json:"rankings"` // countries of the perpetrator ends, whatever By
	Series   []Series `json:"series"`
	Matrix   []Matrix `json:"matrix"` // all pairs, whatever By and On
	Families []Table  `json:"families"`
	Networks []Table  `json:"networks"`
	Servers  []Table  `json:"servers"`
	Apart    []Table  `json:"apart"` // sinkholes, parked, loopback …: in no figure of servers

	Coverage   Coverage            `json:"coverage"`
	Sensors    []SensorLine        `json:"sensors"`
	Exclusions []Exclusion         `json:"exclusions"`
	Feeds      []FeedLine          `json:"feeds"`
	Places     []EditionLine       `json:"places"`
	Recipe     ts.FigureRecipe     `json:"recipe"`
	Checkpoint ts.FigureCheckpoint `json:"checkpoint"`
}

// Build counts all that a report holds. A failure of any count fails the report: a page with
// a silent hole would be worse than none.
func Build(ctx context.Context, engine Engine, evidence Evidence, request Request) (*Report, error) {
	d := newDrafter(engine, evidence)
	r := d.evidenceOf(request)
	if err := d.addFigures(ctx, r, request); err != nil {
		return nil, err
	}
	f := newForms(request)
	for _, s := range []struct {
		into  *[]Table
		forms []tableForm
	}{
		{&r.Rankings, f.rankings()}, {&r.Families, f.families()}, {&r.Networks, f.networks()},
		{&r.Servers, f.servers()}, {&r.Apart, f.apart()},
	} {
		if err := d.addTables(ctx, s.into, s.forms); err != nil {
			return nil, err
		}
	}
	return r, d.addPictures(ctx, r, f)
}

// evidenceOf fills what needs no counting.
func (d *drafter) evidenceOf(q Request) *Report {
	e := &d.evidence
	blank := d.blank(Ask{Verdict: q.Verdict})
	return &Report{
		Title: title(q), Notes: orEmpty(e.Notes), Window: ts.FigureWindowOf(q.Window),
		By: orEmpty(q.By), On: orEmpty(q.On), Verdict: q.Verdict.String(),
		Figures: []Finding{}, Mirror: []Finding{}, Rankings: []Table{}, Series: []Series{}, Matrix: []Matrix{},
		Families: []Table{}, Networks: []Table{}, Servers: []Table{}, Apart: []Table{},
		Coverage: coverage(e.Inputs), Sensors: sensorLines(e.Sensors), Exclusions: orEmpty(e.Exclusions),
		Feeds: orEmpty(e.Feeds), Places: editionLines(e.Places),
		Recipe: blank.Recipe, Checkpoint: e.Checkpoint,
	}
}

// title names places and days; a report never titles a country as doing anything.
func title(q Request) string {
	ends := "Contacts between all countries"
	by, on := groupName(q.By), groupName(q.On)
	switch {
	case by != "" && on != "":
		ends = fmt.Sprintf("Contacts of addresses placed in %s with addresses placed in %s", by, on)
	case by != "":
		ends = "Contacts of addresses placed in " + by
	case on != "":
		ends = "Contacts with addresses placed in " + on
	}
	return ends + ", " + days(q.Window)
}

// headlines are printed also when they are zero: the figures of the statement of May 2014
// that this system answers, and the infected addresses.
var headlines = [...]string{
	"control.servers", "control.hosts", "infected.addresses",
	"backdoor.sources", "backdoor.sites", "backdoor.attacks",
	"phishing.hosts", "phishing.pages", "phishing.contacts",
}

func (d *drafter) addFigures(ctx context.Context, r *Report, q Request) error {
	for _, m := range measure.All() {
		ask := askOf(m, q)
		if !slices.Contains(headlines[:], m.Name) {
			g, err := d.total(ctx, ask.question(m))
			if err != nil {
				return err
			}
			if g.Members+g.Internal == 0 {
				continue
			}
		}
		if err := d.addFigure(ctx, r, ask, q); err != nil {
			return err
		}
	}
	return nil
}

func askOf(m measure.Measure, q Request) Ask {
	ask := Ask{Measure: m, Window: q.Window, On: q.On, Verdict: q.Verdict}
	if m.HasBy {
		ask.By = q.By
	}
	return ask
}

// addFigure adds a figure and its mirror. A measure without perpetrator end is mirrored by
// counting the victims of the other direction.
func (d *drafter) addFigure(ctx context.Context, r *Report, ask Ask, q Request) error {
	f, err := d.figure(ctx, ask, true)
	if err != nil {
		return err
	}
	r.Figures = append(r.Figures, Finding{f})
	q.By, q.On = q.On, q.By
	if q.By == nil && q.On == nil || !ask.Measure.HasBy && q.On == nil {
		return nil
	}
	f, err = d.figure(ctx, askOf(ask.Measure, q), false)
	if err != nil {
		return err
	}
	r.Mirror = append(r.Mirror, Finding{f})
	return nil
}

func (d *drafter) addTables(ctx context.Context, into *[]Table, list []tableForm) error {
	for _, form := range list {
		t, err := d.table(ctx, form)
		if err != nil {
			return err
		}
		if !t.Empty() {
			*into = append(*into, t)
		}
	}
	return nil
}

func (d *drafter) addPictures(ctx context.Context, r *Report, f forms) error {
	for _, c := range f.columns([]string{"control.hosts", "control.servers", "backdoor.attacks", "phishing.contacts"}) {
		s, err := d.series(ctx, c)
		if err != nil {
			return err
		}
		if len(s.Points) > 0 && s.Points[len(s.Points)-1].Total != (Cell{}) {
			r.Series = append(r.Series, s)
		}
	}
	for _, c := range f.columns([]string{"control.hosts", "backdoor.attacks"}) {
		m, err := d.matrix(ctx, c)
		if err != nil {
			return err
		}
		if len(m.By) > 0 {
			r.Matrix = append(r.Matrix, m)
		}
	}
	return nil
}
