package lines

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/tallystick/tallystick"
)

// cut is the plain oracle: all lines of data, where the first begins, and the offsets behind.
func cut(data []byte) (lines [][]byte, start int, ends []int) {
	start = len(data) - len(bytes.TrimPrefix(data, []byte("\ufeff")))
	for off := start; off < len(data); {
		line, rest, found := bytes.Cut(data[off:], []byte("\n"))
		off = len(data) - len(rest)
		if !found {
			off = len(data)
		}
		lines, ends = append(lines, bytes.TrimSuffix(line, []byte("\r"))), append(ends, off)
	}
	return lines, start, ends
}

// readers returns each kind of Reader of what open opens.
func readers(t testing.TB, open func() io.Reader) map[string]*Reader {
	all := map[string]*Reader{
		"direct": NewReader(open()), "ahead": NewAhead(open(), false), "ahead, hashing": NewAhead(open(), true),
	}
	t.Cleanup(func() {
		for _, r := range all {
			r.Close()
		}
	})
	return all
}

func check(t *testing.T, open func() io.Reader, data []byte) {
	t.Helper()
	for _, every := range []int{1, 7} { // asked for the digest at each line, or seldom
		for _, r := range readers(t, open) {
			checkReader(t, r, data, every)
		}
	}
}

func checkReader(t *testing.T, r *Reader, data []byte, every int) {
	t.Helper()
	want, start, ends := cut(data)
	digest := sha256.New()
	digest.Write(data[:start])
	for i := range want {
		got, err := r.Next()
		if err != nil || !bytes.Equal(got, want[i]) {
			t.Fatalf("line %d: got %.40q, %v; want %.40q", i+1, got, err, want[i])
		}
		if r.At() != (tallystick.Locator{Line: uint64(i + 1), Offset: uint64(start)}) || r.End() != uint64(ends[i]) {
			t.Fatalf("line %d: at line %d, [%d, %d); want [%d, %d)", i+1, r.At().Line, r.At().Offset, r.End(), start, ends[i])
		}
		digest.Write(data[start:ends[i]])
		if i%every == 0 && r.Sum() != [sha256.Size]byte(digest.Sum(nil)) {
			t.Fatalf("line %d: wrong digest", i+1)
		}
		start = ends[i]
	}
	if _, err := r.Next(); err != io.EOF {
		t.Fatalf("end: %v", err)
	}
	if r.Sum() != sha256.Sum256(data) {
		t.Fatal("end: wrong digest")
	}
	if r.End() != uint64(len(data)) {
		t.Fatalf("end: at byte %d", r.End())
	}
	if want := len(want) > 0 && data[len(data)-1] != '\n'; r.Unterminated() != want {
		t.Fatalf("Unterminated() = %v", r.Unterminated())
	}
}

func TestNext(t *testing.T) {
	long := strings.Repeat("x", blockSize-1)
	for _, data := range []string{
		"", "\n", "a", "a\n", "a\r\nb\r\n", "\ufeff", "\ufeffa", "\ufeffa\n\ufeffb\n", "\ufeff\n", "\ufeff" + long + "\n", "\ufeff" + long + long,
		"\r\n\n\r", "a\n\nb",
		long + "\n" + long + "y\n", long + long + long, "a\n" + long + "\nb\n", strings.Repeat("line\n", 100_000),
		long + "\r\n" + long + "yy\r\nlast\n", strings.Repeat(long+"z\n", 2*blocks),
	} {
		check(t, func() io.Reader { return strings.NewReader(data) }, []byte(data))
		check(t, func() io.Reader { return iotest.DataErrReader(strings.NewReader(data)) }, []byte(data))
		if len(data) < 100 {
			check(t, func() io.Reader { return iotest.OneByteReader(strings.NewReader(data)) }, []byte(data))
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
		{"many more", Max + 3*blockSize + 7, "\n", true},
		{"many more at the end", Max + 3*blockSize + 7, "", true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			data := "first\n" + strings.Repeat("x", tc.length) + tc.end
			if tc.end != "" {
				data += "last\n"
			}
			for name, r := range readers(t, func() io.Reader { return strings.NewReader(data) }) {
				t.Run(name, func(t *testing.T) { checkTooLong(t, r, tc.length, tc.end, tc.long, data) })
			}
		})
	}
}

