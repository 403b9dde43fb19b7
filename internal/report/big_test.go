package report

import (
	"context"
	"math/rand/v2"
	"testing"
	"time"
)

func TestBig(t *testing.T) {
	m := &made{rand: rand.New(rand.NewPCG(1, 2))}
	m.control("US", "CN", 2077, 100000, "zeus")
	m.control("HK", "CN", 500, 50000, "zeus")
	m.control("US", "CN", 2077, 100000, "zeus")
	m.control("US", "DE", 2077, 100000, "zeus")
	m.backdoor("US", "CN", 2016, 1754, 57000)
	m.phishing("US", "CN", 135, 14000)
	m.apart()
	for range 2 { m.rows = append(m.rows, m.rows...) }
	p := &plain{rows: m.rows}
	t.Log(len(m.rows))
	s := scanOf(t, p)
	for _, q := range []Request{{Window: testWindow, By: us, On: cn}, {Window: testWindow}} {
		at := time.Now()
		r, err := Build(context.Background(), s, madeEvidence(), q)
		if err != nil { t.Fatal(err) }
		t.Log(time.Since(at), r.Figures[0].Value)
	}
	e := madeEngine()
	Build(context.Background(), e, madeEvidence(), Request{Window: testWindow, By: us, On: cn})
	t.Log("questions", e.asked)
	e = madeEngine()
	Build(context.Background(), e, madeEvidence(), Request{Window: testWindow})
	t.Log("questions", e.asked)
}
