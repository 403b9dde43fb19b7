package intel

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/tallystick/tallystick"
)

// Loader collects feeds, then compiles them. The order of files does not matter. It is
// not safe for concurrent use.
type Loader struct {
	// Place returns the whole path of a file, since a feed's meaning may stand in folders
	// above those that its name tells; nil where the names are whole.
	Place func(name string) string

	indicators chunks
	feeds      map[string]*Feed
	words      map[string]string // families and feed names, each kept once
	trails     map[string]bool   // families of maltrail files, to join NAME-1 to NAME
	passed     []Passed
	reader     *bufio.Reader // used for one file after the other
}

// Passed is a file that LoadPath did not read.
type Passed struct{ Name, Reason string }

// NewLoader returns an empty Loader.
func NewLoader() *Loader {
	return &Loader{feeds: map[string]*Feed{}, words: map[string]string{}, trails: map[string]bool{},
		reader: bufio.NewReaderSize(nil, sniffBytes)}
}

// Passed returns the files that LoadPath passed over, in the order met.
func (l *Loader) Passed() []Passed { return l.passed }

// Load reads one feed file, plain or compressed by gzip or zstd. Its format is recognised by
// content; name, a slash-separated path, gives the feed's name and, for maltrail, the
// meaning. Entries that cannot be used are counted by reason. An error names the file and
// says why it is no feed: of such a file nothing is kept.
func (l *Loader) Load(name string, r io.Reader, h Hint) error {
	l.reader.Reset(r)
	defer l.reader.Reset(nil)
	before := l.indicators.len()
	if err := l.load(plainName(l.place(name)), h); err != nil {
		l.indicators.cut(before)
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// place returns the path that tells a file's meaning.
func (l *Loader) place(name string) string {
	if l.Place == nil {
		return name
	}
	return l.Place(name)
}

// load reads what l.reader holds.
func (l *Loader) load(name string, h Hint) error {
	text, done, err := unpacked(l.reader)
	if err != nil {
		return err
	}
	defer done()
	head, err := text.Peek(sniffBytes)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	format, err := sniff(name, head)
	if err != nil {
		return err
	}
	f := &file{loader: l, name: name, hint: h, format: format}
	if err := f.read(text); err != nil {
		return fmt.Errorf("%s: %w", format, err)
	}
	f.finish()
	return nil
}

// file is one feed file being read.
type file struct {
	loader  *Loader
	name    string
	hint    Hint
	format  string
	feed    string // default feed name
	tallies map[string]*tallystick.Tally
	last    *tallystick.Tally // of lastFeed, which most entries share
	lastFor string
}

// base returns the file's name without folders and extension.
func (f *file) base() string {
	base := path.Base(f.name)
	if stem := strings.TrimSuffix(base, path.Ext(base)); stem != "" {
		return stem
	}
	return base
}

// add takes one entry: text is its value as the feed spells it, i everything else. Feed
// may be empty.
func (f *file) add(text string, i Indicator) {
	v, reason := parseValue(text)
	if reason != "" {
		f.skip(i.Feed, reason)
		return
	}
	f.addValue(v, i)
}

func (f *file) addValue(v value, i Indicator) {
	f.declare(&i)
	if reason := refuse(v, &i); reason != "" {
		f.skip(i.Feed, reason)
		return
	}
	l := f.loader
	i.Kind, i.Value = v.kind, v.text
	i.Family, i.Feed = l.word(clip(strings.ToLower(i.Family))), l.word(i.Feed)
	l.indicators.add(i)
	f.tally(i.Feed).Observe()
}

func (f *file) skip(feed, reason string) { f.tally(feed).Skip(reason) }

// declare completes i by what the operator declared of the file and by defaults.
func (f *file) declare(i *Indicator) {
	i.Feed = f.feedName(i.Feed)
	switch h := f.hint; {
	case h.Veto:
		i.Class, i.Role, i.Veto = 0, 0, true
	case h.Role != 0:
		i.Class, i.Role, i.Veto = 0, h.Role, false
	case i.Role != 0 && i.Class == 0 || i.Veto:
	case h.Class != 0:
		i.Class = h.Class
	case i.Class == 0:
		i.Class = tallystick.Control
	}
	if i.Family == "" {
		i.Family = f.hint.Family
	}
}

func (f *file) feedName(own string) string {
	return clip(cmp.Or(f.hint.Feed, own, f.feed, f.base()))
}

func (f *file) tally(feed string) *tallystick.Tally {
	feed = f.feedName(feed)
	if f.last == nil || f.lastFor != feed {
		if f.tallies[feed] == nil {
			f.tallies[feed] = &tallystick.Tally{}
		}
		f.last, f.lastFor = f.tallies[feed], feed
	}
	return f.last
}

// refuse says why an entry cannot be used, "" if it can. What only gives a role or a
// veto may be internal or a provider's public suffix.
func refuse(v value, i *Indicator) string {
	malicious := i.Class != 0
	if i.Class == tallystick.Exfiltration {
		return reasonClass
	}
	switch v.kind {
	case KindPath:
		if i.Class != tallystick.Backdoor {
			return ReasonPath
		}
	case KindDomain:
		if is, managed := publicSuffix(v.text); is && (malicious || i.Veto || managed) {
			return reasonSuffix
		}
	case KindPrefix:
		if v.bits == 0 || malicious && tooWide(v) {
			return reasonWide
		}
	}
	if malicious && v.addr.IsValid() && internal(v.addr) {
		return reasonInternal
	}
	return ""
}

// tooWide reports whether a prefix is wider than any network is given: /8, or /16 of
// IPv6.
func tooWide(v value) bool {
	if v.addr.Is4() {
		return v.bits < 8
	}
	return v.bits < 16
}

func clip(s string) string { return s[:min(len(s), maxWord)] }

func (l *Loader) word(s string) string {
	if w, ok := l.words[s]; ok {
		return w
	}
	s = strings.Clone(s)
	l.words[s] = s
	return s
}

// finish adds the file's tallies to the loader's feeds.
func (f *file) finish() {
	if len(f.tallies) == 0 {
		f.tally("")
	}
	for _, name := range slices.Sorted(maps.Keys(f.tallies)) {
		feed := f.loader.feeds[name]
		if feed == nil {
			feed = &Feed{Name: name}
			f.loader.feeds[name] = feed
		}
		feed.Files++
		if f.tallies[name].Read == 0 {
			feed.Empty++
		}
		feed.Format = joinWords(feed.Format, f.format)
		feed.Tally.Add(*f.tallies[name])
	}
}

// joinWords adds a word to a sorted list joined by "+".
func joinWords(list, word string) string {
	words := append(strings.FieldsFunc(list, func(r rune) bool { return r == '+' }), word)
	slices.Sort(words)
	return strings.Join(slices.Compact(words), "+")
}
