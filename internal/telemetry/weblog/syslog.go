package weblog

import (
	"bytes"
	"time"

	"github.com/tallystick/tallystick/internal/field"
)

// message returns what a line holds behind the header of syslog, by which a server or a
// daemon sent it; a line without such a header is itself the message:
//
//	Nov 22 03:07:57 web-1 nginx[7]: …                   (RFC 3164, section 4.1; <190> may stand before it)
//	2026-11-22T03:07:57.5+01:00 web-1 nginx: …          (the same in files of rsyslog)
//	<190>1 2026-11-22T03:07:57.5Z web-1 nginx 7 - - …   (RFC 5424, section 6)
//
// Times, hosts and tags are the sender's. Nothing is made of them.
func message(line []byte) []byte {
	rest, versioned := bytes.CutPrefix(behindPriority(line), []byte("1 "))
	if rest = behindTime(rest); rest == nil {
		return line
	}
	host, rest, _ := bytes.Cut(rest, []byte(" "))
	var text []byte
	if versioned {
		text = behindData(behindWords(rest, 3))
	} else {
		text = behindTag(rest)
	}
	if len(host) == 0 || len(text) == 0 {
		return line
	}
	return text
}

// behindPriority passes over <0> to <191>, if s begins so.
func behindPriority(s []byte) []byte {
	if len(s) == 0 || s[0] != '<' {
		return s
	}
	end := bytes.IndexByte(s[:min(len(s), len("<191>"))], '>')
	if end < 2 || !field.Digits(s[1:end]) {
		return s
	}
	return s[end+1:]
}

// behindTime passes over a time and a space; nil if s does not begin with them.
func behindTime(s []byte) []byte {
	const stamp = "Nov 22 03:07:57 "
	if len(s) > len(stamp) && monthOf(s[:3]) > 0 && s[3] == ' ' && s[9] == ':' && s[12] == ':' && s[15] == ' ' {
		return s[len(stamp):]
	}
	if len(s) < 4 || !field.Digits(s[:4]) {
		return nil
	}
	iso, rest, _ := bytes.Cut(s, []byte(" "))
	if _, reason := field.Time(iso, time.UTC); reason != "" {
		return nil
	}
	return rest
}

// behindTag passes over the name of a program with or without its number.
func behindTag(s []byte) []byte {
	tag, rest, _ := bytes.Cut(s, []byte(": "))
	if len(tag) == 0 || bytes.IndexByte(tag, ' ') >= 0 {
		return nil
	}
	return rest
}

func behindWords(s []byte, n int) []byte {
	for range n {
		_, s, _ = bytes.Cut(s, []byte(" "))
	}
	return s
}

// behindData passes over structured data: "-", or elements as in [id name="value"].
func behindData(s []byte) []byte {
	data := bytes.TrimPrefix(s, []byte("-"))
	for len(data) > 0 && data[0] == '[' {
		data = behindElement(data)
	}
	text, found := bytes.CutPrefix(data, []byte(" "))
	if !found || len(data) == len(s) {
		return nil
	}
	return bytes.TrimPrefix(text, []byte("\ufeff"))
}

// behindElement passes over one element; a bracket within a value does not end it.
func behindElement(s []byte) []byte {
	quoted := false
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '"':
			quoted = !quoted
		case s[i] == '\\' && quoted:
			i++
		case s[i] == ']' && !quoted:
			return s[i+1:]
		}
	}
	return nil
}
