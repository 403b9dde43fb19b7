package tallystick_test

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/tallystick/tallystick"

// floors is the plan of the house (doc/life-of-a-record.md): a package imports only
// packages of lower floors, never a neighbour on its own. A sub-package may import its
// parent.
var floors = map[string]int{
	".": 0,

	"internal/lines":               1,
	"internal/jsonscan":            1,
	"internal/field":               1,
	"internal/intel":               1,
	"internal/place":               1,
	"internal/segment":             1,
	"internal/segment/segmenttest": 1,
	"internal/measure":             1,
	"internal/durable":             1,
	"internal/durable/durabletest": 1,
	"internal/policy":              1,
	"proof":                        1,
	"internal/estimate":            1,
	"internal/wording":             1,
	"internal/scenario":            1,

	"internal/telemetry/zeek":         2,
	"internal/telemetry/eve":          2,
	"internal/telemetry/weblog":       2,
	"internal/telemetry/cowrie":       2,
	"internal/telemetry/shadowserver": 2,
	"internal/detect":                 2,
	"internal/ledger":                 2,

	"internal/telemetry": 3,
	"internal/evidence":  3,
	"internal/count":     3,
	"internal/witness":   3,
	"verify":             3,
	"verify/bundle":      3,
	"verify/js":          3,

	"internal/ingest": 4,
	"internal/report": 4,

	"internal/publish": 5,

	"cmd/tallystick":        7,
	"cmd/tallystick-verify": 7,
}

type listed struct {
	ImportPath   string
	Imports      []string
	TestImports  []string
	XTestImports []string
	Doc          string
	GoFiles      []string
}

// packages lists every package of the module with the go command.
func packages(t *testing.T) []listed {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports,Doc,GoFiles", "./...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var list []listed
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return list
		} else if err != nil {
			t.Fatal(err)
		}
		list = append(list, p)
	}
}

func room(importPath string) string {
	if importPath == module {
		return "."
	}
	return strings.TrimPrefix(importPath, module+"/")
}

func TestFloors(t *testing.T) {
	var seen []string
	for _, p := range packages(t) {
		from := room(p.ImportPath)
		floor, ok := floors[from]
		if !ok {
			t.Errorf("package %s is on no floor: give it one", from)
			continue
		}
		seen = append(seen, from)
		for _, path := range p.Imports {
			to := room(path)
			if to == path {
				continue // not ours
			}
			if lower, ok := floors[to]; ok && lower >= floor && !strings.HasPrefix(from, to+"/") {
				t.Errorf("%s (floor %d) imports %s (floor %d)", from, floor, to, lower)
			}
		}
	}
	for room := range floors {
		if !slices.Contains(seen, room) {
			t.Errorf("floors names %s, which is no package", room)
		}
	}
}
