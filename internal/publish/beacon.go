package publish

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/tallystick/tallystick/proof"
)

// Beacon is the public beacon's signature of a round, in hex.
type Beacon struct {
	Round     uint64
	Signature string
}

// ParseBeacon reads drand's JSON, or the bare signature, of which the round is found among
// those asked for. It fails with proof.ErrBeacon.
func ParseBeacon(file []byte, asked []uint64) (Beacon, error) {
	text := strings.TrimSpace(string(file))
	if strings.HasPrefix(text, "{") {
		var b Beacon
		if err := json.Unmarshal(file, &b); err != nil {
			return b, fmt.Errorf("beacon: %w", err)
		}
		if _, err := proof.BeaconRandomness(b.Round, b.Signature); err != nil {
			return b, fmt.Errorf("round %d: %w", b.Round, err)
		}
		return b, nil
	}
	for _, round := range asked {
		if _, err := proof.BeaconRandomness(round, text); err == nil {
			return Beacon{round, text}, nil
		}
	}
	if len(asked) == 0 {
		return Beacon{}, errors.New("no answer to any round is owed")
	}
	asked = slices.Compact(slices.Sorted(slices.Values(asked))) // figures share rounds
	return Beacon{}, fmt.Errorf("%w: it is neither drand's JSON nor the hex of a round to which answers are owed: %s",
		proof.ErrBeacon, strings.ReplaceAll(strings.Trim(fmt.Sprint(asked), "[]"), " ", ", "))
}
