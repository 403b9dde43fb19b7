package intel

import (
	"bufio"
	"bytes"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/tallystick/tallystick"
)

// realData returns a folder of the real data beside the project, or skips.
func realData(t testing.TB, folder string) string {
	root := os.Getenv("TALLYSTICK_DATA")
	if root == "" {
		t.Skip("TALLYSTICK_DATA is unset: real data is not at hand")
	}
	return filepath.Join(root, folder)
}

// zeekColumn returns the values of a column of a Zeek TSV log.
func zeekColumn(t testing.TB, file, name string) [][]byte {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var values [][]byte
	at := -1
	lines := bufio.NewScanner(bytes.NewReader(text))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		fields := strings.Split(lines.Text(), "\t")
		switch {
		case fields[0] == "#fields":
			at = slices.Index(fields, name) - 1
		case fields[0][0] != '#':
			values = append(values, []byte(fields[at]))
		}
	}
	if err := lines.Err(); err != nil || at < 0 {
		t.Fatalf("%s: no column %s (%v)", file, name, err)
	}
	return values
}

// The numbers of this file's tests are those of the data's README, counted by others.
func TestRealMaltrail(t *testing.T) {
	s := loadReal(t, "maltrail/trails/static")
	if s.Len() < 1_300_000 {
		t.Errorf("%d indicators, want at least 1.3 million", s.Len())
	}
	t.Run("simda names", func(t *testing.T) {
		names := map[string]bool{}
		for _, q := range zeekColumn(t, realData(t, "zeek/simda/dns.log"), "query") {
			q = bytes.ToLower(q)
			if m := s.Name(q, 0); m.Indicator != nil && m.Indicator.Family == "simda" {
				names[string(q)] = true
			}
		}
		if len(names) != 256 {
			t.Errorf("%d queried names are of family simda, want 256", len(names))
		}
	})
	t.Run("simda addresses", func(t *testing.T) {
		parked, sinkholes := map[string]bool{}, map[string]bool{}
		for _, a := range zeekColumn(t, realData(t, "zeek/simda/http.log"), "id.resp_h") {
			switch s.Addr(netip.MustParseAddr(string(a)), 80, 0).Role.First() {
			case RoleSinkhole:
				sinkholes[string(a)] = true
			case RoleParked:
				parked[string(a)] = true
			}
		}
		if len(parked) != 9 || len(sinkholes) != 5 || !sinkholes["104.239.157.210"] {
			t.Errorf("%d parked, want 9; sinkholes %v, want 5 with 104.239.157.210", len(parked), sinkholes)
		}
	})
	t.Run("web shells", func(t *testing.T) {
		m := s.Path([]byte("/blog/wp-content/antisecshell.php"), 0)
		if m.Indicator == nil || m.Indicator.Class != tallystick.Backdoor || m.Indicator.Value != "/antisecshell.php" {
			t.Errorf("web shell: %+v", m)
		}
	})
}

func TestRealZeekIntel(t *testing.T) {
	s := loadReal(t, "zeek-intel")
	files, empty := 0, 0
	var all tallystick.Tally
	for _, f := range s.Feeds() {
		files += f.Files
		empty += f.Empty
		all.Add(f.Tally)
	}
	if files < 41 || empty < 2 || all.Read != 363_906 || !all.Balanced() {
		t.Errorf("%d files of which %d empty, %s; want 41 or more, 2 or more, 363906 read", files, empty, &all)
	}
	for _, host := range []string{"www.google.com", "t.co"} {
		if m := s.URL([]byte(host), []byte("/"), 0); m.Indicator != nil {
			t.Errorf("%s matches by its host alone: %+v", host, m.Indicator)
		}
	}
}

func TestRealBlackbook(t *testing.T) {
	s := loadReal(t, "blackbook/blackbook.csv")
	f := s.Feeds()[0]
	if f.Tally.Observed != 18_151 || f.Undated != 0 {
		t.Errorf("%s, undated %d; want 18151 observed, all dated", &f.Tally, f.Undated)
	}
}

func TestRealWarningLists(t *testing.T) {
	s := loadReal(t, "misp-warninglists", "maltrail/trails/static/malware/bazarloader.txt")
	files := 0
	for _, f := range s.Feeds() {
		if f.Format == formatWarning {
			files += f.Files
		}
	}
	lists, err := filepath.Glob(realData(t, "intel/misp-warninglists/lists/*/list.json"))
	if err != nil || files != len(lists) || files == 0 {
		t.Errorf("%d warning lists read of %d (%v)", files, len(lists), err)
	}
	for _, a := range []string{"204.79.197.200", "216.239.32.21"} {
		if m := s.Addr(netip.MustParseAddr(a), 443, 0); !m.Vetoed && m.Role&RoleShared == 0 {
			t.Errorf("%s is neither vetoed nor shared: %+v", a, m)
		}
	}
	if m := s.Name([]byte("www.google.com"), 0); !m.Vetoed {
		t.Error("www.google.com is not vetoed")
	}
}

// TestRealSpyware loads what mixes formats and holds much that cannot be used; nothing
// of it may vanish from the tallies.
func TestRealSpyware(t *testing.T) {
	l := NewLoader()
	for _, folder := range []string{"amnesty", "mvt", "citizenlab", "stalkerware", "stix2", "feed-samples"} {
		if err := l.LoadPath(os.DirFS(realData(t, "intel")), folder, Hint{}); err == nil {
			t.Logf("%s: no file of it is refused", folder)
		}
	}
	s := compiled(t, l)
	feeds := s.Feeds()
	for _, f := range feeds {
		if !f.Tally.Balanced() {
			t.Errorf("%s: %s", f.Name, &f.Tally)
		}
	}
	for name, n := range map[string]uint64{"pegasus": 1438, "candiru": 125, "cytrox": 336} {
		k := slices.IndexFunc(feeds, func(f Feed) bool { return f.Name == name })
		if k < 0 || feeds[k].Tally.Observed != n {
			t.Errorf("%s: want %d domains", name, n)
		}
	}
}
