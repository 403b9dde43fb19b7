// Package report knows which figures a report holds, what stands beside each of them, and
// how they are written for people (HTML), programs (JSON) and spreadsheets (CSV). It must
// never know how sets are kept or merged, what telemetry looks like, or where a ledger lies:
// it asks an Engine for counts, and everything else is handed in as Evidence.
//
// A report is a pure function of its request, its evidence and the engine's answers: the same
// three give the same bytes. The rules are those of doc/measures.md; the JSON of a figure is
// tallystick.Figure (doc/formats/figure.md).
package report

import (
	"context"
	"iter"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/count"
	"github.com/tallystick/tallystick/internal/place"
)

// Engine answers questions exactly. Count yields groups by falling Members, and exactly one
// where the question has no dimension. Series yields one point a day, in order. Rows
// yields the counted rows in any order.
type Engine interface {
	Count(context.Context, count.Question) iter.Seq2[count.Group, error]
	Series(context.Context, count.Question) iter.Seq2[count.Point, error]
	Rows(context.Context, count.Question) iter.Seq2[ts.Row, error]
}

// Evidence is what the ledger says beside its rows. Every list is in the order of the ledger
// and is printed in that order.
type Evidence struct {
	Checkpoint ts.FigureCheckpoint
	Recipe     ts.FigureRecipe
	Inputs     []Input
	Sensors    []ts.Sensor
	Exclusions []Exclusion
	Feeds      []FeedLine
	Listed     []ts.Class // that an indicator of any feed speaks of
	Places     []PlaceLine
	Notes      []string // printed at the head; one that begins with "synthetic" marks every figure
}

// Input is one input of a batch: what was read of it and what was lost.
type Input struct {
	Name, Sensor, Format string
	Tally                ts.Tally
	Bytes                uint64      // new decompressed bytes
	Days                 ts.Window   // of what was observed; zero: not known
	Shows                []ts.Record // kinds of record that the format can hold
}

// Exclusion is one tally-exclude entry.
type Exclusion struct {
	Value  string `json:"value"`
	Reason string `json:"reason"`
}

// FeedLine is one feed of indicators.
type FeedLine struct {
	Name    string `json:"name"`
	Entries uint64 `json:"entries"`
	Undated uint64 `json:"undated"` // entries without validity in time
}

// PlaceLine is one edition of a data set of places.
type PlaceLine struct {
	Name     string
	Day      ts.Day
	Digest   ts.Digest
	Distance int // days between the edition and the farthest day it was used for
}

// Request says what a report is about. A nil group is any country.
type Request struct {
	Window  ts.Window
	By, On  []ts.Country
	Verdict place.Verdict
}

// drafter draws figures from one engine and one evidence.
type drafter struct {
	engine   Engine
	evidence Evidence
	answers  map[string]count.Group // of total, by question: many figures rest on the same
}

func newDrafter(engine Engine, evidence Evidence) *drafter {
	return &drafter{engine, evidence, map[string]count.Group{}}
}
