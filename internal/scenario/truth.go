package scenario

// Planted is one number of the planted truth: Value members of Measure within Window.
type Planted struct {
	Measure  string
	By, On   string // groups of countries as on a command line; "" any
	Verdict  string // of the data sets on places: "" the first-named
	Value    uint64
	Internal uint64 // members that are one only together with their sensor
}

// Truth is what was planted.
type Truth struct {
	Headline []Planted // US on CN, as in the statement
	Mirror   []Planted // CN on US, where observable
	Others   []Planted // other pairs
	// Unobservable names the measures whose mirror nothing could have seen.
	Unobservable []string
}

// Trap is a piece of traffic, planted apart, that a correct count passes over and a naive
// one falls for. It leaves the headline as it is.
type Trap struct {
	Name  string
	What  string    // what was planted
	Naive string    // what a naive count does with it
	Want  []Planted // numbers of its own, if any
}

// Truth returns the planted truth. It plans the whole scenario and writes nothing.
func (s Scenario) Truth() Truth { return s.plan().truth }

// Traps returns the planted traps in order.
func (s Scenario) Traps() []Trap { return s.plan().traps }
