package telemetry

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

func gzipped(t testing.TB, text string) []byte {
	var b bytes.Buffer
	return pack(t, &b, gzip.NewWriter(&b), text)
}

func zstandard(t testing.TB, text string) []byte {
	var b bytes.Buffer
	z, err := zstd.NewWriter(&b, zstd.WithEncoderConcurrency(1))
	if err != nil {
		t.Fatal(err)
	}
	return pack(t, &b, z, text)
}

func pack(t testing.TB, b *bytes.Buffer, z io.WriteCloser, text string) []byte {
	if _, err := io.WriteString(z, text); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestDecompress(t *testing.T) {
	text := strings.Repeat("some line\n", 100_000)
	skippable := append([]byte("\x50\x2a\x4d\x18\x02\x00\x00\x00xx"), zstandard(t, text)...)
	for name, packed := range map[string][]byte{
		"plain": []byte(text), "gzip": gzipped(t, text), "zstd": zstandard(t, text), "skippable frame": skippable,
		"members": append(gzipped(t, text[:77]), gzipped(t, text[77:])...),
	} {
		r, err := Decompress(name, iotest.HalfReader(bytes.NewReader(packed)), Limit{})
		if err != nil {
			t.Fatal(name, err)
		}
		if got, err := io.ReadAll(r); err != nil || string(got) != text {
			t.Errorf("%s: %d bytes, %v", name, len(got), err)
		}
		if err := r.Close(); err != nil {
			t.Error(name, err)
		}
	}
	for _, short := range []string{"", "\x1f", "\x28\xb5\x2f", "abc"} {
		r, err := Decompress("short", strings.NewReader(short), Limit{})
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(r); err != nil || string(got) != short {
			t.Errorf("%q becomes %q, %v", short, got, err)
		}
	}
}

// TestBomb lowers each side of the limit in turn: only both exceeded make a bomb.
func TestBomb(t *testing.T) {
	text := strings.Repeat("0", 10<<20)
	for _, compress := range []func(testing.TB, string) []byte{gzipped, zstandard} {
		for _, tc := range []struct {
			limit Limit
			bomb  bool
		}{
			{Limit{Output: 1 << 20, Ratio: 20}, true},
			{Limit{Output: 1 << 20, Ratio: 1 << 30}, false},
			{Limit{Output: 1 << 30, Ratio: 20}, false},
			{Limit{}, false},
		} {
			r, err := Decompress("the-name", bytes.NewReader(compress(t, text)), tc.limit)
			if err != nil {
				t.Fatal(err)
			}
			n, err := io.Copy(io.Discard, r)
			if errors.Is(err, ErrBomb) != tc.bomb || !tc.bomb && n != int64(len(text)) {
				t.Errorf("%+v: %d bytes, %v", tc.limit, n, err)
			}
			if tc.bomb && (!strings.HasPrefix(err.Error(), "the-name: ") || n > 3<<20) {
				t.Errorf("%d bytes, %v", n, err)
			}
		}
	}
}

func TestAhead(t *testing.T) {
	text := strings.Repeat("0123456789", 3*blockSize/7)
	broken := errors.New("broken")
	a := newAhead(io.NopCloser(io.MultiReader(strings.NewReader(text), iotest.ErrReader(broken))))
	if got, err := io.ReadAll(iotest.HalfReader(a)); string(got) != text || err != broken {
		t.Fatalf("%d bytes, %v", len(got), err)
	}
	if n, err := a.Read(make([]byte, 1)); n != 0 || err != broken {
		t.Fatal("the error is forgotten")
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestAheadClosedEarly leaves most of an endless source unread.
func TestAheadClosedEarly(t *testing.T) {
	a := newAhead(io.NopCloser(endless{}))
	if _, err := a.Read(make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	for range blocks + 1 {
		if _, err := io.CopyN(io.Discard, a, blockSize); err != nil {
			if err != io.ErrClosedPipe {
				t.Fatal(err)
			}
			return
		}
	}
	t.Fatal("reads on after Close")
}

type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }
