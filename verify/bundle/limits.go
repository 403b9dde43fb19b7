package bundle

import (
	"errors"
	"fmt"
	"strings"

	"github.com/tallystick/tallystick/proof"
)

// The bounds of protocol 3.0. With them the worst bundle that there is takes minutes, and
// memory of a few times its size; each says what it keeps from growing.
const (
	maxBundle = int64(2 << 30) // bytes of the file
	maxFiles  = 1 << 19        // in it
	maxNote   = 64 << 10       // bytes of a checkpoint
	maxHeads  = 1 << 18        // checkpoints
	maxNotes  = 256 << 20      // bytes of all checkpoints: some 2.4 million signatures

	maxEntries = 1 << 22
	// maxObjects bounds the statements, the rules, the keys, the sensors and the offers of a
	// ledger, and what is declared of one sensor or asked of one figure: each costs time to
	// check, and figures are compared with rules.
	maxObjects    = 10_000
	maxChallenges = 1 << 17 // of all figures: a signature each
	maxExcluded   = 1 << 22 // values, of canaries too, of which one entry holds thousands
	maxBlocks     = 4096    // counted as public: every sentence and every opening looks at them

	maxOpened = 1 << 19 // members that all rounds open, and what else is opened
	leastOpen = 64      // of them that a round takes at the least: its beacon costs as much as they

	maxAnswer = 256 << 20 // bytes of the openings of one round
	maxTable  = 128 << 20 // bytes of a table of places
	maxTables = 1 << 30   // bytes of all tables that are looked into
	maxTagged = 1 << 22   // tags on both sides of all overlaps, to be multiplied
)

// few fails where the ledger holds more of anything than a verifier reads.
func (l *history) few() error {
	if most := max(len(l.figures), len(l.rules), len(l.keys), len(l.sensors), len(l.offers)); most > maxObjects {
		return fmt.Errorf("%d statements, rules, keys, sensors or offers: more than %d", most, maxObjects)
	}
	if l.challenged > maxChallenges || l.excluding > maxExcluded {
		return fmt.Errorf("%d challenges, %d excluded values: more than %d and %d", l.challenged, l.excluding, maxChallenges, maxExcluded)
	}
	return nil
}

// fewNotes fails where the checkpoints are more than a verifier reads.
func (a *archive) fewNotes() error {
	n, bytes := 0, int64(0)
	for _, name := range a.order {
		if strings.HasPrefix(name, "checkpoints/") {
			n, bytes = n+1, bytes+a.files[name].size
		}
	}
	if n > maxHeads || bytes > maxNotes {
		return fmt.Errorf("%d checkpoints of %d bytes: more than %d, or than %d", n, bytes, maxHeads, maxNotes)
	}
	return nil
}

// errTooMuch means that a check was not made: the bundle asks for more than a verifier does.
var errTooMuch = errors.New("the bundle asks for more work than a verifier does: ask for one of fewer figures")

// allows takes a share from what is left of an allowance, if that much is.
func allows(left *uint64, share uint64) bool {
	if share > *left {
		return false
	}
	*left -= share
	return true
}

// allowance is what is left of the work that a bundle may ask for.
type allowance struct{ opened, tables, tagged uint64 }

func fullAllowance() allowance { return allowance{maxOpened, maxTables, maxTagged} }

// mayOpen reports whether so many members may yet be opened.
func (l *history) mayOpen(members uint64) bool {
	return allows(&l.left.opened, max(members, leastOpen))
}

// mayCompare reports whether the tags of two figures may yet be compared.
func (l *history) mayCompare(p, q *proof.Statement) bool { return allows(&l.left.tagged, p.N+q.N) }
