package report

import (
	"encoding/json"
	"fmt"
	"io"
)

// WriteJSON writes figures.json: the Report, indented by one space, text unescaped but for
// what JSON itself demands. The same report gives the same bytes.
func (r *Report) WriteJSON(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	if err := e.Encode(r); err != nil {
		return fmt.Errorf("figures.json: %w", err)
	}
	return nil
}
