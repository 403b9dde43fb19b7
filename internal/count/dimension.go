package count

import (
	"slices"

	"github.com/tallystick/tallystick/internal/measure"
	"github.com/tallystick/tallystick/internal/segment"
)

// Dimension is what groups are told apart by.
type Dimension string

// The dimensions. A key is the text of the value, "" where it is unknown.
const (
	By        Dimension = "by"        // country of the perpetrator end
	On        Dimension = "on"        // country of the victim end
	ByAS      Dimension = "by-as"     // AS number of the perpetrator end
	OnAS      Dimension = "on-as"     // AS number of the victim end
	AS        Dimension = "as"        // AS number of the end that is counted
	Family    Dimension = "family"    //
	Date      Dimension = "day"       // YYYY-MM-DD
	Server    Dimension = "server"    // address of the perpetrator end; an internal one is followed by "@" and its sensor
	Sensor    Dimension = "sensor"    //
	Site      Dimension = "site"      // registrable domain of the victim end
	Name      Dimension = "name"      // host name of the perpetrator end
	Feed      Dimension = "feed"      //
	Indicator Dimension = "indicator" //
	Class     Dimension = "class"     //
	Grade     Dimension = "grade"     //
	Port      Dimension = "port"      // port of the perpetrator end
)

// maxDimensions bounds a Group: no dimension says more when asked for twice.
const maxDimensions = 16

// Dimensions returns every dimension. The slice is the caller's.
func Dimensions() []Dimension {
	return []Dimension{By, On, ByAS, OnAS, AS, Family, Date, Server, Sensor, Site, Name, Feed, Indicator, Class, Grade, Port}
}

func (d Dimension) known() bool { return slices.Contains(Dimensions(), d) }

// column returns the column whose dictionary holds the dimension's values. A Server is
// made of several, the first of which is returned.
func (d Dimension) column(m *measure.Measure) segment.Column {
	switch d {
	case By:
		return segment.By
	case On:
		return segment.On
	case ByAS:
		return segment.ByAS
	case OnAS:
		return segment.OnAS
	case AS:
		return countedAS(m)
	case Family:
		return segment.Family
	case Date:
		return segment.Day
	case Sensor:
		return segment.Sensor
	case Site:
		return segment.Site
	case Name:
		return segment.PerpName
	case Feed:
		return segment.Feed
	case Indicator:
		return segment.Indicator
	case Class:
		return segment.Class
	case Grade:
		return segment.Grade
	case Port:
		return segment.PerpPort
	default:
		return segment.PerpHi
	}
}

// countedAS returns the AS column of the end that the measure counts: a contact's is its
// client, an attack's its source.
func countedAS(m *measure.Measure) segment.Column {
	switch m.Member {
	case measure.Victim, measure.Site, measure.Contact:
		return segment.OnAS
	default:
		return segment.ByAS
	}
}
