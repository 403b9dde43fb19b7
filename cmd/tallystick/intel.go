package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/tallystick/tallystick/internal/intel"
	"github.com/tallystick/tallystick/internal/ledger"
	"github.com/tallystick/tallystick/internal/wording"
)

// feedsFolder is where `intel add` keeps feeds below the ledger, for every later ingest.
const feedsFolder = "intel/feeds"

func intelCommand(s streams) *cobra.Command {
	c := &cobra.Command{
		Use:   "intel",
		Short: "Add, list and check feeds of indicators",
		Example: `  tallystick intel check FEEDS…
  tallystick intel add --ledger ledger phishing:openphish.txt`,
		Args: noCommand,
		RunE: showHelp,
	}
	c.AddCommand(intelAddCommand(s), intelListCommand(s), intelCheckCommand(s))
	return c
}

func intelCheckCommand(s streams) *cobra.Command {
	return &cobra.Command{
		Use:     "check FEEDS…",
		Short:   "Say what feeds hold, and what of it cannot be used",
		Long:    "Read files, folders, globs and - (standard input), plain, gzip or zstd.",
		Example: "  tallystick intel check maltrail/trails/static veto:warninglists/",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if err := checkInput(nil, args); err != nil {
				return err
			}
			loader := intel.NewLoader()
			failed := loadPaths(s, loader, args)
			set, err := loader.Compile()
			if err != nil {
				return errors.Join(failed, err)
			}
			tellFeeds(s, set)
			for _, p := range loader.Passed() {
				fmt.Fprintf(s.errs, "passed over: %s: %s\n", wording.Printable(p.Name), p.Reason)
			}
			if set.Len() == 0 {
				return errors.Join(failed, noIndicator(set)) // as an ingest judges it
			}
			return failed
		},
	}
}

func tellFeeds(s streams, set *intel.Set) {
	for _, f := range set.Feeds() {
		fmt.Fprintf(s.out, "%s (%s): %s indicators, %s undated; %s\n", wording.Printable(f.Name), f.Format,
			wording.Thousands(uint64(f.Used)), wording.Thousands(uint64(f.Undated)), f.Tally.String())
	}
	fmt.Fprintf(s.out, "%s indicators; digest %s\n", wording.Thousands(uint64(set.Len())), set.Digest())
}

// noIndicator says that no feed gave an indicator, and what could help: lists of paths are
// read as web shells where they are declared to be.
func noIndicator(set *intel.Set) error {
	for _, f := range set.Feeds() {
		if f.Tally.Skipped[intel.ReasonPath] > 0 {
			return errors.New("no feed gave an indicator; if paths are those of web shells, give --intel backdoor:FILE")
		}
	}
	return errors.New("no feed gave an indicator")
}

// tellUnused says what feeds hold and cannot be used.
func tellUnused(s streams, set *intel.Set) {
	for _, f := range set.Feeds() {
		if f.Tally.Lost() > 0 {
			fmt.Fprintf(s.errs, "feed %s: %s\n", wording.Printable(f.Name), f.Tally.String())
		}
	}
}

