package publish

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/durable"
	"github.com/tallystick/tallystick/internal/evidence"
	"github.com/tallystick/tallystick/internal/ledger"
	"github.com/tallystick/tallystick/internal/report"
)

// The files of a published report.
const (
	FileHTML       = "report.html"
	FileJSON       = "figures.json"
	FileCSV        = "figures.csv"
	FileCheckpoint = "checkpoint"        // signed, of a size that holds the report's entry
	FileProof      = "report.tlog-proof" // that the entry is in that checkpoint (C2SP tlog-proof)
)

// Write renders a report into a folder of a file system and commits its digests to the
// ledger. The same report again writes the same bytes and commits nothing new.
//
// All is staged under other names before any file takes its own, the figures before the
// entry is committed, the proof last. So what a crash leaves of two reports in one folder
// is one of them whole, or nothing that verifies.
func Write(fsys durable.FS, l *ledger.Ledger, v *evidence.View, r *report.Report, dir string) error {
	files, err := render(r)
	if err != nil {
		return err
	}
	if err := durable.MkdirAll(fsys, "", filepath.Clean(dir), 0o755); err != nil {
		return err
	}
	if err := stage(fsys, dir, figureFiles(), files); err != nil {
		return err
	}
	entry := evidence.Report{
		HTML: ts.DigestOf(files[FileHTML]), JSON: ts.DigestOf(files[FileJSON]), CSV: ts.DigestOf(files[FileCSV]),
		Size: r.Checkpoint.Size,
	}
	index, err := commit(l, v, entry)
	if err != nil {
		return err
	}
	head, err := l.HeadAt(index + 1)
	if err != nil {
		return err
	}
	files[FileCheckpoint] = head.Note
	if files[FileProof], err = inclusion(l, index, head); err != nil {
		return err
	}
	if err := stage(fsys, dir, proofFiles(), files); err != nil {
		return err
	}
	return unveil(fsys, dir, append(figureFiles(), proofFiles()...))
}

func figureFiles() []string { return []string{FileHTML, FileJSON, FileCSV} }
func proofFiles() []string  { return []string{FileCheckpoint, FileProof} }

// staged is where a file waits for its name.
func staged(dir, name string) string { return filepath.Join(dir, "."+name+".new") }

// stage writes files under the names where they wait.
func stage(fsys durable.FS, dir string, names []string, files map[string][]byte) error {
	for _, name := range names {
		if err := durable.Replace(fsys, staged(dir, name), files[name], 0o644); err != nil {
			return err
		}
	}
	return nil
}

// unveil gives staged files their names in order: no crash shows a later one without an
// earlier.
func unveil(fsys durable.FS, dir string, names []string) error {
	for _, name := range names {
		if err := fsys.Rename(staged(dir, name), filepath.Join(dir, name)); err != nil {
			return err
		}
		if err := fsys.SyncFolder(dir); err != nil {
			return err
		}
	}
	return nil
}

func render(r *report.Report) (map[string][]byte, error) {
	files := map[string][]byte{}
	for name, write := range map[string]func(io.Writer) error{
		FileHTML: r.WriteHTML, FileJSON: r.WriteJSON, FileCSV: r.WriteCSV,
	} {
		var b bytes.Buffer
		if err := write(&b); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		files[name] = b.Bytes()
	}
	return files, nil
}

// commit appends the entry of a report unless the ledger holds it already, and returns
// its index.
func commit(l *ledger.Ledger, v *evidence.View, r evidence.Report) (uint64, error) {
	entry, err := evidence.FormatReport(r)
	if err != nil {
		return 0, err
	}
	var index uint64
	_, err = l.Commit(func(head ledger.Head) ([][]byte, error) {
		if err := v.Extend(l); err != nil {
			return nil, err
		}
		for _, old := range v.Reports {
			if r.Index = old.Index; r == old {
				index = old.Index
				return nil, nil
			}
		}
		index = head.Size
		return [][]byte{entry}, nil
	})
	return index, err
}

// inclusion writes a proof of entry index in head, in the form of C2SP tlog-proof.
func inclusion(l *ledger.Ledger, index uint64, head ledger.Head) ([]byte, error) {
	proof, err := l.ProveInclusion(index, head.Size)
	if err != nil {
		return nil, err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "c2sp.org/tlog-proof@v1\nindex %d\n", index)
	for _, h := range proof {
		b.WriteString(base64.StdEncoding.EncodeToString(h[:]) + "\n")
	}
	return append([]byte(b.String()+"\n"), head.Note...), nil
}
