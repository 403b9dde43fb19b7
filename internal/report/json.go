package report

import (
	"encoding/json"
	"fmt"
	"io"
)

// WriteJSON writes figures.json: the Report, indented by one space, text unescaped but for
// what JSON itself demands. The same report gives the same bytes.
//
// A figure is tallystick.Figure with "observable" beside it; where that is false, "value" and
// "internal" are null and the only part of its bounds is "not-observable". The parts of its
// bounds, each with value, internal and text, come in this order where the measure has them:
//
//	undated          members of the figure that rest only on indicators without validity
//	clock            members in records dated 1970 or in the future, of all days
//	declared         members of the figure whose victim end its sensor places
//	attempted        members in contacts that got less far, such as without answer: beside the figure
//	looked-up        members in look-ups, whoever serves the name: beside the figure
//	catch-all        members that only sites answering everything alike support: left out
//	behind-resolver  members that are resolvers of others: left out
//	by-unknown       members whose perpetrator end nobody places: left out
//	on-unknown       members whose victim end nobody places: left out
//	sinkhole, scanner, parked, egress, shared, vetoed, resolver, unverified
//	                 members in contacts that bear the mark, of any grade, whatever the
//	                 country of the perpetrator end: left out
//	nowhere          members in look-ups answered with loopback: left out
//	unknown          rows that would count but whose member is not known
//	places-all, places-most, places-any
//	                 the figure under the verdicts L, P and U; the first and the last widen
//	                 "low" and "high"
//
// A mirror figure has only those that say what it rests on: undated, clock, declared,
// unknown and places. A table's columns name their question: measure, by, on, and in
// "bearing" the mark that every counted row bears, of any grade; "total" is the count over
// all groups, the denominator of every share; "folded" counts the groups not listed.
// A day of a series has what is distinct on it and up to it; a matrix has cells[i][j] for by[i] on on[j].
func (r *Report) WriteJSON(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	if err := e.Encode(r); err != nil {
		return fmt.Errorf("figures.json: %w", err)
	}
	return nil
}
