package segment

import (
	"slices"
	"testing"

	"github.com/parquet-go/bitpack"
	"github.com/parquet-go/parquet-go/encoding/rle"
)

// padded gives b the capacity that bitpack reads into.
func padded(b []byte) []byte {
	return append(make([]byte, 0, len(b)+bitpack.PaddingInt64), b...)
}

// FuzzDecodeIndexes decodes what parquet-go encodes, and hostile pages without a panic.
func FuzzDecodeIndexes(f *testing.F) {
	f.Add([]byte{1, 2, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 200}, 7)
	f.Add(make([]byte, 100), 100)
	f.Add([]byte{2, 0xc8, 1, 3}, 100)
	f.Fuzz(func(t *testing.T, data []byte, n int) {
		if n < 1 || n > BlockRows {
			return
		}
		dst := make([]int32, n)
		same, one, err := decodeIndexes(dst, padded(data), 1<<20)
		if err == nil && !one && slices.Max(dst) >= 1<<20 || one && same >= 1<<20 && err == nil {
			t.Fatal("an index beyond the dictionary")
		}
		roundTrip(t, data)
	})
}

// roundTrip takes the bytes for indexes.
func roundTrip(t *testing.T, data []byte) {
	if len(data) == 0 {
		return
	}
	want := make([]int32, len(data))
	for i, b := range data {
		want[i] = int32(b)
	}
	page, err := new(rle.DictionaryEncoding).EncodeInt32(nil, want)
	if err != nil {
		t.Fatal(err)
	}
	got := make([]int32, len(want))
	same, one, err := decodeIndexes(got, padded(page), 256)
	if one {
		fill(got, same)
	}
	if err != nil || !slices.Equal(got, want) {
		t.Fatalf("%v came back as %v: %v", want, got, err)
	}
}

// FuzzReadTexts reads hostile dictionaries.
func FuzzReadTexts(f *testing.F) {
	f.Add([]byte{1, 0, 0, 0, 'a', 0, 0, 0, 0}, 2)
	f.Fuzz(func(t *testing.T, page []byte, n int) {
		if n < 0 || n > 1000 {
			return
		}
		texts, err := readTexts(page, n)
		if err == nil && len(texts) != n {
			t.Fatalf("%d texts, want %d", len(texts), n)
		}
	})
}
