package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/evidence"
	"github.com/tallystick/tallystick/internal/ledger"
	"github.com/tallystick/tallystick/internal/publish"
	"github.com/tallystick/tallystick/internal/segment"
	"github.com/tallystick/tallystick/internal/wording"
	"github.com/tallystick/tallystick/proof"
	"github.com/tallystick/tallystick/verify"
	"github.com/tallystick/tallystick/verify/bundle"
)

func verifyCommand(s streams) *cobra.Command {
	var dir string
	var files bundle.Files
	c := &cobra.Command{
		Use:   "verify REPORT|BUNDLE",
		Short: "Check a published report: digests, signature, and the figures recounted from rows; or a bundle",
		Long: `Check a published report. With the ledger at hand (--ledger, or beside the report) its own
key vouches for the signature, and every figure, table, series and matrix is recounted from
the committed rows by another road. Without it, --key names the publisher's key, which you must
have from a source that you trust. A bundle is checked as tallystick-verify does. Exit code 0:
all was checked and is true; 1: something is false; 2: something is malformed or was not checked.`,
		Example: `  tallystick verify report/
  tallystick verify report/ --key 'csirt.example/ledger+530d903a+Aeky…'
  tallystick verify report/bundle.tar --key 'csirt.example/ledger+530d903a+Aeky…' --policy POLICY`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if info, err := os.Stat(args[0]); err == nil && !info.IsDir() {
				return checkBundle(s, args[0], files, false)
			}
			key := files.Key
			report, err := readReport(args[0])
			if err != nil {
				return exitCode{2, err}
			}
			vouched := verify.Key{Text: key, Voucher: "you (--key)"}
			if key == "" {
				vouched.Voucher = ""
			}
			rows, err := ledgerBeside(dir, args[0])
			if err != nil {
				return exitCode{2, err}
			}
			var result *verify.Result
			if rows == nil {
				result = verify.Check(report, vouched, nil)
			} else {
				if key == "" {
					vouched = verify.Key{Text: rows.VerifierKey(), Voucher: "the ledger at hand"}
				}
				result = verify.Check(report, vouched, rows)
			}
			return tellResult(s, result)
		},
	}
	c.Flags().StringVar(&dir, "ledger", "", "folder of the ledger (default: REPORT.ledger or a ledger folder beside REPORT)")
	bundleFlags(c, &files)
	return c
}

func tellResult(s streams, r *verify.Result) error {
	for _, l := range r.Lines {
		fmt.Fprintf(s.out, "%-11s  %s\n", l.Status, wording.Printable(l.What))
		if l.Found != "" {
			fmt.Fprintf(s.out, "%-11s  %s\n", "", wording.Printable(l.Found))
		}
	}
	for _, note := range r.Notes {
		fmt.Fprintf(s.out, "%-11s  %s\n", "note", note)
	}
	if code := r.ExitCode(); code != 0 {
		return exitCode{code: code}
	}
	return nil
}

func readReport(dir string) (verify.Report, error) {
	var r verify.Report
	for _, f := range []struct {
		name string
		to   *[]byte
	}{{publish.FileHTML, &r.HTML}, {publish.FileJSON, &r.JSON}, {publish.FileCSV, &r.CSV},
		{publish.FileCheckpoint, &r.Checkpoint}, {publish.FileProof, &r.Proof}} {
		var err error
		if *f.to, err = readBounded(filepath.Join(dir, f.name)); err != nil {
			return r, err
		}
	}
	return r, nil
}

// readBounded reads a file of a stranger's report. What is beyond the bound is not read;
// package verify refuses such a file.
func readBounded(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	content, err := io.ReadAll(io.LimitReader(f, verify.MaxFile+1))
	return content, errors.Join(err, f.Close())
}

// ledgerBeside opens the ledger named, or the one that lies beside the report; nil if
// there is none.
func ledgerBeside(dir, report string) (*committed, error) {
	for _, c := range ledgersBeside(dir, report) {
		l, err := ledger.OpenReadOnly(c, ledger.Options{})
		if err == nil {
			return &committed{l}, nil
		}
		if dir != "" || !errors.Is(err, ledger.ErrNoLedger) {
			return nil, fmt.Errorf("%s: %w", c, err)
		}
	}
	return nil, nil
}

// committed gives package verify the rows of a ledger on disk, through the row by row
// road of package segment.
type committed struct{ *ledger.Ledger }

// Entries implements verify.Ledger.
func (c committed) Entries() iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		for _, entry := range c.Ledger.Entries() {
			if !yield(entry, nil) {
				return
			}
		}
		if err := c.Err(); err != nil {
			yield(nil, err)
		}
	}
}

// Record implements verify.Ledger.
func (c committed) Record(d ts.Digest) ([]byte, error) { return c.Get(evidence.ManifestPath(d)) }

// Rows implements verify.Ledger.
func (c committed) Rows(first ts.Day, file ts.Digest, id [16]byte) iter.Seq2[verify.SaltedRow, error] {
	return func(yield func(verify.SaltedRow, error) bool) {
		key, err := c.SaltKey()
		if errors.Is(err, fs.ErrNotExist) {
			err = fmt.Errorf("the salts of the rows are %w: keys/salt.key was not given with the ledger", verify.ErrNotAtHand)
		}
		if err != nil {
			yield(verify.SaltedRow{}, err)
			return
		}
		path := evidence.SegmentPath(first, file)
		f, err := c.OpenFile(path)
		if err != nil {
			yield(verify.SaltedRow{}, err)
			return
		}
		defer f.Close()
		r, err := segment.Open(f, f.Size())
		if err != nil {
			yield(verify.SaltedRow{}, unreadableSegment(path, err))
			return
		}
		salts := proof.NewSalts(proof.SegmentKey(key, id))
		var i uint64
		for row, err := range r.Rows() {
			if err != nil {
				err = unreadableSegment(path, err)
			}
			if !yield(verify.SaltedRow{Row: row, Salt: salts.Row(i)}, err) {
				return
			}
			i++
		}
	}
}

// unreadableSegment names the file and all that is wrong with it, each thing once and on
// one line.
func unreadableSegment(path string, err error) error {
	text := ""
	for line := range strings.Lines(err.Error()) {
		if line = strings.TrimSpace(line); !strings.Contains(text, line) {
			text += ": " + line
		}
	}
	return fmt.Errorf("%s is damaged%s", path, text)
}
