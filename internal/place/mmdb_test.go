package place

import (
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/oschwald/maxminddb-golang/v2"
)

func testDatabases(t *testing.T, pattern string) []string {
	t.Helper()
	root := os.Getenv("TALLYSTICK_DATA")
	if root == "" {
		t.Skip("TALLYSTICK_DATA is not set")
	}
	paths, err := filepath.Glob(filepath.Join(root, "place", "maxmind-testdb", pattern))
	if err != nil || len(paths) == 0 {
		t.Fatalf("%s: %d files, %v", pattern, len(paths), err)
	}
	return paths
}

func openFile(t *testing.T, path string) (*Snapshot, error) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	return Open(filepath.Base(path), 0, f)
}

// TestMMDBAgreesWithLibrary asks the library about the first and last address of every
// network of every published test database that opens.
func TestMMDBAgreesWithLibrary(t *testing.T) {
	opened := map[string]bool{}
	for _, path := range testDatabases(t, "test-data/*.mmdb") {
		s, err := openFile(t, path)
		if err != nil {
			t.Logf("%v", err)
			continue
		}
		opened[filepath.Base(path)] = true
		if strings.Contains(path, "Broken-Double") {
			continue // broken in a field that is skipped here and trips the library
		}
		r, err := maxminddb.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		a := atlas(t, s)
		for result := range r.Networks() {
			sp := spanOf(result.Prefix(), mark{})
			for _, addr := range []netip.Addr{sp.first.addr(), sp.last.addr()} {
				want := libraryPlace(t, r, addr)
				if got, _ := a.At(addr, s.Day); got != want {
					t.Fatalf("%s: %s: %v, the library says %v", filepath.Base(path), addr, got, want)
				}
			}
		}
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"GeoIP2-Country-Test.mmdb", "GeoIP2-City-Test.mmdb", "GeoLite2-ASN-Test.mmdb",
		"GeoLite2-Country-Test.mmdb", "GeoIP2-ISP-Test.mmdb", "GeoIP2-Enterprise-Test.mmdb"} {
		if !opened[name] {
			t.Errorf("%s did not open", name)
		}
	}
}

func libraryPlace(t *testing.T, r *maxminddb.Reader, addr netip.Addr) Place {
	t.Helper()
	var code string
	var as uint32
	result := r.Lookup(addr)
	for _, err := range []error{
		result.DecodePath(&code, "country", "iso_code"),
		result.DecodePath(&as, "autonomous_system_number"),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	return mark{country: country(code), as: as}.place()
}

// TestCorruptMMDB: each published corrupt file is an error that names it, never a panic.
func TestCorruptMMDB(t *testing.T) {
	// The City file with a broken double is broken in a field that is skipped.
	paths := append(testDatabases(t, "bad-data/*/*.mmdb"), testDatabases(t, "test-data/*-broken-*.mmdb")...)
	for _, path := range append(paths, testDatabases(t, "test-data/*Invalid-Node-Count.mmdb")...) {
		s, err := openFile(t, path)
		if err == nil {
			t.Errorf("%s: opens, with %d ranges", filepath.Base(path), s.Len())
			continue
		}
		if !strings.Contains(err.Error(), filepath.Base(path)) {
			t.Errorf("%s: error %q does not name it", filepath.Base(path), err)
		}
	}
}
