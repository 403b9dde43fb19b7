package intel

import (
	"strings"
	"unicode/utf8"
)

// toALabels converts the U-labels of an internationalised name to A-labels (RFC 5890).
// Names are lowered but not normalised: feeds write NFC.
func toALabels(name string) (string, bool) {
	if !utf8.ValidString(name) {
		return "", false
	}
	name = strings.NewReplacer("。", ".", "．", ".").Replace(name) // RFC 3490 section 3.1
	labels := strings.Split(strings.ToLower(name), ".")
	for i, label := range labels {
		if !ascii(label) {
			labels[i] = "xn--" + punycode([]rune(label))
		}
	}
	return strings.Join(labels, "."), true
}

// punycode encodes a label by RFC 3492 section 6.3, with the parameters of section 5.
// A label longer than maxValue cannot come here, so that no sum overflows.
func punycode(label []rune) string {
	const base, tmin, tmax = 36, 1, 26
	var out []byte
	for _, r := range label {
		if r < utf8.RuneSelf {
			out = append(out, byte(r))
		}
	}
	basic := len(out)
	if basic > 0 {
		out = append(out, '-')
	}
	n, delta, bias := rune(utf8.RuneSelf), 0, 72
	for done := basic; done < len(label); n++ {
		next := nextRune(label, n)
		delta += int(next-n) * (done + 1)
		n = next
		for _, r := range label {
			if r < n {
				delta++
			}
			if r != n {
				continue
			}
			q := delta
			for k := base; ; k += base {
				t := min(max(k-bias, tmin), tmax)
				if q < t {
					break
				}
				out = append(out, punycodeDigit(t+(q-t)%(base-t)))
				q = (q - t) / (base - t)
			}
			out = append(out, punycodeDigit(q))
			bias = adapt(delta, done+1, done == basic)
			delta = 0
			done++
		}
		delta++
	}
	return string(out)
}

// nextRune returns the smallest rune of the label that is at least n.
func nextRune(label []rune, n rune) rune {
	next := rune(utf8.MaxRune)
	for _, r := range label {
		if r >= n {
			next = min(next, r)
		}
	}
	return next
}

func punycodeDigit(d int) byte { return "abcdefghijklmnopqrstuvwxyz0123456789"[d] }

// adapt is the bias adaptation of RFC 3492 section 6.1.
func adapt(delta, points int, first bool) int {
	const base, tmin, tmax, skew, damp = 36, 1, 26, 38, 700
	if first {
		delta /= damp
	} else {
		delta /= 2
	}
	delta += delta / points
	k := 0
	for ; delta > (base-tmin)*tmax/2; k += base {
		delta /= base - tmin
	}
	return k + (base-tmin+1)*delta/(delta+skew)
}
