package intel

import (
	"os"
	"strings"
	"testing"
)

func load(t testing.TB, files map[string]string) *Set {
	t.Helper()
	l := NewLoader()
	for name, text := range files {
		if err := l.Load(name, strings.NewReader(text), Hint{}); err != nil {
			t.Fatal(err)
		}
	}
	return compiled(t, l)
}

func compiled(t testing.TB, l *Loader) *Set {
	t.Helper()
	s, err := l.Compile()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func loadReal(t testing.TB, paths ...string) *Set {
	t.Helper()
	l := NewLoader()
	for _, p := range paths {
		if err := l.LoadPath(os.DirFS(realData(t, "intel")), p, Hint{}); err != nil {
			t.Fatal(err)
		}
	}
	return compiled(t, l)
}
