package intel

import (
	"io"
	"slices"

	"github.com/tallystick/tallystick"
)

const reasonUnverified = "not verified"

func isPhishTank(columns []string) bool {
	return slices.Contains(columns, "phish_id") && slices.Contains(columns, "url")
}

// readPhishTank reads the CSV export of PhishTank (phishtank.org, developer information).
func (f *file) readPhishTank(r io.Reader) error {
	f.feed = feedPhishTank
	return f.eachRecord(r, isPhishTank, func(r record) { f.addPhish(r.get) })
}

const feedPhishTank = "phishtank"

// addPhish takes an entry whose columns get returns: a page, from the day it was submitted,
// and the brand that it imitates. Until somebody verified it, it is a guess.
func (f *file) addPhish(get func(names ...string) string) {
	if get("verified") == "no" {
		f.skip("", reasonUnverified)
		return
	}
	i := Indicator{Class: tallystick.Phishing, From: day(get("submission_time"))}
	if brand := get("target"); brand != "" && brand != "Other" {
		i.Family = brandPrefix + brand
	}
	f.addURL(get("url"), i)
}
