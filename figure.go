package tallystick

// Figure is one published number with all that is needed to recompute it: the JSON of
// `tallystick figure --json` and of a report's figures.json (doc/formats/figure.md).
type Figure struct {
	Measure  string        `json:"measure"`
	Unit     string        `json:"unit"`
	Value    uint64        `json:"value"`    // distinct members with public addresses, or names, sites, attacks …
	Internal uint64        `json:"internal"` // distinct members known only together with their sensor; never added to Value
	Sentence string        `json:"sentence"`
	Window   FigureWindow  `json:"window"`
	By       []Country     `json:"by"`    // empty: any
	On       []Country     `json:"on"`    // empty: any
	ByAS     uint32        `json:"by_as"` // 0: any, as are the empty strings that follow
	OnAS     uint32        `json:"on_as"`
	Sensor   string        `json:"sensor"`
	Site     string        `json:"site"`
	Family   string        `json:"family"`
	Verdict  string        `json:"verdict"`
	GroupBy  []string      `json:"group_by"`
	Groups   []FigureGroup `json:"groups"` // by falling value, then key; never to be summed
	Bounds   FigureBounds  `json:"bounds"`
	Recipe   FigureRecipe  `json:"recipe"`

	Checkpoint FigureCheckpoint `json:"checkpoint"`
}

// FigureWindow is a Window with inclusive days; empty strings and 0 are all days.
type FigureWindow struct {
	From string `json:"from"`
	To   string `json:"to"`
	Days int    `json:"days"`
}

// FigureGroup is the figure of one group. A member in several groups counts in each.
type FigureGroup struct {
	Key      []string `json:"key"`
	Value    uint64   `json:"value"`
	Internal uint64   `json:"internal"`
}

// FigureBounds says how sure a figure is. Low and High enclose Value by what Parts name.
type FigureBounds struct {
	Low   uint64       `json:"low"`
	High  uint64       `json:"high"`
	Parts []FigurePart `json:"parts"`
}

// FigurePart is one uncertainty of a figure, or one set shown beside it.
type FigurePart struct {
	Name     string `json:"name"`
	Value    uint64 `json:"value"`
	Internal uint64 `json:"internal"`
	Text     string `json:"text"`
}

// FigureRecipe names what was counted.
type FigureRecipe struct {
	Sensors  []string `json:"sensors"`
	Places   []string `json:"places"` // "name day sha256" of each data set, in manifest order
	Rules    []string `json:"rules"`  // digests of the rules of the batches
	Batches  int      `json:"batches"`
	Segments int      `json:"segments"`
	Rows     uint64   `json:"rows"`
	Excluded []string `json:"excluded"` // values of tally-exclude entries
	Tool     string   `json:"tool"`
}

// FigureCheckpoint is the state of the ledger that a figure was counted from.
type FigureCheckpoint struct {
	Origin string `json:"origin"`
	Size   uint64 `json:"size"`
	Root   string `json:"root"` // base64, as in the checkpoint
}

// FigureWindowOf writes w for a Figure.
func FigureWindowOf(w Window) FigureWindow {
	if w.All() {
		return FigureWindow{}
	}
	return FigureWindow{From: w.From.String(), To: w.Last().String(), Days: w.Days()}
}
