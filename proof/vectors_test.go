package proof

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"
)

// update writes doc/proof/vectors anew.
var update = flag.Bool("update", false, "write the test vectors anew")

// vectors compares a file of test vectors with what this program makes of the same cases,
// and has check run the cases of the file. Every file has at most 60 kB.
func vectors[T any](t *testing.T, name string, made T, check func(*testing.T, T)) {
	t.Helper()
	path := filepath.Join("..", "doc", "proof", "vectors", name+".json")
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	if err := e.Encode(made); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(file, b.Bytes()) {
		t.Errorf("%s is not what this program makes: go test ./proof -run Vectors -update", path)
	}
	if len(file) > 60_000 {
		t.Errorf("%s has %d bytes", path, len(file))
	}
	var read T
	if err := json.Unmarshal(file, &read); err != nil {
		t.Fatal(err)
	}
	check(t, read)
}

// hexBytes are bytes that stand in JSON as lower-case hex.
type hexBytes []byte

func (h hexBytes) MarshalText() ([]byte, error) { return []byte(hex.EncodeToString(h)), nil }

func (h *hexBytes) UnmarshalText(text []byte) (err error) {
	*h, err = hex.DecodeString(string(text))
	return err
}

func hexPoints(points []Point) []hexBytes {
	list := []hexBytes{}
	for _, p := range points {
		list = append(list, bytes.Clone(p[:]))
	}
	return list
}

// pointsOf copies without asking whether they are points.
func pointsOf(list []hexBytes) []Point {
	points := make([]Point, len(list))
	for i := range list {
		copy(points[i][:], list[i])
	}
	return points
}

// hashOf reads a hash of a vector.
func hashOf(t *testing.T, b hexBytes) Hash {
	t.Helper()
	if len(b) != len(Hash{}) {
		t.Fatalf("%x is no hash", []byte(b))
	}
	return Hash(b)
}

// agree fails unless what happened is what the vector says.
func agree(t *testing.T, name string, err error, ok bool) {
	t.Helper()
	if (err == nil) != ok {
		t.Errorf("%s: %v; the vector says ok is %v", name, err, ok)
	}
}
