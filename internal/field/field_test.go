package field

import (
	"bytes"
	"encoding/hex"
	"strconv"
	"testing"
)

func TestNumber(t *testing.T) {
	for text, want := range map[string]int{
		"": 0, "0": 0, "007": 7, "999999999999999999": 999999999999999999, "1000000000000000000": -1, "-1": -1, "1 ": -1, "x": -1,
	} {
		if got := Number([]byte(text)); got != want {
			t.Errorf("%q: %d, want %d", text, got, want)
		}
	}
}

func TestHexByte(t *testing.T) {
	for high := range 256 {
		for low := range 256 {
			text := []byte{byte(high), byte(low), 'x'}
			want, err := hex.DecodeString(string(text[:2]))
			if got, ok := HexByte(text); ok != (err == nil) || ok && got != want[0] {
				t.Fatalf("%q: %d, %v; encoding/hex: %v, %v", text, got, ok, want, err)
			}
		}
	}
	if _, ok := HexByte([]byte("f")); ok {
		t.Error("half a byte is one")
	}
}

func TestAppendLower(t *testing.T) {
	for c := range 256 {
		if got, want := AppendLower([]byte("A"), []byte{byte(c)}), append([]byte("A"), bytes.ToLower([]byte{byte(c)})...); c < 128 && !bytes.Equal(got, want) {
			t.Errorf("%q, want %q", got, want)
		} else if c >= 128 && got[1] != byte(c) {
			t.Errorf("byte %d becomes %d", c, got[1])
		}
	}
}

func TestProtocol(t *testing.T) {
	for text, want := range map[string]byte{
		"tcp": 6, "TCP": 6, "Tcp": 6, "udp": 17, "icmp": 1, "IPv6-ICMP": 58, "sctp": 132, "006": 6, "255": 255, "256": 0, "": 0, "-": 0, "x": 0,
	} {
		if got := Protocol([]byte(text)); got != want {
			t.Errorf("%q: %d, want %d", text, got, want)
		}
	}
	if got := Protocol([]byte(strconv.Itoa(1 << 40))); got != 0 {
		t.Errorf("a number beyond every protocol gives %d", got)
	}
}

func TestQuoteIsBounded(t *testing.T) {
	if got := Quote(bytes.Repeat([]byte("\n"), 1000)); len(got) != 2+60*len(`\n`) {
		t.Errorf("%d bytes", len(got))
	}
}
