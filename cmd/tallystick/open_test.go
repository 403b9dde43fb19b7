package main

import (
	"fmt"
	"testing"
)

// TestParseMine: addresses and networks are read however they are written, and of none is
// opened what nobody can hold.
func TestParseMine(t *testing.T) {
	neither := " is neither an address, such as 240.0.0.1, nor a network, such as 240.0.0.0/24"
	wider := func(p string, most int) string {
		return fmt.Sprintf("--mine: %s is wider than /%d: nobody has so many addresses of his own; if he has, say --no-limit", p, most)
	}
	for _, c := range []struct {
		text      string
		wide      bool
		want, err string
	}{
		{"240.0.0.1", false, "240.0.0.1/32", ""},
		{" 240.0.0.9/24", false, "240.0.0.0/24", ""},
		{"::ffff:240.0.0.1", false, "240.0.0.1/32", ""},
		{"::ffff:240.0.0.9/120", false, "240.0.0.0/24", ""},
		{"64:ff9b::240.0.0.9/120", false, "240.0.0.0/24", ""},
		{"2001:db8::1", false, "2001:db8::1/128", ""},
		{"2001:db8::/16", false, "2001::/16", ""},
		{"240.0.0.0/8", false, "240.0.0.0/8", ""},
		{"240.0.0.0/7", false, "", wider("240.0.0.0/7", 8)},
		{"0.0.0.0/0", true, "0.0.0.0/0", ""},
		{"::ffff:0.0.0.0/96", false, "", wider("0.0.0.0/0", 8)},
		{"::/0", false, "", wider("::/0", 16)},
		{"::/0", true, "::/0", ""},
		{"240.1.0.999", false, "", `--mine: "240.1.0.999"` + neither},
		{"240.0.0.0/33", false, "", `--mine: "240.0.0.0/33"` + neither},
		{"", false, "", `--mine: ""` + neither},
	} {
		list, err := parseMine([]string{c.text}, c.wide)
		if err != nil {
			equal(t, c.text, err.Error(), c.err)
			continue
		}
		equal(t, c.text, fmt.Sprint(list), "["+c.want+"]")
	}
}
