package intel

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

func gzipped(t *testing.T, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := io.WriteString(z, text); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func zstandard(t *testing.T, text string) []byte {
	t.Helper()
	z, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	return z.EncodeAll([]byte(text), nil)
}

// TestPacked: a feed compressed, in one member or in two, is the feed.
func TestPacked(t *testing.T) {
	for name, text := range map[string]string{
		"lists/mine.txt": "240.0.0.1\nbad.example.net\n", "a.intel": zeekSample, "c.csv": feodoSample, "i.json": mispSample,
		"maltrail/trails/static/malware/zeus.txt": "bad.example.net\n",
	} {
		want, plain := listed(t, name, text, Hint{})
		half := len(text) / 2
		for ending, pack := range map[string]func(*testing.T, string) []byte{".gz": gzipped, ".zst": zstandard} {
			for _, packed := range [][]byte{pack(t, text), append(pack(t, text[:half]), pack(t, text[half:])...), pack(t, "\ufeff"+text)} {
				got, f := listed(t, name+ending, string(packed), Hint{})
				expect(t, got, want)
				if f.Name != plain.Name || f.Format != plain.Format || f.Tally.String() != plain.Tally.String() {
					t.Errorf("%s%s: %+v, want %+v", name, ending, f, plain)
				}
			}
		}
	}
}

func TestPackedRefused(t *testing.T) {
	text := strings.Repeat("240.0.0.1\nbad.example.net\n", 1000)
	whole, frame := gzipped(t, text), zstandard(t, text)
	for what, packed := range map[string][]byte{
		"damaged gzip": whole[:len(whole)-9], "damaged zstd": frame[:len(frame)-9], "zstd: ": []byte("\x28\xb5\x2f\xfd\xff\xff\xff\xff"),
		"binary": gzipped(t, string(gzipped(t, "240.0.0.1\n"))), "empty": gzipped(t, ""),
	} {
		l := NewLoader()
		err := l.Load("feed.txt.gz", bytes.NewReader(packed), Hint{})
		if err == nil || !strings.Contains(err.Error(), what) || !strings.HasPrefix(err.Error(), "feed.txt.gz: ") {
			t.Errorf("%v, want the file and %q", err, what)
		}
		if s := compiled(t, l); s.Len() != 0 || len(s.Feeds()) != 0 {
			t.Errorf("%s: %d indicators are kept of %v", what, s.Len(), s.Feeds())
		}
	}
}

// TestAllOrNothing: of a feed that fails in its middle nothing is kept, and all of those
// before and behind it, wherever their chunks end.
func TestAllOrNothing(t *testing.T) {
	many := func(n, from int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, "n%d.example.net\n", from+i)
		}
		return b.String()
	}
	broken := errors.New("broken")
	for _, before := range []int{1, chunkLen - 1, chunkLen, chunkLen + 1, 2*chunkLen + 5} {
		for _, half := range []int{1, chunkLen - 1, chunkLen, 3 * chunkLen} {
			l := NewLoader()
			if err := l.Load("a.txt", strings.NewReader(many(before, 0)), Hint{}); err != nil {
				t.Fatal(err)
			}
			cut := io.MultiReader(strings.NewReader(many(half, 1e6)), iotest.ErrReader(broken))
			if err := l.Load("trails/static/malware/zeus.txt", cut, Hint{}); !errors.Is(err, broken) {
				t.Fatal(err)
			}
			if err := l.Load("trails/static/malware/zeus-1.txt", strings.NewReader(many(chunkLen, 2e6)), Hint{}); err != nil {
				t.Fatal(err)
			}
			s, feeds := compiled(t, l), 0
			for _, i := range s.indicators {
				if strings.HasPrefix(i.Value, "n1") && len(i.Value) == len("n1000000.example.net") || i.Family == "zeus" {
					t.Fatalf("%d and %d: %s of %q is kept", before, half, i.Value, i.Family)
				}
			}
			for _, f := range s.Feeds() {
				feeds += f.Used
			}
			if s.Len() != before+chunkLen || feeds != s.Len() {
				t.Errorf("%d and %d: %d indicators, %d of feeds", before, half, s.Len(), feeds)
			}
		}
	}
}

func TestBounded(t *testing.T) {
	for left, want := range map[int64]error{9: errTooLarge, 10: nil, 11: nil} {
		_, err := io.Copy(io.Discard, &bounded{strings.NewReader("0123456789"), "gzip", left})
		if !errors.Is(err, want) {
			t.Errorf("10 bytes of %d: %v, want %v", left, err, want)
		}
	}
}
