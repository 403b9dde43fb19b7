package ledger

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"

	"golang.org/x/mod/sumdb/tlog"
)

// tileWidth is the number of hashes of a full tile, and of entries of a full bundle; one
// level of tiles is tileHeight levels of the tree (C2SP tlog-tiles).
const (
	tileWidth  = 256
	tileHeight = 8
)

// Export writes the head of the ledger as the files of a C2SP tlog-tiles log: bundles of
// entries, tiles of hashes, and last the "checkpoint", with its cosignatures. Names have
// slashes. All but the checkpoint never change once written. It fails where nothing is
// signed yet.
func (l *Ledger) Export(write func(name string, content []byte) error) error {
	st := l.state.Load()
	if st.head.Size == 0 {
		return errors.New("exporting: nothing is signed yet")
	}
	cosigned, err := l.Cosigned(st.head.Size)
	if err == nil {
		err = l.writeBundles(st.head.Size, write)
	}
	if err == nil {
		err = writeTiles(st.tree, write)
	}
	if err != nil {
		return fmt.Errorf("exporting: %w", err)
	}
	return write(checkpointName, cosigned)
}

// writeBundles writes the entries: each a u16 length, big-endian, and its bytes.
func (l *Ledger) writeBundles(size uint64, write func(string, []byte) error) error {
	var bundle []byte
	var failed error
	err := l.each(0, func(i uint64, entry []byte) bool {
		if i >= size {
			return false // committed since
		}
		bundle = binary.BigEndian.AppendUint16(bundle, uint16(len(entry)))
		bundle = append(bundle, entry...)
		if width := i%tileWidth + 1; width == tileWidth || i+1 == size {
			failed = write(tilePath("entries", i/tileWidth, width), bundle)
			bundle = bundle[:0]
		}
		return failed == nil
	})
	return errors.Join(err, failed)
}

// writeTiles writes the hashes: hash i of level L is that of the full subtree of 256^L
// entries from entry i·256^L on.
func writeTiles(t tree, write func(string, []byte) error) error {
	for level, n := 0, t.size(); n > 0; level, n = level+1, n/tileWidth {
		for tile := uint64(0); tile*tileWidth < n; tile++ {
			width := min(tileWidth, n-tile*tileWidth)
			content := make([]byte, 0, width*tlog.HashSize)
			for i := range width {
				h := t.hashes[tlog.StoredHashIndex(level*tileHeight, int64(tile*tileWidth+i))]
				content = append(content, h[:]...)
			}
			if err := write(tilePath(strconv.Itoa(level), tile, width), content); err != nil {
				return err
			}
		}
	}
	return nil
}

// tilePath names a tile or bundle: three digits of the index a folder, all but the last
// with an x before them, and the width where it is partial.
func tilePath(level string, index, width uint64) string {
	path := fmt.Sprintf("%03d", index%1000)
	for index /= 1000; index > 0; index /= 1000 {
		path = fmt.Sprintf("x%03d/%s", index%1000, path)
	}
	path = "tile/" + level + "/" + path
	if width < tileWidth {
		path += fmt.Sprintf(".p/%d", width)
	}
	return path
}

// Continues fails with ErrRollback unless the ledger continues the state of a checkpoint
// that its key signed.
func (l *Ledger) Continues(signed []byte) error {
	c, err := openCheckpoint(signed, l.verifier)
	if err != nil {
		return err
	}
	return agree(c, l.state.Load().tree)
}
