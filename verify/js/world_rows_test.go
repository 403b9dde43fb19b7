//go:build node || python

package js

import (
	"fmt"
	"net/netip"

	ts "github.com/tallystick/tallystick"
)

// randomRow supports the rule, mostly.
func (w *world) randomRow() ts.Row {
	first := day0.Start() + 1800*int64(w.rng.IntN(48)) + int64(w.rng.IntN(900))
	r := ts.Row{Sighting: ts.Sighting{Class: pick(w, ts.Control, ts.Backdoor), Grade: ts.Established,
		Perp: w.randomAddr(), Victim: w.randomAddr(), PerpPort: 1177, VictimPort: uint16(w.rng.IntN(65536)),
		PerpName: fmt.Sprintf("c%d.example", w.rng.IntN(4)), Site: pick(w, "v.test", "", "w.test"), Path: pick(w, "/", "/a\"b%\u017e", ""),
		Family: "njrat", Rule: "listed-contact/1", Feed: "mine", Indicator: pick(w, "240.0.0.1", "c1.example", "240.0.0.0/24", "example", ""),
		Sensor: pick(w, "border-1", "border-1", "border-1", "border-1", "border-2"), Flags: ts.FlagSynthetic, First: first, Last: first + int64(w.rng.IntN(900)), Records: 3},
		By: "US", On: pick(w, ts.Country("CN"), "HK"), ByAS: 64496, OnAS: 64511}
	switch {
	case w.honest:
		r.Sensor = "border-1"
		r.Flags |= ts.FlagSinkhole << w.rng.IntN(60)
		w.own(&r)
	case w.chance(6):
		r.Flags ^= 1 << w.rng.IntN(19)
	case w.chance(3):
		w.inside(&r)
	}
	if w.slip(12) {
		pick(w, func() { r.By = "" }, func() { r.On = "FR" }, func() { r.Last += 86400 }, func() { r.First, r.Last = r.First+86400, r.Last+86400 },
			func() { r.Grade = ts.LookedUp }, func() { r.PerpName = pick(w, "C2.example", "c2.example.", "c2..example") }, func() { r.Perp = netip.Addr{} }, func() { r.Last += 1800 })()
	}
	return r
}

// own lets the victim be on its sensor's own side, once in three times.
func (w *world) own(r *ts.Row) {
	switch w.rng.IntN(9) {
	case 0:
		r.Victim, r.On, r.Flags = netip.AddrFrom4([4]byte{10, 0, 0, 1}), "CN", r.Flags|ts.FlagVictimInternal
	case 1:
		r.Victim, r.On, r.Flags = netip.Addr{}, "CN", r.Flags|ts.FlagVictimDeclared
	case 2:
		r.Class, r.Site, r.On, r.Flags = ts.Backdoor, "v.test", "CN", r.Flags|ts.FlagVictimDeclared
	}
}

// inside lets the country of an end rest on its sensor's word, rightly or not.
func (w *world) inside(r *ts.Row) {
	private := netip.AddrFrom4([4]byte{10, 0, 0, byte(w.rng.IntN(12))})
	pick(w, func() { r.Victim, r.Flags = private, r.Flags|ts.FlagVictimInternal }, func() { r.Victim, r.Flags = netip.Addr{}, r.Flags|ts.FlagVictimDeclared },
		func() {
			r.Victim, r.Site, r.Flags = netip.AddrFrom4([4]byte{11, 1, 1, 1}), "v.test", r.Flags|ts.FlagVictimDeclared
		},
		func() { r.Perp, r.Flags = private, r.Flags|ts.FlagPerpInternal }, func() { r.Victim, r.On = netip.Addr{}, "" }, func() { r.By = "" })()
}

// sensor declares one; border-1 for the most part as the rows want it.
func (w *world) sensor() {
	role, country := pick(w, "webserver", "webserver", "network"), pick(w, "CN", "CN", "HK", "US", "CZ", "-")
	if w.honest {
		role, country = "webserver", "CN"
	}
	w.text("tally-sensor/v1", "name border-1", "role "+role, "country "+country, "treat-as-public 240.0.0.0/4", "treat-as-public 2001:db8::/32")
	if w.chance(2) {
		w.text("tally-sensor/v1", "name border-2", "role "+role, "country CN", "treat-as-public ::/0", "treat-as-public 0.0.0.0/0")
	}
}

func (w *world) randomAddr() netip.Addr {
	n := byte(w.rng.IntN(12))
	if w.honest {
		return pick(w, netip.AddrFrom4([4]byte{240, 0, 0, n}), netip.AddrFrom4([4]byte{11, 1, 1, n}), netip.AddrFrom16([16]byte{0x20, 1, 0xd, 0xb8, 15: n}))
	}
	return pick(w, netip.AddrFrom4([4]byte{240, 0, 0, n}), netip.AddrFrom4([4]byte{240, 0, 1, n}), netip.AddrFrom4([4]byte{11, 1, 1, n}),
		netip.AddrFrom16([16]byte{0x20, 1, 0xd, 0xb8, 15: n}), netip.AddrFrom16([16]byte{0x2a, 1, 0xd, 7: n, 10: 1}), netip.AddrFrom4([4]byte{10, 0, 0, n}))
}