// checkTooLong reads a line of length bytes between a first and, if that has an end, a last.
func checkTooLong(t *testing.T, r *Reader, length int, end string, long bool, data string) {
	if line, err := r.Next(); string(line) != "first" || err != nil {
		t.Fatal(line, err)
	}
	line, err := r.Next()
	var tooLong *tallystick.LineError
	if errors.As(err, &tooLong) != long || !long && len(line) != length {
		t.Fatalf("%d bytes, %v", len(line), err)
	}
	want := tallystick.LineError{Line: 2, Offset: 6, Reason: TooLong, Detail: fmt.Sprintf("%d bytes", length+max(len(end)-1, 0))}
	if long && *tooLong != want {
		t.Fatal(tooLong)
	}
	if r.At() != (tallystick.Locator{Line: 2, Offset: 6}) || r.End() != uint64(6+length+len(end)) {
		t.Fatalf("line %d, [%d, %d)", r.At().Line, r.At().Offset, r.End())
	}
	if end != "" {
		if line, err := r.Next(); string(line) != "last" || err != nil || r.At().Line != 3 {
			t.Fatal(line, err)
		}
	}
	if _, err := r.Next(); err != io.EOF || r.Unterminated() != (end == "") {
		t.Fatal(err, r.Unterminated())
	}
	if r.Sum() != sha256.Sum256([]byte(data)) {
		t.Fatal("wrong digest")
	}
	if cap(r.joined) > Max*5/4 {
		t.Fatalf("holds %d bytes", cap(r.joined))
	}
}

func TestSourceError(t *testing.T) {
	broken := errors.New("broken")
	for _, unfinished := range []string{"", "hal", strings.Repeat("x", blockSize), strings.Repeat("x", 5*blockSize)} {
		for name, r := range readers(t, func() io.Reader {
			return io.MultiReader(strings.NewReader("whole\n"+unfinished), iotest.ErrReader(broken))
		}) {
			if line, err := r.Next(); string(line) != "whole" || err != nil {
				t.Fatal(name, line, err)
			}
			for range 2 {
				want := fmt.Sprintf("reading at byte %d: broken", 6+len(unfinished))
				if _, err := r.Next(); !errors.Is(err, broken) || err.Error() != want {
					t.Fatal(name, err)
				}
			}
			if r.End() != 6 || r.Sum() != sha256.Sum256([]byte("whole\n")) {
				t.Fatalf("%s: the unfinished line of %d bytes counts", name, len(unfinished))
			}
		}
	}
}

// TestClosedEarly leaves most of an endless source unread, however far it was read ahead.
func TestClosedEarly(t *testing.T) {
	for _, lines := range []int{0, 1, blocks + 1} {
		r := NewAhead(&endless{length: blockSize}, true)
		for range lines {
			if line, err := r.Next(); len(line) != blockSize-1 || err != nil {
				t.Fatal(len(line), err)
			}
		}
		r.Close()
	}
}

// endless holds lines of x.
type endless struct{ at, length int }

func (e *endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
		if e.at++; e.at%e.length == 0 {
			p[i] = '\n'
		}
	}
	return len(p), nil
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
	for _, r := range readers(t, func() io.Reader { return iotest.OneByteReader(strings.NewReader("one\ntwo\n")) }) {
		for _, tc := range []struct{ peek, line string }{{"one\nt", "one"}, {"two\n", "two"}, {"", ""}} {
			if got := r.Peek(5); string(got) != tc.peek {
				t.Fatalf("peeked %q, want %q", got, tc.peek)
			}
			if line, _ := r.Next(); string(line) != tc.line {
				t.Fatalf("line %q, want %q", line, tc.line)
			}
		}
	}
	if got := NewReader(strings.NewReader(strings.Repeat("x", 2*maxPeek))).Peek(2 * maxPeek); len(got) != maxPeek {
		t.Fatalf("peeked %d bytes", len(got))
	}
}

// TestPeekAcrossBlocks looks ahead at each line, of which some fill blocks.
func TestPeekAcrossBlocks(t *testing.T) {
	data := "a\n" + strings.Repeat("x", 2*blockSize) + "\n" + strings.Repeat(strings.Repeat("y", blockSize/3)+"\n", 20) + "b"
	for name, r := range readers(t, func() io.Reader { return strings.NewReader(data) }) {
		want, _, _ := cut([]byte(data))
		for i, rest := 0, data; i < len(want); i++ {
			if got := r.Peek(maxPeek); string(got) != rest[:min(maxPeek, len(rest))] {
				t.Fatalf("%s: line %d: peeked %d bytes", name, i+1, len(got))
			}
			if line, err := r.Next(); !bytes.Equal(line, want[i]) || err != nil {
				t.Fatalf("%s: line %d: %d bytes, %v", name, i+1, len(line), err)
			}
			if rest = data[r.End():]; r.Sum() != sha256.Sum256([]byte(data[:r.End()])) {
				t.Fatalf("%s: line %d: wrong digest", name, i+1)
			}
		}
	}
}

func FuzzNext(f *testing.F) {
	f.Add([]byte("a\r\n\nb\x00"), byte(1))
	f.Fuzz(func(t *testing.T, data []byte, repeat byte) {
		data = bytes.Repeat(data, int(repeat)+1)
		check(t, func() io.Reader { return iotest.HalfReader(bytes.NewReader(data)) }, data)
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
