package durabletest

import (
	"crypto/sha256"
	"fmt"
	"hash"
	"maps"
	"slices"
)

// Digest tells states of the file system apart: two of one Digest behave alike to whoever
// never looks into the files whose base names are unread. Names, folders, contents and
// which names are of one file go into it, but not what is yet to be synced.
func (f *FS) Digest(unread func(base string) bool) [sha256.Size]byte {
	f.mu.Lock()
	defer f.mu.Unlock()
	d := digester{Hash: sha256.New(), unread: unread, number: map[*node]int{}}
	d.add("", f.root)
	return [sha256.Size]byte(d.Sum(nil))
}

type digester struct {
	hash.Hash
	unread func(base string) bool
	number map[*node]int // in the order of walking
}

func (d *digester) add(base string, n *node) {
	number, met := d.number[n]
	if !met {
		number = len(d.number)
		d.number[n] = number
	}
	data := n.data
	if d.unread(base) {
		data = nil
	}
	fmt.Fprintf(d, "%q %d %t %d %d\n", base, number, n.folder, len(n.names), len(data))
	d.Write(data)
	for _, name := range slices.Sorted(maps.Keys(n.names)) {
		d.add(name, n.names[name])
	}
}
