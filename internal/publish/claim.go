package publish

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/measure"
	"github.com/tallystick/tallystick/internal/place"
	"github.com/tallystick/tallystick/proof"
)

// claim is one figure of a report that can be proved.
type claim struct {
	id      string // of its statement
	measure measure.Measure
	scope   proof.Scope
	value   uint64
}

// claimed is what is read of a figure of figures.json.
type claimed struct {
	Measure    string          `json:"measure"`
	Value      *uint64         `json:"value"`
	Observable bool            `json:"observable"`
	Window     ts.FigureWindow `json:"window"`
	By         []ts.Country    `json:"by"`
	On         []ts.Country    `json:"on"`
	Verdict    string          `json:"verdict"`
}

// reportID returns the word that names a report in keys and statements.
func reportID(figures []byte) string { return ts.DigestOf(figures).String()[:16] }

// readClaims reads the figures of figures.json and their mirror, and says which of them
// cannot be proved, a sentence a reason.
func readClaims(figures []byte) (list []claim, skipped []string, err error) {
	var doc struct {
		Figures []claimed `json:"figures"`
		Mirror  []claimed `json:"mirror"`
	}
	if err := json.Unmarshal(figures, &doc); err != nil {
		return nil, nil, fmt.Errorf("%s: %w", FileJSON, err)
	}
	id := reportID(figures)
	var reasons []string
	names := map[string][]string{} // of figures, by reason
	for i, f := range append(doc.Figures, doc.Mirror...) {
		word := "."
		if i >= len(doc.Figures) {
			word = ".mirror."
		}
		c, err := f.claim(f.Measure + word + id)
		switch {
		case errors.Is(err, errUnproved):
			if names[err.Error()] == nil {
				reasons = append(reasons, err.Error())
			}
			names[err.Error()] = append(names[err.Error()], f.Measure+strings.TrimSuffix(word, "."))
		case err != nil:
			return nil, nil, fmt.Errorf("%s: %s: %w", FileJSON, f.Measure, err)
		case !holds(list, &c):
			list = append(list, c)
		}
	}
	for _, r := range reasons {
		skipped = append(skipped, r+": "+strings.Join(names[r], ", "))
	}
	return list, skipped, nil
}

// holds reports whether the figure is among the claims: between a country and itself, the
// mirror is the figure.
func holds(list []claim, c *claim) bool {
	for i := range list {
		if list[i].measure.Name == c.measure.Name && list[i].scope.Equal(&c.scope) {
			return true
		}
	}
	return false
}

// errUnproved says that a figure stays without a proof.
var errUnproved = errors.New("unproved")

func (f *claimed) claim(id string) (claim, error) {
	c := claim{id: id}
	var err error
	if c.measure, err = measure.ByName(f.Measure); err != nil {
		return c, err
	}
	window, err := ts.ParseWindow(f.Window.From, f.Window.To)
	if err != nil {
		return c, err
	}
	c.scope = proof.Scope{Window: window, By: sorted(f.By), On: sorted(f.On)}
	switch {
	case !f.Observable || f.Value == nil:
		return c, fmt.Errorf("%w: not observable, so nothing is claimed", errUnproved)
	case len(c.scope.By) == 0 && len(c.scope.On) == 0:
		return c, fmt.Errorf("%w: by any country on any country is no relation", errUnproved)
	case f.Window.From == "" || f.Window.To == "":
		return c, errors.New("a figure without first and last day cannot be proved: report with --from and --to")
	case f.Verdict != place.First.String():
		return c, fmt.Errorf("verdict %.20s: only figures by the first-named data set of places can be proved", f.Verdict)
	}
	c.value = *f.Value
	return c, nil
}
