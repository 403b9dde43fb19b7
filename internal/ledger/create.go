package ledger

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"github.com/tallystick/tallystick/internal/durable"
)

// Create makes an empty ledger in the folder, which is made if missing (0700), with
// new keys. origin names it in every checkpoint: printable ASCII without spaces and
// "+", by custom a domain and path that its owner holds. It fails with ErrLedger if the
// folder holds a ledger already. An interrupted Create may be repeated.
func Create(dir, origin string, opt Options) (*Ledger, error) {
	if err := CheckOrigin(origin); err != nil {
		return nil, err
	}
	l := newLedger(dir, opt)
	if err := durable.MkdirAll(l.fs, "", l.dir, 0o700); err != nil {
		return nil, fmt.Errorf("creating ledger: %w", err)
	}
	if err := l.locked(func() error { return l.create(origin) }); err != nil {
		return nil, fmt.Errorf("creating ledger in %s: %w", dir, err)
	}
	return Open(dir, opt)
}

func newLedger(dir string, opt Options) *Ledger {
	opt = opt.filled()
	l := &Ledger{dir: filepath.Clean(dir), opt: opt, fs: opt.FS, folders: map[string]bool{}}
	l.state.Store(&state{})
	return l
}

// locked runs f as the only writer.
func (l *Ledger) locked(f func() error) error {
	unlock, err := l.fs.Lock(l.path(lockName))
	if err != nil {
		return fmt.Errorf("locking: %w", err)
	}
	return errors.Join(f(), unlock())
}

// create makes the files of a ledger; entries.log, which makes it one, comes last.
func (l *Ledger) create(origin string) error {
	if err := l.vacant(); err != nil {
		return err
	}
	if err := durable.MkdirAll(l.fs, l.dir, l.path(keysName), 0o700); err != nil {
		return err
	}
	if err := durable.MkdirAll(l.fs, l.dir, l.path(checkpointsName), 0o755); err != nil {
		return err
	}
	if err := l.makeKeys(origin); err != nil {
		return err
	}
	if err := l.startSecond(); err != nil {
		return err
	}
	return durable.CreateNew(l.fs, l.path(logName), nil, 0o644)
}

// vacant fails if there is a ledger, or what is left of one.
func (l *Ledger) vacant() error {
	names, err := l.fs.List(l.dir)
	if err != nil {
		return err
	}
	for _, name := range names {
		if name == logName || name == checkpointName {
			return ErrLedger
		}
	}
	signed, err := l.listSigned()
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil && len(signed) > 0 {
		err = ErrLedger
	}
	return err
}

// startSecond makes the empty second copy of a new ledger.
func (l *Ledger) startSecond() error {
	if l.opt.Second == "" {
		return nil
	}
	second, err := durable.ReadFile(l.fs, l.opt.Second, maxNote)
	if errors.Is(err, fs.ErrNotExist) {
		return durable.CreateNew(l.fs, filepath.Clean(l.opt.Second), nil, 0o644)
	}
	if err != nil {
		return err
	}
	if len(second) > 0 {
		return fmt.Errorf("%s holds the checkpoint of another ledger: %w", l.opt.Second, ErrRollback)
	}
	return l.fs.SyncFolder(filepath.Dir(l.opt.Second))
}
