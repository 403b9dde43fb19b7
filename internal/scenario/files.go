package scenario

import (
	"fmt"
	"maps"
	"path"
	"slices"

	ts "github.com/tallystick/tallystick"
)

// file is one log file to be written: its content is a function of the plan alone.
type file struct {
	path    string // below the scenario's folder; a name in .gz is compressed
	write   func(out *output) error
	maxLine int // only so many lines, if not 0: the file as it was while it grew
}

// archived reports whether the logs of a day are compressed by the time they are read, as
// most are.
func archived(day int) bool { return day < windowDays-9 }

func packed(name string, day int) string {
	if archived(day) {
		return name + ".gz"
	}
	return name
}

// dayName is a day's YYYY-MM-DD.
func dayName(day int) string { return (ts.DayOf(windowStart) + ts.Day(day)).String() }

// files lists every log file, in the order of their paths.
func (p *plan) files() []file {
	var list []file
	for day := range windowDays + 1 {
		for _, sensor := range cnSensors {
			list = append(list, p.zeekDay(sensor, day)...)
		}
		for _, sensor := range []string{cnBranch1, cnBranch2} {
			list = append(list, p.branchDay(sensor, day)...)
		}
		name := fmt.Sprintf("logs/%s/eve-%s.json", hkTransit, dayName(day))
		list = append(list, file{path: packed(name, day), write: func(out *output) error { return p.eveDay(out, day) }})
		list = append(list, p.reportDay(day)...)
		list = append(list, p.honeypotDay(day))
	}
	for day := -1; day <= windowDays; day++ {
		list = append(list, p.accessDay(cnWeb, day), p.accessDay(usWeb, day))
	}
	list = append(list, p.proxiedDays()...)
	list = append(list, p.repeated()...)
	list = slices.DeleteFunc(list, func(f file) bool { return f.write == nil })
	slices.SortFunc(list, func(a, b file) int { return slices.Compare([]byte(a.path), []byte(b.path)) })
	return list
}

// feedFiles lists the feeds and place tables.
func (p *plan) feedFiles() []file {
	var list []file
	texts := p.intel.files()
	maps.Copy(texts, p.placeFiles())
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		list = append(list, file{path: path.Clean(name), write: func(out *output) error {
			_, err := out.WriteString(texts[name])
			return err
		}})
	}
	return list
}
