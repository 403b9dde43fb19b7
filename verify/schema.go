package verify

import ts "github.com/tallystick/tallystick"

// document is figures.json, as far as this package knows it (doc/formats/figure.md). It
// stands here again, apart from the report's own types, so that a field that is added there
// and means something is noticed here, and not ignored.
type document struct {
	Title      string              `json:"title"`
	Notes      []string            `json:"notes"`
	Window     ts.FigureWindow     `json:"window"`
	By         []ts.Country        `json:"by"`
	On         []ts.Country        `json:"on"`
	Verdict    string              `json:"verdict"`
	Figures    []finding           `json:"figures"`
	Mirror     []finding           `json:"mirror"`
	Rankings   []table             `json:"rankings"`
	Series     []series            `json:"series"`
	Matrix     []matrix            `json:"matrix"`
	Families   []table             `json:"families"`
	Networks   []table             `json:"networks"`
	Servers    []table             `json:"servers"`
	Apart      []table             `json:"apart"`
	Coverage   coverage            `json:"coverage"`
	Sensors    []sensorLine        `json:"sensors"`
	Exclusions []exclusion         `json:"exclusions"`
	Feeds      []feedLine          `json:"feeds"`
	Places     []placeLine         `json:"places"`
	Recipe     recipe              `json:"recipe"`
	Checkpoint ts.FigureCheckpoint `json:"checkpoint"`
}

// finding is a published figure. Value and Internal are nil where nothing was observable.
type finding struct {
	Measure    string              `json:"measure"`
	Unit       string              `json:"unit"`
	Value      *uint64             `json:"value"`
	Internal   *uint64             `json:"internal"`
	Sentence   string              `json:"sentence"`
	Window     ts.FigureWindow     `json:"window"`
	By         []ts.Country        `json:"by"`
	On         []ts.Country        `json:"on"`
	ByAS       uint32              `json:"by_as"`
	OnAS       uint32              `json:"on_as"`
	Sensor     string              `json:"sensor"`
	Site       string              `json:"site"`
	Family     string              `json:"family"`
	Verdict    string              `json:"verdict"`
	GroupBy    []string            `json:"group_by"`
	Groups     []group             `json:"groups"`
	Bounds     bounds              `json:"bounds"`
	Recipe     recipe              `json:"recipe"`
	Checkpoint ts.FigureCheckpoint `json:"checkpoint"`
	Observable *bool               `json:"observable"`
}

type group struct {
	Key      []string `json:"key"`
	Value    uint64   `json:"value"`
	Internal uint64   `json:"internal"`
}

type bounds struct {
	Low   uint64 `json:"low"`
	High  uint64 `json:"high"`
	Parts []part `json:"parts"`
}

type part struct {
	Name     string `json:"name"`
	Value    uint64 `json:"value"`
	Internal uint64 `json:"internal"`
	Text     string `json:"text"`
}

type recipe struct {
	Sensors  []string `json:"sensors"`
	Places   []string `json:"places"`
	Rules    []string `json:"rules"`
	Batches  uint64   `json:"batches"`
	Segments uint64   `json:"segments"`
	Rows     uint64   `json:"rows"`
	Excluded []string `json:"excluded"`
	Tool     string   `json:"tool"`
}

// cell is a number of distinct public members, and of internal ones apart.
type cell struct {
	Value    uint64 `json:"value"`
	Internal uint64 `json:"internal"`
}

type table struct {
	Name    string   `json:"name"`
	Title   string   `json:"title"`
	Note    string   `json:"note"`
	GroupBy []string `json:"group_by"`
	Columns []column `json:"columns"`
	Rows    []struct {
		Key   []string `json:"key"`
		Cells []cell   `json:"cells"`
	} `json:"rows"`
	Folded uint64 `json:"folded"`
}

type column struct {
	Measure string       `json:"measure"`
	Unit    string       `json:"unit"`
	Label   string       `json:"label"`
	Bearing string       `json:"bearing"`
	By      []ts.Country `json:"by"`
	On      []ts.Country `json:"on"`
	Total   cell         `json:"total"`
}

type series struct {
	Measure string       `json:"measure"`
	Unit    string       `json:"unit"`
	Label   string       `json:"label"`
	By      []ts.Country `json:"by"`
	On      []ts.Country `json:"on"`
	Points  []point      `json:"points"`
}

type point struct {
	Day   string `json:"day"`
	Value cell   `json:"distinct"`
	Total cell   `json:"accumulated"`
}

type matrix struct {
	Measure string   `json:"measure"`
	Unit    string   `json:"unit"`
	Label   string   `json:"label"`
	By      []string `json:"by"`
	On      []string `json:"on"`
	Cells   [][]cell `json:"cells"`
	Folded  uint64   `json:"folded"`
	Largest cell     `json:"largest"`
}

type coverage struct {
	Total   coverageLine   `json:"total"`
	Formats []coverageLine `json:"formats"`
	Inputs  []coverageLine `json:"inputs"`
}

type coverageLine struct {
	Name     string `json:"name"`
	Sensor   string `json:"sensor"`
	Format   string `json:"format"`
	Days     string `json:"days"`
	Inputs   uint64 `json:"inputs"`
	Bytes    uint64 `json:"bytes"`
	Read     uint64 `json:"read"`
	Observed uint64 `json:"observed"`
	Skipped  []loss `json:"skipped"`
}

type loss struct {
	Reason  string `json:"reason"`
	Records uint64 `json:"records"`
}

type sensorLine struct {
	Name          string   `json:"name"`
	Role          string   `json:"role"`
	Country       string   `json:"country"`
	AS            uint64   `json:"as"`
	Site          string   `json:"site"`
	Networks      []string `json:"networks"`
	TreatAsPublic []string `json:"treat_as_public"`
	Sampling      uint64   `json:"sampling"`
}

type exclusion struct {
	Value  string `json:"value"`
	Reason string `json:"reason"`
}

type feedLine struct {
	Name    string `json:"name"`
	Entries uint64 `json:"entries"`
	Undated uint64 `json:"undated"`
}

type placeLine struct {
	Name     string `json:"name"`
	Day      string `json:"day"`
	Digest   string `json:"sha256"`
	Distance uint64 `json:"distance_days"`
}
