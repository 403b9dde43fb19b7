package main

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/tallystick/tallystick/internal/durable"
	"github.com/tallystick/tallystick/internal/ledger"
	"github.com/tallystick/tallystick/internal/wording"
)

func exportCommand(s streams) *cobra.Command {
	var dir, out string
	c := &cobra.Command{
		Use:   "export --out FOLDER",
		Short: "Write the public part of a ledger as static files (C2SP tlog-tiles)",
		Long: `Write the entries, the hashes of their tree and the newest checkpoint as the files of a C2SP
tlog-tiles log, for any web server and any monitor of such logs. Exporting again adds what
is new; a folder that holds another history is refused.`,
		Example: "  tallystick export --ledger ledger --out tiles",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, args []string) error {
			if out == "" {
				return usage(fmt.Errorf("--out is missing"))
			}
			l, err := ledger.OpenReadOnly(dir, ledger.Options{})
			if err != nil {
				return fmt.Errorf("%s: %w", dir, err)
			}
			files := 0
			to := tiles(filepath.Clean(out))
			if err = to.begin(l); err != nil {
				return fmt.Errorf("%s: %w", out, err)
			}
			if err := l.Export(func(name string, content []byte) error {
				files++
				return to.write(name, content)
			}); err != nil {
				return err
			}
			fmt.Fprintf(s.out, "%s in %s\n", wording.Plural(l.Head().Size, "entry", "entries"), wording.Plural(uint64(files), "file", "files"))
			return nil
		},
	}
	ledgerFlag(c, &dir)
	c.Flags().StringVar(&out, "out", "", "folder, made if missing")
	return c
}

// tiles is the folder of an export.
type tiles string

func (t tiles) path(name string) string { return filepath.Join(string(t), filepath.FromSlash(name)) }

// begin makes the folder. One that holds what the ledger does not continue is refused.
func (t tiles) begin(l *ledger.Ledger) error {
	old, err := readBounded(t.path("checkpoint"))
	if err == nil {
		return l.Continues(old)
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return durable.MkdirAll(durable.OS{}, "", string(t), 0o755)
}

// write writes one file. What never changes is not written over.
func (t tiles) write(name string, content []byte) error {
	path := t.path(name)
	if name == "checkpoint" {
		return durable.Replace(durable.OS{}, path, content, 0o644)
	}
	if err := durable.MkdirAll(durable.OS{}, string(t), filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return durable.CreateSame(durable.OS{}, path, content, 0o644)
}
