package intel

import (
	"fmt"
	"strings"
	"testing"
)

func TestParsePattern(t *testing.T) {
	for pattern, want := range map[string]string{
		"[a:b = 'c']":                        "a:b c",
		"[a:b='c' OR d:e == 'f']":            "a:b c | d:e f",
		`([a:b='c'] OR ([d:e='\\']))`:        `a:b c | d:e \`,
		`[a:b = 'it\'s']`:                    "a:b it's",
		"[a:b='c' AND d:e=80]":               "a:b c & d:e 80",
		"[a:b='c' AND d:e='f' OR g:h='i']":   "a:b c & d:e f | g:h i",
		"[a:b='c' AND (d:e='f' OR g:h='i')]": "a:b c & d:e f | a:b c & g:h i",
		"[ a:b IN ('c', 'd') ]":              "a:b c d",
		"[a:b ISSUBSET '240.0.0.0/8']":       "a:b within 240.0.0.0/8",
		"[a:c_refs[*].value = 'd']":          "a:c_refs[*].value d",
		"[file:hashes.'SHA-256' = 'd']":      "file:hashes.'SHA-256' d",
		"[a:b = t'2014-03-19T00:00:00Z']":    "a:b 2014-03-19T00:00:00Z",
		"[a:b = '']":                         "a:b ",
		"[a:b = 'c'] AND [d:e='f']":          reasonCompound,
		"[a:b = 'c'] FOLLOWEDBY [d:e='f']":   "pattern with FOLLOWEDBY",
		"[a:b = 'c'] WITHIN 5 SECONDS":       "pattern with WITHIN",
		"[a:b != 'c']":                       "pattern with !=",
		"[a:b LIKE 'c']":                     "pattern with LIKE",
		"[a:b MATCHES 'c']":                  "pattern with MATCHES",
		"[a:b > 1]":                          "pattern with >",
		"[NOT a:b = 'c']":                    "pattern with NOT",
		"[a:b NOT IN ('c')]":                 "pattern with NOT",
		"[a:b ISSUPERSET '240.0.0.0/8']":     "pattern with ISSUPERSET",
		"[EXISTS a:b]":                       "pattern with EXISTS",
		"[a:b = 'LIKE' 'x']":                 reasonPattern,
		"[a:b = 'c":                          reasonPattern,
		"[a:b = 'c'":                         reasonPattern,
		"[a:b = c]":                          reasonPattern,
		"[a:b IN ()]":                        reasonPattern,
		"a:b = 'c'":                          reasonPattern,
		"[a:b = 'c']]":                       reasonPattern,
		"[]":                                 reasonPattern,
		"":                                   reasonPattern,
		strings.Repeat("(", 1<<16):           reasonPattern,
		"[" + strings.Repeat("(", 1<<16):     reasonPattern,
		"[" + product(4) + "]":               "",
		"[" + product(11) + "]":              reasonCompound,
		"[" + strings.Repeat("a:b = 'c' AND ", 1<<16) + "d:e = 'f']": reasonCompound,
		"[a:b.'c = 'd']": reasonPattern,
		"[a:b[x] = 'd']": reasonPattern,
	} {
		list, reason := parsePattern(pattern)
		if got := told(list, reason); got != want && (want != "" || reason != "" || len(list) != 16) {
			t.Errorf("%.60s: %s, want %s", pattern, got, want)
		}
	}
}

// product is a pattern of 2^n alternatives.
func product(n int) string {
	return strings.TrimSuffix(strings.Repeat("(a:b = 'c' OR d:e = 'f') AND ", n), " AND ")
}

func told(alternatives []conditions, reason string) string {
	if reason != "" {
		return reason
	}
	var texts []string
	for _, all := range alternatives {
		var list []string
		for _, c := range all {
			within := ""
			if c.subset {
				within = "within "
			}
			list = append(list, fmt.Sprintf("%s %s%s", c.path, within, strings.Join(c.values, " ")))
		}
		texts = append(texts, strings.Join(list, " & "))
	}
	return strings.Join(texts, " | ")
}

// TestPatterns: what a pattern adds, or why nothing.
func TestPatterns(t *testing.T) {
	for pattern, want := range map[string]string{
		"[ipv4-addr:value ISSUBSET '240.5.0.0/16']":                                                                                             "240.5.0.0/16 control",
		"[domain-name:value IN ('a.example.net','b.example.net')]":                                                                              "a.example.net control, b.example.net control",
		"[network-traffic:dst_ref.type = 'ipv4-addr' AND network-traffic:dst_ref.value = '240.0.0.1']":                                          "240.0.0.1 control",
		"[(network-traffic:dst_ref.type = 'ipv6-addr' AND network-traffic:dst_ref.value = '2001:db8::1') AND network-traffic:dst_port = '443']": "[2001:db8::1]:443 control",
		"[network-traffic:dst_port IN (80, 81) AND network-traffic:dst_ref.value IN ('240.0.0.1','240.0.0.2')]":                                 "240.0.0.1:80 control, 240.0.0.1:81 control, 240.0.0.2:80 control, 240.0.0.2:81 control",
		"[network-traffic:src_ref.type = 'ipv4-addr' AND network-traffic:src_ref.value = '240.0.0.1']":                                          "240.0.0.1 attempt",
		"[network-traffic:dst_ref.value = '240.0.0.1']":                                                                                         "240.0.0.1 control",
		"[network-traffic:dst_ref.value = '240.0.0.1' AND network-traffic:src_port = 80]":                                                       reasonCompound,
		"[network-traffic:dst_ref.value = '240.0.0.1' AND network-traffic:src_ref.value = '240.0.0.2']":                                         reasonCompound,
		"[network-traffic:dst_ref.value ISSUBSET '240.0.0.0/24' AND network-traffic:dst_port = 80]":                                             reasonCompound,
		"[network-traffic:dst_port = 80 AND network-traffic:dst_port = 81]":                                                                     reasonCompound,
		"[domain-name:value = 'a.example.net' AND domain-name:resolves_to_refs[*].value = '240.0.0.1']":                                         reasonCompound,
		"[domain-name:value ISSUBSET 'a']":                                                                                                      "pattern with ISSUBSET",
		"[network-traffic:dst_port = 80]":                                                                                                       "type network-traffic:dst_port",
		"[file:hashes.'SHA-256' = 'a']":                                                                                                         reasonHash,
		"[email-addr:value = 'a@b.example']":                                                                                                    "type email-addr:value",
		"[domain-name:value LIKE '%.example.net']":                                                                                              "pattern with LIKE",
	} {
		doc := fmt.Sprintf(`{"type":"bundle","objects":[{"type":"indicator","id":"indicator--1","pattern":%q}]}`, pattern)
		got, f := listed(t, "a.json", doc, Hint{})
		for reason := range f.Tally.Skipped {
			got = append(got, reason)
		}
		if text := strings.Join(got, ", "); text != want || !f.Tally.Balanced() {
			t.Errorf("%s: %s, want %s", pattern, text, want)
		}
	}
}

// FuzzPattern: no pattern makes the parser panic or say two things.
func FuzzPattern(f *testing.F) {
	f.Add("[a:b = 'c' OR d:e.'f' IN ('g', 'h')] OR ([i:j[*].k ISSUBSET '240.0.0.0/8' AND l:m = 1])")
	f.Fuzz(func(t *testing.T, s string) {
		list, reason := parsePattern(s)
		if (len(list) > 0) != (reason == "") {
			t.Fatalf("%v and %q", list, reason)
		}
		for _, all := range list {
			for _, c := range all {
				if len(c.values) == 0 || !strings.Contains(c.path, ":") {
					t.Fatalf("%+v", c)
				}
			}
		}
	})
}