func intelAddCommand(s streams) *cobra.Command {
	var dir, origin string
	c := &cobra.Command{
		Use:     "add FEEDS…",
		Short:   "Keep feeds in the ledger's folder for every later ingest",
		Example: "  tallystick intel add --ledger ledger maltrail/trails/static phishing:openphish.txt",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if err := checkFeeds(args); err != nil {
				return err
			}
			l, err := openOrCreate(dir, origin)
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
	originFlag(c, &origin)
	return c
}

// addFeed copies the files of one argument. What it declares them to mean becomes the
// folder's name.
func addFeed(l *ledger.Ledger, arg string) error {
	meaning, paths, err := splitFeed(arg)
	if err != nil {
		return err
	}
	if meaning == "" {
		meaning = "as-is"
	}
	for _, path := range paths {
		if err := keepFeed(l, meaning, path); err != nil {
			return err
		}
	}
	return nil
}

func keepFeed(l *ledger.Ledger, meaning, path string) error {
	if path == "-" {
		return usage(errors.New("feed -: standard input has no name to be kept by"))
	}
	for _, file := range expand(path).files {
		if file.err != nil {
			return fmt.Errorf("%s: %w", file.path, file.err)
		}
		content, err := os.ReadFile(file.path)
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(filepath.Dir(filepath.Clean(path)), file.path)
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
			set, err := loadIntel(s, l, nil)
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
func loadIntel(s streams, l *ledger.Ledger, args []string) (*intel.Set, error) {
	loader := intel.NewLoader()
	failed := loadPaths(s, loader, args)
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

// loadPaths loads feeds named on the command line. Errors name them as they were given.
func loadPaths(s streams, loader *intel.Loader, args []string) error {
	loader.Place = wholePath
	defer func() { loader.Place = nil }()
	var failed error
	for _, arg := range args {
		meaning, paths, err := splitFeed(arg)
		if err != nil {
			return fmt.Errorf("feed %s: %w", arg, err)
		}
		hint, err := parseMeaning(meaning)
		if err != nil {
			return usage(fmt.Errorf("feed %s: %w", arg, err))
		}
		for _, path := range paths {
			if path == "-" {
				err = loader.Load(path, s.in, hint)
			} else {
				err = loader.LoadPath(given{}, filepath.ToSlash(path), hint)
			}
			failed = errors.Join(failed, err)
		}
	}
	return failed
}

// wholePath returns the path of a feed, whose meaning may stand in any folder above it.
func wholePath(name string) string {
	if name == "-" {
		return "stdin"
	}
	whole, err := filepath.Abs(filepath.FromSlash(name))
	if err != nil {
		return name
	}
	return filepath.ToSlash(whole)
}

// given is the file system by paths as they are given.
type given struct{}

func (given) Open(name string) (fs.File, error) { return os.Open(filepath.FromSlash(name)) }

// Stat looks at a file without opening it: to open a pipe is to wait for its writer.
func (given) Stat(name string) (fs.FileInfo, error) { return os.Stat(filepath.FromSlash(name)) }

// checkFeeds refuses arguments that name no feed, or a meaning that there is not, before
// anything is made.
func checkFeeds(args []string) error {
	var errs []error
	for _, arg := range args {
		meaning, _, err := splitFeed(arg)
		if err == nil {
			_, err = parseMeaning(meaning)
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("feed %s: %w", arg, err))
		}
	}
	return usage(errors.Join(errs...))
}

// splitFeed splits MEANING:PATH and returns what the path names. One that names something as
// it stands has no meaning in front.
func splitFeed(arg string) (meaning string, paths []string, err error) {
	paths = feedPaths(arg)
	if before, after, ok := strings.Cut(arg, ":"); ok && paths == nil {
		meaning, paths = before, feedPaths(after)
	}
	if paths == nil {
		return "", nil, usage(errors.New("no such file or folder"))
	}
	for _, path := range paths {
		if err := checkFeedFile(path); err != nil {
			return "", nil, usage(err)
		}
	}
	return meaning, paths, nil
}

// checkFeedFile refuses pipes, which may have no writer, and what else is neither file nor
// folder; but not what a shell hands over by its number, as for <(…).
func checkFeedFile(path string) error {
	info, err := os.Stat(path)
	handed := strings.HasPrefix(path, "/dev/") || strings.HasPrefix(path, "/proc/self/fd/")
	if path == "-" || err != nil || info.IsDir() || handed {
		return nil // what cannot be read says so itself
	}
	return newFile(path).err
}

// feedPaths returns the file or folder that a path names, standard input for -, or what
// matches a pattern, in order; nil for nothing.
func feedPaths(path string) []string {
	if _, err := os.Stat(path); err == nil || path == "-" {
		return []string{path}
	}
	matches, err := filepath.Glob(path)
	if err != nil {
		return nil // a pattern that is none names nothing
	}
	slices.Sort(matches)
	return matches
}

func parseMeaning(word string) (intel.Hint, error) {
	if word == "" {
		return intel.Hint{}, nil
	}
	return intel.ParseHint(word)
}
