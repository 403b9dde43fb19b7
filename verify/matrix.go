package verify

import "fmt"

// matrix plans the cells of a matrix, the pairs that it folds, and the largest of these.
func (p *plan) matrix(doc *claim, m *matrix) {
	what := fmt.Sprintf("matrix of %.60s: %d by %d countries, all recounted", m.Measure, len(m.By), len(m.On))
	q, err := newQuestion(m.Measure, doc.Window, nil, nil, doc.Verdict)
	q.groupBy = []string{"by", "on"}
	if err == nil {
		err = checkDimensions(&q.measure, q.groupBy)
	}
	if err == nil && m.Unit != string(q.measure.Unit) {
		err = fmt.Errorf("unit %.30q", m.Unit)
	}
	if err != nil {
		p.notChecked(what, err)
		return
	}
	c := p.ask(q)
	p.later(func(r *Result, all *census) {
		err := m.compare(c.answer(all).peopled())
		r.check(err == nil, what, "%v", err)
	})
}

// shown returns the cells by their pair.
func (m *matrix) shown() (map[[2]string]cell, error) {
	shown := map[[2]string]cell{}
	if len(m.Cells) != len(m.By) {
		return nil, fmt.Errorf("%d rows of cells for %d countries", len(m.Cells), len(m.By))
	}
	for i, by := range m.By {
		if len(m.Cells[i]) != len(m.On) {
			return nil, fmt.Errorf("%d cells for %d countries", len(m.Cells[i]), len(m.On))
		}
		for j, on := range m.On {
			pair := [2]string{by, on}
			if _, again := shown[pair]; again {
				return nil, fmt.Errorf("%.20q on %.20q stands twice", by, on)
			}
			shown[pair] = m.Cells[i][j]
		}
	}
	return shown, nil
}

// compare compares the cells with all pairs that rows support, largest first.
func (m *matrix) compare(pairs []group) error {
	shown, err := m.shown()
	if err != nil {
		return err
	}
	supported := map[[2]string]cell{}
	var folded uint64
	var largest cell
	for _, g := range pairs {
		pair := [2]string{g.Key[0], g.Key[1]}
		supported[pair] = cell{g.Value, g.Internal}
		if _, ok := shown[pair]; !ok {
			if folded == 0 {
				largest = supported[pair]
			}
			folded++
		}
	}
	for _, by := range m.By {
		for _, on := range m.On {
			pair := [2]string{by, on}
			if got, want := shown[pair], supported[pair]; got != want {
				return fmt.Errorf("%.20q on %.20q is %d and %d internal, rows support %d and %d",
					by, on, got.Value, got.Internal, want.Value, want.Internal)
			}
		}
	}
	if m.Folded != folded || m.Largest != largest {
		return fmt.Errorf("%d pairs folded, the largest of %d and %d internal; rows support %d, %d and %d",
			m.Folded, m.Largest.Value, m.Largest.Internal, folded, largest.Value, largest.Internal)
	}
	return nil
}
