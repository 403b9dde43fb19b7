package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/tallystick/tallystick/internal/intel"
	"github.com/tallystick/tallystick/internal/ledger"
)

// feedsFolder is where `intel add` keeps feeds below the ledger, for every later ingest.
const feedsFolder = "intel/feeds"

func intelCommand(s streams) *cobra.Command {
	c := &cobra.Command{
		Use:   "intel",
		Short: "Add, list and check feeds of indicators",
		Example: `  tallystick intel check FEEDS…
  tallystick intel add --ledger ledger phishing:openphish.txt`,
	}
	c.AddCommand(intelAddCommand(s), intelListCommand(s), intelCheckCommand(s))
	return c
}

func intelCheckCommand(s streams) *cobra.Command {
	return &cobra.Command{
		Use:     "check FEEDS…",
		Short:   "Say what feeds hold, and what of it cannot be used",
		Example: "  tallystick intel check maltrail/trails/static veto:warninglists/",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			loader := intel.NewLoader()
			failed := loadPaths(loader, args)
			set, err := loader.Compile()
			if err != nil {
				return errors.Join(failed, err)
			}
			tellFeeds(s, set)
			for _, p := range loader.Passed() {
				fmt.Fprintf(s.errs, "passed over: %s: %s\n", printable(p.Name), p.Reason)
			}
			return failed
		},
	}
}

func tellFeeds(s streams, set *intel.Set) {
	for _, f := range set.Feeds() {
		fmt.Fprintf(s.out, "%s (%s): %s indicators, %s undated; %s\n", printable(f.Name), f.Format,
			thousands(uint64(f.Used)), thousands(uint64(f.Undated)), f.Tally.String())
	}
	fmt.Fprintf(s.out, "%s indicators; digest %s\n", thousands(uint64(set.Len())), set.Digest())
}

func intelAddCommand(s streams) *cobra.Command {
	var dir string
	c := &cobra.Command{
		Use:     "add FEEDS…",
		Short:   "Keep feeds in the ledger's folder for every later ingest",
		Example: "  tallystick intel add --ledger ledger maltrail/trails/static phishing:openphish.txt",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			l, err := openOrCreate(dir)
			if err != nil {
				return err
			}
			for _, arg := range args {
				if err := addFeed(l, arg); err != nil {
					return err
				}
			}
			return nil
		},
	}
	ledgerFlag(c, &dir)
	return c
}

// addFeed copies the files of one argument. What it declares them to mean becomes the
// folder's name.
func addFeed(l *ledger.Ledger, arg string) error {
	meaning, path, err := splitFeed(arg)
	if err != nil {
		return err
	}
	if meaning == "" {
		meaning = "as-is"
	}
	files, err := expand(path)
	if err != nil {
		return usage(err)
	}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(filepath.Dir(filepath.Clean(path)), file)
		if err != nil {
			return err
		}
		if err := l.Put(feedsFolder+"/"+meaning+"/"+filepath.ToSlash(relative), content); err != nil {
			return err
		}
	}
	return nil
}

func intelListCommand(s streams) *cobra.Command {
	var dir string
	c := &cobra.Command{
		Use:     "list",
		Short:   "List the feeds that the ledger's folder keeps",
		Example: "  tallystick intel list --ledger ledger",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, args []string) error {
			l, err := ledger.OpenReadOnly(dir, ledger.Options{})
			if err != nil {
				return err
			}
			set, err := loadIntel(l, nil)
			if set == nil {
				return err
			}
			tellFeeds(s, set)
			return err
		},
	}
	ledgerFlag(c, &dir)
	return c
}

// loadIntel compiles the feeds that the ledger keeps and those of the command line. A
// feed that failed is an error beside the set of the others.
func loadIntel(l *ledger.Ledger, args []string) (*intel.Set, error) {
	loader := intel.NewLoader()
	failed := loadPaths(loader, args)
	kept, err := l.List(feedsFolder)
	if err != nil {
		return nil, errors.Join(failed, err)
	}
	for _, path := range kept {
		failed = errors.Join(failed, loadKept(loader, l, path))
	}
	set, err := loader.Compile()
	return set, errors.Join(failed, err)
}

func loadKept(loader *intel.Loader, l *ledger.Ledger, path string) error {
	meaning, rest, _ := strings.Cut(strings.TrimPrefix(path, feedsFolder+"/"), "/")
	hint, err := parseMeaning(strings.TrimSuffix(meaning, "as-is"))
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	f, err := l.OpenFile(path)
	if err != nil {
		return err
	}
	return errors.Join(loader.Load(rest, sectionOf(f), hint), f.Close())
}

// loadPaths loads feeds named on the command line.
func loadPaths(loader *intel.Loader, args []string) error {
	var failed error
	for _, arg := range args {
		meaning, path, err := splitFeed(arg)
		if err != nil {
			return err
		}
		hint, err := parseMeaning(meaning)
		if err != nil {
			return usage(err)
		}
		abs, err := filepath.Abs(path)
		if err != nil {
			return err
		}
		root := filepath.VolumeName(abs) + string(filepath.Separator)
		name := strings.TrimPrefix(filepath.ToSlash(abs), filepath.ToSlash(root))
		failed = errors.Join(failed, loader.LoadPath(os.DirFS(root), name, hint))
	}
	return failed
}

// splitFeed splits MEANING:PATH. A path that exists as it stands has no meaning in front.
func splitFeed(arg string) (meaning, path string, err error) {
	if _, err := os.Stat(arg); err == nil {
		return "", arg, nil
	}
	if before, after, ok := strings.Cut(arg, ":"); ok {
		if _, err := os.Stat(after); err == nil {
			return before, after, nil
		}
	}
	return "", "", usage(fmt.Errorf("--intel %s: no such file or folder", arg))
}

func parseMeaning(word string) (intel.Hint, error) {
	if word == "" {
		return intel.Hint{}, nil
	}
	return intel.ParseHint(word)
}
