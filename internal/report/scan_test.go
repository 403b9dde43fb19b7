package report

import (
	"bytes"
	"context"
	"testing"

	"github.com/tallystick/tallystick/internal/count"
	"github.com/tallystick/tallystick/internal/segment"
)

// memory is a segment's bytes without a file.
type memory struct{ *bytes.Reader }

func (memory) Close() error { return nil }

// scanOf is the real engine over the rows of p.
func scanOf(t *testing.T, p *plain) *count.Scan {
	t.Helper()
	segment.Sort(p.rows)
	var b bytes.Buffer
	if err := segment.Write(&b, p.rows); err != nil {
		t.Fatal(err)
	}
	s := count.Segment{Name: "made", Rows: uint64(len(p.rows)), FirstDay: testWindow.From, LastDay: testWindow.Last(),
		Open: func() (count.File, error) { return memory{bytes.NewReader(b.Bytes())}, nil }}
	scan := count.New(count.Source{Segments: []count.Segment{s}}, count.Options{})
	t.Cleanup(func() {
		if err := scan.Close(); err != nil {
			t.Error(err)
		}
	})
	return scan
}

// TestScanGivesTheSameReport asks the engine that reads segments what the maps were asked.
func TestScanGivesTheSameReport(t *testing.T) {
	for _, request := range []Request{{Window: testWindow, By: us, On: cn}, {Window: testWindow}} {
		var want, got bytes.Buffer
		if err := madeReport(t, request).WriteJSON(&want); err != nil {
			t.Fatal(err)
		}
		r, err := Build(context.Background(), scanOf(t, madeEngine()), madeEvidence(), request)
		if err != nil {
			t.Fatal(err)
		}
		if err := r.WriteJSON(&got); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got.Bytes(), want.Bytes()) {
			at := 0
			for got.Bytes()[at] == want.Bytes()[at] {
				at++
			}
			t.Errorf("the reports differ at byte %d:\nscan …%.300s\nmaps …%.300s", at, got.Bytes()[at-100:], want.Bytes()[at-100:])
		}
	}
}
