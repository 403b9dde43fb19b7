package ingest

import (
	"testing"

	ts "github.com/tallystick/tallystick"
)

// TestProxiedSite: a site that was asked for through a proxy has neither the proxy's
// address nor a place, but where its web server declares it.
func TestProxiedSite(t *testing.T) {
	const log = "#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\thttp\n" +
		"#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tmethod\thost\turi\tstatus_code\n" +
		"1395187200\tH1\t240.1.0.5\t5000\t240.0.0.9\t3128\tPOST\tshop.example\t"
	for _, c := range []struct {
		name, uri string
		sensor    *ts.Sensor
		victim    string
		on        ts.Country
		declared  bool
	}{
		{"direct", "/shell-x.php", backbone, "240.0.0.9", "US", false},
		{"proxied", "http://shop.example/shell-x.php", backbone, "", ts.Unknown, false},
		{"proxied, at the site's own server", "http://shop.example/shell-x.php", web, "", "CZ", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			w.must(src("http.log", c.sensor, log+c.uri+"\t200\n"))
			rows := committedRows(t, w.Ledger)
			if len(rows) != 1 {
				t.Fatalf("%d rows", len(rows))
			}
			for line := range rows {
				r, err := ts.ParseLine(line)
				if err != nil {
					t.Fatal(err)
				}
				victim := ""
				if r.Victim.IsValid() {
					victim = r.Victim.String()
				}
				if r.Site != "shop.example" || r.On != c.on || victim != c.victim || r.Flags.Has(ts.FlagVictimDeclared) != c.declared ||
					(victim == "") != (r.Via.IsValid() && r.Via.String() == "240.0.0.9") {
					t.Errorf("%s", line)
				}
			}
		})
	}
}
