package place

import (
	"sort"

	ts "github.com/tallystick/tallystick"
)

// countries are, in order, the officially assigned alpha-2 codes of ISO 3166-1 (2026), and XK, which
// the data sets use for Kosovo from the user-assigned range.
const countries = "" +
	"AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ " +
	"BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ " +
	"CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ " +
	"DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR " +
	"GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY " +
	"HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP " +
	"KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY " +
	"MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ " +
	"NA NC NE NF NG NI NL NO NP NR NU NZ OM " +
	"PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW " +
	"SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ " +
	"TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ " +
	"UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW "

// IsCountry reports whether addresses can be placed in c: any other is in no data set.
func IsCountry(c ts.Country) bool { return country(string(c)) != [2]byte{} }

// country returns the code that s writes in either case. What is no country (ZZ, XX, EU,
// AP, A1, "-", "None") is unknown, the zero value.
func country[T string | []byte](s T) [2]byte {
	if len(s) != 2 {
		return [2]byte{}
	}
	code := [2]byte{upper(s[0]), upper(s[1])}
	i := sort.Search(len(countries)/3, func(i int) bool {
		return countries[3*i] > code[0] || countries[3*i] == code[0] && countries[3*i+1] >= code[1]
	})
	if 3*i == len(countries) || [2]byte{countries[3*i], countries[3*i+1]} != code {
		return [2]byte{}
	}
	return code
}

func upper(c byte) byte {
	if 'a' <= c && c <= 'z' {
		c -= 'a' - 'A'
	}
	return c
}
