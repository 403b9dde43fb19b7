package ledger

import (
	"errors"
	"io/fs"
	"math"
	"path"
	"strings"

	"github.com/tallystick/tallystick/internal/durable"
)

// PutPrivate writes a file of the ledger's owner below keys/, such as "tags/name": readable
// by nobody else, durable when PutPrivate returns nil. The same content again is fine;
// other content is durable.ErrContent. Names of one part are the ledger's own.
func (l *Ledger) PutPrivate(name string, content []byte) error {
	if l.signer == nil {
		return ErrReadOnly
	}
	if err := checkContentPath(name); err != nil {
		return err
	}
	folder, _, _ := strings.Cut(name, "/")
	if err := durable.MkdirAll(l.fs, l.path(keysName), l.path(keysName+"/"+folder), 0o700); err != nil {
		return err
	}
	return durable.CreateSame(l.fs, l.path(keysName+"/"+name), content, 0o600)
}

// Private reads a file that PutPrivate wrote; fs.ErrNotExist says that there is none.
func (l *Ledger) Private(name string) ([]byte, error) {
	if err := checkContentPath(name); err != nil {
		return nil, err
	}
	return durable.ReadFile(l.fs, l.path(keysName+"/"+name), math.MaxInt64)
}

// RemovePrivate removes a file that PutPrivate wrote, if it is there. What a disk or a backup
// keeps of it is beyond this program.
func (l *Ledger) RemovePrivate(name string) error {
	if l.signer == nil {
		return ErrReadOnly
	}
	if err := checkContentPath(name); err != nil {
		return err
	}
	if err := l.fs.Remove(l.path(keysName + "/" + name)); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	}
	return l.fs.SyncFolder(l.path(keysName + "/" + path.Dir(name)))
}
