package main

import (
	"errors"
	"strconv"
	"strings"
)

// asNumber is the number of an autonomous system as a flag, with or without AS in front
// (RFC 5396).
type asNumber struct{ number *uint32 }

func (a asNumber) String() string {
	if a.number == nil || *a.number == 0 {
		return ""
	}
	return strconv.FormatUint(uint64(*a.number), 10)
}

func (a asNumber) Set(text string) error {
	digits := text
	if len(text) > 2 && strings.EqualFold(text[:2], "AS") {
		digits = text[2:]
	}
	n, err := strconv.ParseUint(digits, 10, 32)
	if err != nil {
		return errors.New("want an AS number, such as 64502 or AS64502")
	}
	*a.number = uint32(n)
	return nil
}

func (asNumber) Type() string { return "AS" }
