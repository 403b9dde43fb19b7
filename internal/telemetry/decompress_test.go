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
