package bundle

import (
	"archive/tar"
	"bytes"
	"fmt"
	"testing"
)

// TestHeaderEnd: the end of a header, of which readers of archives take one thing or another
// (the magic of star is there), is zero.
func TestHeaderEnd(t *testing.T) {
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	if err := w.WriteHeader(&tar.Header{Name: "checkpoint", Mode: 0o644, Format: tar.FormatUSTAR}); err != nil || w.Close() != nil {
		t.Fatal(err)
	}
	for at := 500; at <= 512; at++ {
		archive := bytes.Clone(b.Bytes())
		header := archive[:512]
		copy(header[at:], "tar")
		copy(header[148:156], "        ")
		sum := 0
		for _, x := range header {
			sum += int(x)
		}
		copy(header[148:156], fmt.Sprintf("%06o\x00 ", sum))
		if _, err := openArchive(bytes.NewReader(archive), int64(len(archive))); (err == nil) != (at == 512) {
			t.Errorf("byte %d: %v", at, err)
		}
	}
}
