package verify

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// check adds the inputs up. It does not read them: what they were is in private records.
func (c *coverage) check() error {
	var total coverageLine
	byFormat := map[string]*coverageLine{}
	for i := range c.Inputs {
		in := &c.Inputs[i]
		if err := in.check(); err != nil {
			return err
		}
		if byFormat[in.Format] == nil {
			byFormat[in.Format] = &coverageLine{}
		}
		total.plus(in)
		byFormat[in.Format].plus(in)
	}
	if !total.equal(&c.Total) {
		return errors.New("the total is not that of the inputs")
	}
	if len(c.Formats) != len(byFormat) {
		return fmt.Errorf("%d formats, the inputs have %d", len(c.Formats), len(byFormat))
	}
	for i := range c.Formats {
		f := &c.Formats[i]
		if sum := byFormat[f.Name]; sum == nil || !sum.equal(f) {
			return fmt.Errorf("format %.60q is not the sum of its inputs", f.Name)
		}
		delete(byFormat, f.Name)
	}
	return nil
}

func (l *coverageLine) check() error {
	sum := l.Observed
	for _, x := range l.Skipped {
		sum += x.Records
	}
	if l.Inputs != 1 || l.Read != sum {
		return fmt.Errorf("input %.100q: %d read, %d observed or skipped", l.Name, l.Read, sum)
	}
	return nil
}

func (l *coverageLine) plus(in *coverageLine) {
	l.Inputs += in.Inputs
	l.Bytes += in.Bytes
	l.Read += in.Read
	l.Observed += in.Observed
	for _, x := range in.Skipped {
		i := slices.IndexFunc(l.Skipped, func(y loss) bool { return y.Reason == x.Reason })
		if i < 0 {
			i = len(l.Skipped)
			l.Skipped = append(l.Skipped, loss{Reason: x.Reason})
		}
		l.Skipped[i].Records += x.Records
	}
}

func (l *coverageLine) equal(m *coverageLine) bool {
	byReason := func(list []loss) []loss {
		list = slices.Clone(list)
		slices.SortFunc(list, func(a, b loss) int { return strings.Compare(a.Reason, b.Reason) })
		return list
	}
	return l.Inputs == m.Inputs && l.Bytes == m.Bytes && l.Read == m.Read && l.Observed == m.Observed &&
		slices.Equal(byReason(l.Skipped), byReason(m.Skipped))
}
