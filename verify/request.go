package verify

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/measure"
	"github.com/tallystick/tallystick/internal/wording"
)

// checkTogether checks what a report must be without any ledger: of one request, with one
// recipe, each figure with its mirror, and its sentences with its numbers.
func checkTogether(r *Result, c *claim) {
	err := c.checkRequest()
	r.check(err == nil, "every figure is of the report's own window, countries, recipe and checkpoint", "%v", err)
	err = c.checkMirror()
	r.check(err == nil, "every figure has its mirror", "%v", err)
	err = c.checkSentences()
	r.check(err == nil, "every sentence says its figure's number, unit and places", "%v", err)
	err = c.Coverage.check()
	r.check(err == nil, "coverage adds up: read = observed + skipped, of each input and in sum", "%v", err)
}

func (c *claim) checkRequest() error {
	for i := range c.Figures {
		if err := c.checkOne(&c.Figures[i], c.By, c.On); err != nil {
			return err
		}
	}
	for i := range c.Mirror {
		if err := c.checkOne(&c.Mirror[i], c.On, c.By); err != nil {
			return fmt.Errorf("mirror %w", err)
		}
	}
	return nil
}

func (c *claim) checkOne(f *finding, by, on []ts.Country) error {
	m, err := measure.ByName(fmt.Sprintf("%.60s", f.Measure))
	if err != nil {
		return err
	}
	if !m.HasBy {
		by = nil
	}
	own := c.Recipe
	if f.Sensor != "" {
		own.Sensors = []string{f.Sensor}
	}
	switch {
	case f.Window != c.Window || f.Verdict != c.Verdict || !slices.Equal(f.By, by) || !slices.Equal(f.On, on):
		return fmt.Errorf("%s is of another window, verdict or pair", f.about())
	case f.Unit != string(m.Unit):
		return fmt.Errorf("%s is of unit %.30q", f.about(), f.Unit)
	case !reflect.DeepEqual(f.Recipe, own) || f.Checkpoint != c.Checkpoint:
		return fmt.Errorf("%s has another recipe or checkpoint", f.about())
	}
	return nil
}

// checkMirror compares the measures on both sides: all that can be asked the other way.
func (c *claim) checkMirror() error {
	var want, got []string
	for _, f := range c.Figures {
		m, err := measure.ByName(fmt.Sprintf("%.60s", f.Measure))
		if err != nil {
			return err
		}
		if len(c.By) > 0 || m.HasBy && len(c.On) > 0 {
			want = append(want, f.Measure)
		}
	}
	for _, f := range c.Mirror {
		got = append(got, f.Measure)
	}
	if !slices.Equal(want, got) {
		return fmt.Errorf("figures %.300q want their mirror, %.300q have one", want, got)
	}
	return nil
}

func (c *claim) checkSentences() error {
	for _, list := range [][]finding{c.Figures, c.Mirror} {
		for i := range list {
			if err := list[i].checkSentence(); err != nil {
				return err
			}
		}
	}
	return nil
}

func (f *finding) checkSentence() error {
	m, err := measure.ByName(fmt.Sprintf("%.60s", f.Measure))
	if err != nil {
		return err
	}
	want := []string{"not observable from here: how many " + m.Caption(2, join(f.By), join(f.On))}
	if f.Value != nil && f.Internal != nil {
		span := ""
		if f.Bounds.Low != f.Bounds.High {
			span = fmt.Sprintf(" (%s to %s)", wording.Thousands(f.Bounds.Low), wording.Thousands(f.Bounds.High))
		}
		want[0] = wording.Thousands(*f.Value) + span + " " + m.Caption(*f.Value, join(f.By), join(f.On))
		if *f.Internal > 0 {
			want = append(want, "never added: "+wording.Thousands(*f.Internal)+" with internal addresses")
		}
	}
	want[0] = ", " + want[0] + "."
	for _, text := range want {
		if !strings.Contains(f.Sentence, text) {
			return fmt.Errorf("%s: %.300q does not say %.300q", f.about(), f.Sentence, text)
		}
	}
	return nil
}
