package ingest

import (
	"testing"

	ts "github.com/tallystick/tallystick"
)

func TestDays(t *testing.T) {
	const now = 16200
	for _, c := range []struct {
		name string
		days []ts.Day
		want ts.Window
	}{
		{"none", nil, ts.Window{}},
		{"one", []ts.Day{16148}, ts.Window{From: 16148, To: 16149}},
		{"any order", []ts.Day{16150, 16148, 16149}, ts.Window{From: 16148, To: 16151}},
		{"clocks that are wrong", []ts.Day{16148, 0, now + 1}, ts.Window{From: 16148, To: 16149}},
		{"beyond what can be written", []ts.Day{-9, 1 << 30}, ts.Window{From: 0, To: lastDay + 1}},
		{"no other clock", []ts.Day{0, 3}, ts.Window{From: 0, To: 4}},
	} {
		var d days
		for _, day := range c.days {
			d.add(day, now)
		}
		if got := d.window(); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
	if text := lastDay.String(); text != "9999-12-31" {
		t.Errorf("the last day is %s", text)
	}
}
