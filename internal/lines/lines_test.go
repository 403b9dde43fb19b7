package lines

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

// cut is the plain oracle: all lines of data with their offsets behind.
func cut(data []byte) (lines [][]byte, ends []int) {
	for off := 0; off < len(data); {
		line, rest, found := bytes.Cut(data[off:], []byte("\n"))
		off = len(data) - len(rest)
		if !found {
			off = len(data)
		}
		lines, ends = append(lines, bytes.TrimSuffix(line, []byte("\r"))), append(ends, off)
	}
	return lines, ends
}

func check(t *testing.T, src io.Reader, data []byte) {
	t.Helper()
	r := NewReader(src)
	want, ends := cut(data)
	start := 0
	digest := sha256.New()
	for i := range want {
		got, err := r.Next()
		if err != nil || !bytes.Equal(got, want[i]) {
			t.Fatalf("line %d: got %.40q, %v; want %.40q", i+1, got, err, want[i])
		}
		if r.Line() != uint64(i+1) || r.Offset() != uint64(start) || r.End() != uint64(ends[i]) {
			t.Fatalf("line %d: at line %d, [%d, %d); want [%d, %d)", i+1, r.Line(), r.Offset(), r.End(), start, ends[i])
		}
		digest.Write(data[start:ends[i]])
		if r.Sum() != [sha256.Size]byte(digest.Sum(nil)) {
			t.Fatalf("line %d: wrong digest", i+1)
		}
		start = ends[i]
	}
	if _, err := r.Next(); err != io.EOF {
		t.Fatalf("end: %v", err)
	}
	if want := len(data) > 0 && data[len(data)-1] != '\n'; r.Unterminated() != want {
		t.Fatalf("Unterminated() = %v", r.Unterminated())
	}
}

func TestNext(t *testing.T) {
	long := strings.Repeat("x", firstBuffer-1)
	for _, data := range []string{
		"", "\n", "a", "a\n", "a\r\nb\r\n", "\r\n\n\r", "a\n\nb",
		long + "\n" + long + "y\n", long + long + long, strings.Repeat("line\n", 100_000),
	} {
		check(t, strings.NewReader(data), []byte(data))
		check(t, iotest.DataErrReader(strings.NewReader(data)), []byte(data))
		if len(data) < 100 {
			check(t, iotest.OneByteReader(strings.NewReader(data)), []byte(data))
		}
	}
}

func TestTooLong(t *testing.T) {
	for _, tc := range []struct {
		name   string
		length int
		end    string
		long   bool
	}{
		{"longest", Max, "\n", false},
		{"longest with CRLF", Max, "\r\n", false},
		{"longest at the end", Max, "", false},
		{"one more", Max + 1, "\n", true},
		{"one more with CRLF", Max + 1, "\r\n", true},
		{"one more at the end", Max + 1, "", true},
		{"two more at the end", Max + 2, "", true},
		{"many more", 3*Max + 7, "\n", true},
		{"many more at the end", 3*Max + 7, "", true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			data := "first\n" + strings.Repeat("x", tc.length) + tc.end
			if tc.end != "" {
				data += "last\n"
			}
			r := NewReader(strings.NewReader(data))
			if line, err := r.Next(); string(line) != "first" || err != nil {
				t.Fatal(line, err)
			}
			line, err := r.Next()
			var tooLong *TooLong
			if errors.As(err, &tooLong) != tc.long || !tc.long && len(line) != tc.length {
				t.Fatalf("%d bytes, %v", len(line), err)
			}
			if tc.long && (tooLong.Offset != 6 || tooLong.Length != uint64(tc.length+max(len(tc.end)-1, 0))) {
				t.Fatal(tooLong)
			}
			if r.Line() != 2 || r.Offset() != 6 || r.End() != uint64(6+tc.length+len(tc.end)) {
				t.Fatalf("line %d, [%d, %d)", r.Line(), r.Offset(), r.End())
			}
			if tc.end != "" {
				if line, err := r.Next(); string(line) != "last" || err != nil || r.Line() != 3 {
					t.Fatal(line, err)
				}
			}
			if _, err := r.Next(); err != io.EOF || r.Unterminated() != (tc.end == "") {
				t.Fatal(err, r.Unterminated())
			}
			if r.Sum() != sha256.Sum256([]byte(data)) {
				t.Fatal("wrong digest")
			}
			if cap(r.buf) > lastBuffer {
				t.Fatalf("holds %d bytes", cap(r.buf))
			}
		})
	}
}

func TestSourceError(t *testing.T) {
	broken := errors.New("broken")
	r := NewReader(io.MultiReader(strings.NewReader("whole\nhal"), iotest.ErrReader(broken)))
	if line, err := r.Next(); string(line) != "whole" || err != nil {
		t.Fatal(line, err)
	}
	for range 2 {
		if _, err := r.Next(); !errors.Is(err, broken) {
			t.Fatal(err)
		}
	}
	if r.End() != 6 || r.Sum() != sha256.Sum256([]byte("whole\n")) {
		t.Fatal("the unfinished line counts")
	}
}

func TestNoProgress(t *testing.T) {
	r := NewReader(stuck{})
	if _, err := r.Next(); !errors.Is(err, io.ErrNoProgress) {
		t.Fatal(err)
	}
}

type stuck struct{}

func (stuck) Read([]byte) (int, error) { return 0, nil }

func TestPeek(t *testing.T) {
	r := NewReader(iotest.OneByteReader(strings.NewReader("one\ntwo\n")))
	for _, tc := range []struct{ peek, line string }{{"one\nt", "one"}, {"two\n", "two"}, {"", ""}} {
		if got := r.Peek(5); string(got) != tc.peek {
			t.Fatalf("peeked %q, want %q", got, tc.peek)
		}
		if line, _ := r.Next(); string(line) != tc.line {
			t.Fatalf("line %q, want %q", line, tc.line)
		}
	}
	if got := NewReader(strings.NewReader(strings.Repeat("x", 2*maxPeek))).Peek(2 * maxPeek); len(got) != maxPeek {
		t.Fatalf("peeked %d bytes", len(got))
	}
}

func FuzzNext(f *testing.F) {
	f.Add([]byte("a\r\n\nb\x00"), byte(1))
	f.Fuzz(func(t *testing.T, data []byte, repeat byte) {
		data = bytes.Repeat(data, int(repeat)+1)
		check(t, iotest.HalfReader(bytes.NewReader(data)), data)
	})
}

func BenchmarkNext(b *testing.B) {
	data := bytes.Repeat([]byte(strings.Repeat("x", 119)+"\n"), 100_000)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		for r := NewReader(bytes.NewReader(data)); ; {
			if _, err := r.Next(); err != nil {
				break
			}
		}
	}
}
