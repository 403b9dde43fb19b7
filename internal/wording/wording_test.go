package wording

import "testing"

func TestThousands(t *testing.T) {
	for n, want := range map[uint64]string{0: "0", 999: "999", 1000: "1,000", 57000: "57,000", 1180000: "1,180,000", 1<<64 - 1: "18,446,744,073,709,551,615"} {
		if got := Thousands(n); got != want {
			t.Errorf("Thousands(%d) = %s, want %s", n, got, want)
		}
	}
}

func TestPlural(t *testing.T) {
	for n, want := range map[uint64]string{0: "0 entries", 1: "1 entry", 2: "2 entries", 1000: "1,000 entries"} {
		if got := Plural(n, "entry", "entries"); got != want {
			t.Errorf("Plural(%d) = %s, want %s", n, got, want)
		}
	}
}

func TestPrintable(t *testing.T) {
	if got := Printable("a\x1b[2Jb\tü\u202e\r\n\x07\xff"); got != "a\uFFFD[2Jb\tü\uFFFD\uFFFD\n\uFFFD\uFFFD" {
		t.Errorf("%q", got)
	}
}
