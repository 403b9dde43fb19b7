package publish

import (
	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/internal/ledger"
	"github.com/tallystick/tallystick/proof"
)

// RevealCanaries logs a list of canaries that a neutral told, unless it is there, and returns
// its entry and how many they are.
func RevealCanaries(l *ledger.Ledger, text []byte) (index uint64, n int, err error) {
	c, err := proof.ParseCanary(text)
	if err != nil {
		return 0, 0, err
	}
	digest := ts.DigestOf(text)
	_, err = l.Commit(func(head ledger.Head) ([][]byte, error) {
		for i, entry := range l.Entries() {
			if i < head.Size && ts.DigestOf(entry) == digest {
				index = i
				return nil, nil
			}
		}
		index = head.Size
		return [][]byte{text}, l.Err()
	})
	return index, len(c.Values), err
}
