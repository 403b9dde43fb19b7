package report

import (
	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/count"
	"github.com/tallystick/tallystick/internal/measure"
)

// How many rows a table shows; the rest is folded into a number.
const (
	rankingRows = 20
	longRows    = 25
	apartRows   = 15
)

// forms makes the tables of a report from its request.
type forms struct {
	Request
	measures map[string]measure.Measure
}

func newForms(r Request) forms {
	f := forms{r, map[string]measure.Measure{}}
	for _, m := range measure.All() {
		f.measures[m.Name] = m
	}
	return f
}

// column asks for a measure in the report's own direction.
func (f forms) column(name string) columnForm {
	m := f.measures[name]
	ask := Ask{Measure: m, Window: f.Window, On: f.On, Verdict: f.Verdict}
	if m.HasBy {
		ask.By = f.By
	}
	return columnForm{ask: ask, label: label(name)}
}

func (f forms) columns(names []string) []columnForm {
	var list []columnForm
	for _, name := range names {
		list = append(list, f.column(name))
	}
	return list
}

// ranking compares the countries where perpetrator ends are placed, whatever the request's
// own: each share needs the whole as its denominator.
func (f forms) ranking(name, title string, measures ...string) tableForm {
	f.By = nil
	return tableForm{name: name, title: title, dims: []count.Dimension{count.By}, columns: f.columns(measures), limit: rankingRows,
		note: "Each share is of its own column's total, which counts every member once. A member met from several countries counts in each, so shares may exceed 100 % together."}
}

func (f forms) rankings() []tableForm {
	return []tableForm{
		f.ranking("ranking-control", "Where control servers are placed", "control.servers", "control.hosts"),
		f.ranking("ranking-backdoor", "Where users of web shells are placed", "backdoor.sources", "backdoor.sites", "backdoor.attacks"),
		f.ranking("ranking-phishing", "Where phishing is served from", "phishing.hosts", "phishing.pages", "phishing.contacts"),
	}
}

func (f forms) families() []tableForm {
	dims := []count.Dimension{count.Family}
	return []tableForm{
		{name: "families-control", title: "Families of answering control servers", dims: dims, limit: rankingRows,
			columns: f.columns([]string{"control.hosts", "control.servers"})},
		{name: "families-infected", title: "Families of infected addresses", dims: dims, limit: rankingRows,
			columns: f.columns([]string{"infected.addresses"}),
			note:    "Whoever controls, and however far the contact got."},
	}
}

func (f forms) networks() []tableForm {
	return []tableForm{
		{name: "networks-servers", title: "Networks of control servers", dims: []count.Dimension{count.ByAS}, limit: rankingRows,
			columns: f.columns([]string{"control.servers", "control.hosts"})},
		{name: "networks-sources", title: "Networks of addresses using web shells", dims: []count.Dimension{count.ByAS}, limit: rankingRows,
			columns: f.columns([]string{"backdoor.sources", "backdoor.sites"})},
		{name: "networks-infected", title: "Networks of infected addresses", dims: []count.Dimension{count.OnAS}, limit: rankingRows,
			columns: f.columns([]string{"infected.addresses", "control.hosts"})},
	}
}

func (f forms) servers() []tableForm {
	return []tableForm{
		{name: "servers", title: "Control servers by the addresses they answered", limit: longRows,
			dims:    []count.Dimension{count.Server, count.Port, count.Family, count.By},
			columns: f.columns([]string{"control.hosts"}),
			note:    "A place is the machine's, not a person's."},
		{name: "names", title: "Names contacted or looked up", limit: longRows,
			dims:    []count.Dimension{count.Name, count.Family},
			columns: f.columns([]string{"infected.addresses"}),
			note:    "Contacts of any grade, whoever controls. Contacts with bare addresses have no name and no row; the total counts them too."},
	}
}

// apart shows what no figure of control counts as a server, a role at a time.
func (f forms) apart() []tableForm {
	var list []tableForm
	for _, r := range append(roles(), role{flag: ts.FlagNowhere, name: "nowhere", title: "Loopback answers",
		note: "Look-ups answered with a loopback or unspecified address: no server was there."}) {
		c := f.column("infected.addresses")
		c.label, c.bearing = "addresses in contact", r.name
		c.ask.Measure.Bearing, c.ask.Measure.Without, c.ask.Measure.Resolvers = r.flag, 0, false
		dims := []count.Dimension{count.Server} // of many names and families, as sinkholes are
		if r.flag == ts.FlagNowhere {
			dims = []count.Dimension{count.Name, count.Family}
		}
		list = append(list, tableForm{name: "apart-" + r.name, title: r.title, limit: apartRows,
			dims:    dims,
			columns: []columnForm{c},
			note:    r.note})
	}
	return list
}
