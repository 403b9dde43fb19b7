package verify_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/tallystick/tallystick/verify"
)

// FuzzCheck gives Check a stranger's files. Whatever they are, it returns; and where a file
// is not the published one, not everything is true.
func FuzzCheck(f *testing.F) {
	m, honest := handReport(f)
	f.Add(honest.JSON, honest.CSV, honest.Checkpoint, honest.Proof)
	f.Add([]byte(strings.Repeat("[", 1<<12)), []byte(`"`), []byte("\n\n"), []byte("c2sp.org/tlog-proof@v1\nindex 0\n\n"))
	f.Add(bytes.Replace(honest.JSON, []byte(`"by"`), []byte(`"on"`), 3), []byte(nil), honest.Checkpoint, honest.Proof)
	f.Add(bytes.Replace(honest.JSON, []byte(`"rankings"`), []byte(`"matrix": [{"by": ["US"], "on": [], "cells": [[{}]]}], "apart"`), 1), honest.CSV, honest.Checkpoint, honest.Proof)
	f.Add(bytes.Replace(honest.JSON, []byte(`"series": []`), []byte(`"series": [{"measure": "control.hosts", "unit": "ip-address", "by": [], "on": [], "points": [{"day": "2014-03-19"}]}]`), 1), honest.CSV, honest.Checkpoint, honest.Proof)
	f.Add(bytes.Replace(honest.JSON, []byte(`"from": "", "to": "", "days": 0`), []byte(`"from": "1970-01-01", "to": "9999-12-31", "days": 2932897`), -1), honest.CSV, honest.Checkpoint, honest.Proof)
	f.Fuzz(func(t *testing.T, json, csv, checkpoint, proof []byte) {
		r := verify.Report{HTML: honest.HTML, JSON: json, CSV: csv, Checkpoint: checkpoint, Proof: proof}
		same := bytes.Equal(json, honest.JSON) && bytes.Equal(csv, honest.CSV)
		if code := verify.Check(r, m.key(), m).ExitCode(); code == 0 && !same {
			t.Errorf("exit code 0 for a file that was not published")
		}
		if code := verify.Check(r, verify.Key{}, nil).ExitCode(); code == 0 {
			t.Errorf("exit code 0 without key and ledger")
		}
		// The publisher may sign anything; then the ledger decides.
		sealed := m.seal(t, json, csv, 1)
		verify.Check(sealed, m.key(), m)
		m.unseal()
	})
}

func TestTooLarge(t *testing.T) {
	m, honest := handReport(t)
	for i, of := range []func(*verify.Report) *[]byte{
		func(r *verify.Report) *[]byte { return &r.HTML },
		func(r *verify.Report) *[]byte { return &r.JSON },
		func(r *verify.Report) *[]byte { return &r.CSV },
		func(r *verify.Report) *[]byte { return &r.Checkpoint },
		func(r *verify.Report) *[]byte { return &r.Proof },
	} {
		r := honest
		*of(&r) = make([]byte, verify.MaxFile+1)
		result := verify.Check(r, m.key(), m)
		if len(result.Lines) != 1 {
			t.Errorf("file %d: %v", i, result.Lines)
		}
		demand(t, result, verify.Malformed, "more than")
	}
}

// TestTooManyQuestions: a report that asks for all memory is not recounted.
func TestTooManyQuestions(t *testing.T) {
	m, honest := handReport(t)
	begin := bytes.Index(honest.JSON, []byte(`"rankings": [`)) + len(`"rankings": [`)
	end := bytes.Index(honest.JSON, []byte(`],`+"\n"+`"series"`))
	table := honest.JSON[begin:end]
	var many []byte
	for _, by := range strings.Fields("AA BB CC DD EE FF GG HH II JJ KK LL MM NN OO PP QQ") {
		for _, on := range strings.Fields("AA BB CC DD EE FF GG HH II JJ KK LL MM NN OO PP QQ") {
			one := bytes.Replace(table, []byte(`"by": [], "on": []`), []byte(`"by": ["`+by+`"], "on": ["`+on+`"]`), 1)
			many = append(append(many, one...), ',')
		}
	}
	json := bytes.Join([][]byte{honest.JSON[:begin], many, honest.JSON[begin:]}, nil)
	m.unseal()
	demand(t, verify.Check(m.seal(t, json, honest.CSV, 1), m.key(), m), verify.NotChecked, "more than 4096 questions")
}
