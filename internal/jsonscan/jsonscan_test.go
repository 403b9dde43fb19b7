package jsonscan

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"
)

var samples = []string{
	`{}`, ` { } `, `{"a":1}`, `{"a":1,"b":[],"c":{},"d":[1,{"e":[null,true,false]}]}`,
	`{"ts":1664462456.755299,"id.orig_h":"240.0.0.1","proto":"udp"}`,
	`{"a":"\"\\\/\b\f\n\r\té😀\ud83d\ud800x"}`, `{"\u0061b":0,"a":-0.5e+10}`,
	`{"a":"0123456789\"abcdef","b":"01234567"}`, `{"a":1} `, "{\"a\":\"\xff\xc3\"}",
	"", "null", "[]", `{"a"}`, `{"a":}`, `{"a":1,}`, `{,}`, `{"a":1 "b":2}`, `{"a":01}`, `{"a":-}`, `{"a":1.}`,
	`{"a":1e}`, `{"a":.5}`, `{"a":+1}`, `{"a":tru}`, `{"a":"x}`, "{\"a\":\"x\x1f\"}", `{"a":"\x"}`, `{"a":"\u12g4"}`,
	`{"a":1}}`, `{"a":1} x`, `{"a":[1,]}`, `{"a":[1 2]}`, `{"a":{"b":1,}}`, `{"a":{b:1}}`, `{a:1}`, `{"a":'x'}`,
	`{"a":"\u+123"}`, `{"a`, `{"a":"\`, `{"a":"\u12`, `{"a":[`, `{"a":{`,
	strings.Repeat(`{"a":`, MaxDepth-1) + `{}` + strings.Repeat(`}`, MaxDepth-1),
}

// rebuild decodes raw with the Scanner alone into what encoding/json gives.
func rebuild(t *testing.T, raw []byte) any {
	switch raw[0] {
	case '{':
		m := map[string]any{}
		s := Object(raw)
		for s.Next() {
			m[string(valid(s.Key()))] = rebuild(t, s.Value())
		}
		if s.Err() != nil {
			t.Fatalf("%q was valid and is not: %v", raw, s.Err())
		}
		return m
	case '[':
		list := []any{}
		s := Array(raw)
		for s.Next() {
			list = append(list, rebuild(t, s.Value()))
		}
		if s.Err() != nil {
			t.Fatalf("%q was valid and is not: %v", raw, s.Err())
		}
		return list
	case '"':
		text := String(nil, raw)
		if plain := Plain(raw); plain != nil && !bytes.Equal(plain, text) {
			t.Fatalf("Plain %q, String %q", plain, text)
		}
		return string(valid(text))
	case 't', 'f':
		return string(raw) == "true"
	case 'n':
		return nil
	}
	return json.Number(raw)
}

// valid does to bytes that are not UTF-8 what encoding/json does.
func valid(s []byte) []byte { return []byte(string([]rune(string(s)))) }

func agree(t *testing.T, data []byte) {
	t.Helper()
	var want map[string]any
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	object := json.Valid(data) && data[space(data, 0)] == '{'
	s := Object(data)
	for s.Next() {
	}
	if (s.Err() == nil) != object {
		t.Fatalf("%q: %v; encoding/json: %v", data, s.Err(), object)
	}
	if !object {
		return
	}
	if err := dec.Decode(&want); err != nil {
		t.Fatal(err)
	}
	if got := rebuild(t, bytes.TrimSpace(data)); !reflect.DeepEqual(got, any(want)) {
		t.Fatalf("%q\n got %v\nwant %v", data, got, want)
	}
}

func TestAgreesWithEncodingJSON(t *testing.T) {
	for _, data := range samples {
		agree(t, []byte(data))
	}
}

func FuzzObject(f *testing.F) {
	for _, data := range samples {
		f.Add([]byte(data))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if bytes.Count(data, []byte("{"))+bytes.Count(data, []byte("[")) < MaxDepth {
			agree(t, data)
		}
		s := Object(data)
		for s.Next() {
		}
	})
}

func TestDepth(t *testing.T) {
	deep := strings.Repeat(`{"a":`, MaxDepth) + `[]` + strings.Repeat(`}`, MaxDepth)
	s := Object([]byte(deep))
	var syntax *SyntaxError
	if s.Next() || !errors.As(s.Err(), &syntax) || syntax.Want != "less nesting" {
		t.Fatal(s.Err())
	}
	s = Object([]byte(strings.Repeat(`{"a":`, 1<<20)))
	if s.Next() || s.Err() == nil {
		t.Fatal("accepted a million braces")
	}
}

func TestErrorsSayWhere(t *testing.T) {
	for _, tc := range []struct{ data, want string }{
		{``, `no JSON at byte 0: want {`},
		{`{"a" 1}`, `no JSON at byte 5: want :`},
		{`{"a":1 2}`, `no JSON at byte 7: want , or }`},
		{`{"a":1}2`, `no JSON at byte 7: want the end`},
		{`{"a":x}`, `no JSON at byte 5: want a value`},
	} {
		s := Object([]byte(tc.data))
		for s.Next() {
		}
		if s.Err() == nil || s.Err().Error() != tc.want {
			t.Errorf("%s: %v, want %s", tc.data, s.Err(), tc.want)
		}
	}
}

func TestUint(t *testing.T) {
	for _, tc := range []struct {
		raw  string
		want uint64
		ok   bool
	}{
		{"0", 0, true},
		{"18446744073709551615", 1<<64 - 1, true},
		{"18446744073709551616", 0, false},
		{"99999999999999999999", 0, false},
		{"000000000000000000001", 0, false},
		{"-1", 0, false},
		{"1.5e3", 0, false},
		{`"1"`, 0, false},
		{"null", 0, false},
		{"", 0, false},
	} {
		if n, ok := Uint([]byte(tc.raw)); ok != tc.ok || ok && n != tc.want {
			t.Errorf("Uint(%s) = %d, %v", tc.raw, n, ok)
		}
	}
}

func TestStringKeepsForeignBytes(t *testing.T) {
	got := String([]byte("dst "), []byte("\"\xff\\n\""))
	if string(got) != "dst \xff\n" || utf8.Valid(got) {
		t.Fatalf("%q", got)
	}
	if got := String(nil, []byte("12")); got != nil {
		t.Fatalf("%q from a number", got)
	}
}

var zeekLine = []byte(`{"ts":1664462456.755299,"uid":"C5xhsO3uGtOfyrBlHh","id.orig_h":"240.0.0.1","id.orig_p":40042,` +
	`"id.resp_h":"240.0.0.2","id.resp_p":53,"proto":"udp","service":"dns","duration":0.012166976928710938,` +
	`"orig_bytes":0,"resp_bytes":111,"conn_state":"SHR","missed_bytes":0,"history":"Cd","orig_pkts":0,` +
	`"orig_ip_bytes":0,"resp_pkts":1,"resp_ip_bytes":139}`)

func BenchmarkObject(b *testing.B) {
	b.SetBytes(int64(len(zeekLine)))
	b.ReportAllocs()
	for b.Loop() {
		s := Object(zeekLine)
		for s.Next() {
		}
		if s.Err() != nil {
			b.Fatal(s.Err())
		}
	}
}
