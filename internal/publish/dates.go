package publish

import (
	"bytes"
	"errors"

	fnote "github.com/transparency-dev/formats/note"
	"golang.org/x/mod/sumdb/note"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/proof"
)

// dates are when witnesses saw the states of a ledger: the earliest that anybody will find,
// whomever he believes.
type dates struct {
	sizes []uint64 // ascending
	times []int64  // Unix seconds of the first cosignature of as many entries or more, 0 for none
	now   int64    // what nobody cosigned yet is dated no earlier
}

// readDates reads the cosignatures that the ledger keeps. Whose they are, and whether they
// are good, is for whoever checks a figure.
func (p *Publisher) readDates() (*dates, error) {
	d := &dates{sizes: p.Ledger.Sizes(), now: p.now()}
	d.times = make([]int64, len(d.sizes))
	var least int64
	for i := len(d.sizes) - 1; i >= 0; i-- {
		signed, err := p.Ledger.Cosigned(d.sizes[i])
		if err != nil {
			return nil, err
		}
		if t := cosigned(signed); t > 0 && (least == 0 || t < least) {
			least = t
		}
		d.times[i] = least
	}
	return d, nil
}

// cosigned returns the first time that a cosignature of a note bears, 0 for none.
func cosigned(signed []byte) (first int64) {
	_, signatures, _ := bytes.Cut(signed, []byte("\n\n"))
	for line := range bytes.Lines(signatures) {
		words := bytes.Fields(line)
		if len(words) != 3 {
			continue
		}
		if t, err := fnote.CoSigV1Timestamp(note.Signature{Base64: string(words[2])}); err == nil && t.Unix() > 0 && (first == 0 || t.Unix() < first) {
			first = t.Unix()
		}
	}
	return first
}

// seen returns when a witness first saw entry i, 0 for never.
func (d *dates) seen(i uint64) int64 {
	for at, size := range d.sizes {
		if size > i {
			return d.times[at]
		}
	}
	return 0
}

// of returns when entry i was there at the earliest.
func (d *dates) of(i uint64) int64 {
	if t := d.seen(i); t > 0 {
		return t
	}
	return d.now
}

// judge takes the rows that were sealed in time for a rule and, where it is not 0, the round
// that draws them.
func (d *dates) judge(r *proof.Rule, round uint64) (judge, error) {
	last := d.now
	if round > 0 {
		t, err := proof.BeaconTime(round)
		if err != nil {
			return nil, err
		}
		last = t - proof.Foreseen
	}
	return func(entry uint64, row *ts.Row) error {
		switch at := d.of(entry); {
		case d.late(r, entry, row.Day()):
			return errors.New("it was sealed too late for its rule")
		case at > last:
			return errors.New("it was sealed when the round could be known")
		case at < row.Last-proof.ClockSkew:
			return errors.New("it was sealed before its time")
		}
		return nil
	}, nil
}

// late reports whether rows of a day in the batch of an entry are sealed too late for a
// rule.
func (d *dates) late(r *proof.Rule, entry uint64, day ts.Day) bool {
	return uint64(max(0, d.of(entry)-(day+1).Start())) > r.Seal
}
