package scenario

import (
	"encoding/json"
	"fmt"
	"net/netip"
	"strings"
	"time"
)

// cowrie is an event of the honeypot's log, in the order of the keys that Cowrie writes.
type cowrie struct {
	EventID   string `json:"eventid"`
	Username  string `json:"username,omitempty"`
	Password  string `json:"password,omitempty"`
	Input     string `json:"input,omitempty"`
	Version   string `json:"version,omitempty"`
	SrcIP     string `json:"src_ip"`
	SrcPort   uint16 `json:"src_port,omitempty"`
	DstIP     string `json:"dst_ip,omitempty"`
	DstPort   uint16 `json:"dst_port,omitempty"`
	Session   string `json:"session"`
	Message   string `json:"message"`
	Sensor    string `json:"sensor"`
	Timestamp string `json:"timestamp"`

	at int64
}

// honeypotAddr is where the honeypot listens.
func honeypotAddr() netip.Addr { return plain4(cnHosting, 0, 9) }

// honeypotDay is a day of the honeypot: some hundred sessions of guessing passwords, of
// sources in many countries.
func (p *plan) honeypotDay(day int) file {
	if day == windowDays {
		return file{}
	}
	name := fmt.Sprintf("logs/%s/cowrie.json.%s", cnHoneypot, strings.ReplaceAll(dayName(day), "-", "_"))
	return file{path: packed(name, day), write: func(out *output) error {
		rng := p.rng(fmt.Sprintf("honeypot %d", day))
		var list []cowrie
		for range p.sized(260, 5) {
			octet := []int{usHosting, thirdPart, thirdPart, elsewhere}[rng.IntN(4)]
			source := end{spare(octet, 1<<15+uint32(rng.IntN(900))), ephemeral(rng)}
			list = append(list, session(benignMoment(rng, day), source, rng.Uint64(), 1+rng.IntN(4))...)
		}
		w := json.NewEncoder(out)
		for e := range inTime(list, func(e *cowrie) int64 { return e.at }) {
			if err := w.Encode(e); err != nil {
				return err
			}
		}
		return nil
	}}
}

// session is a visit with so many guesses.
func session(at int64, source end, id uint64, guesses int) []cowrie {
	base := cowrie{SrcIP: source.addr.String(), Session: fmt.Sprintf("%012x", id>>16), Sensor: cnHoneypot}
	var list []cowrie
	add := func(after int64, e cowrie) {
		e.at = min(at+after, dayEnd(dayOf(at/1e6)))
		e.Timestamp = time.UnixMicro(e.at).UTC().Format("2006-01-02T15:04:05.000000Z")
		list = append(list, e)
	}
	connect := base
	connect.EventID, connect.SrcPort = "cowrie.session.connect", source.port
	connect.DstIP, connect.DstPort = honeypotAddr().String(), 2222
	connect.Message = fmt.Sprintf("New connection: %s:%d (%s:2222) [session: %s]", source.addr, source.port, connect.DstIP, base.Session)
	add(0, connect)
	version := base
	version.EventID, version.Version = "cowrie.client.version", "SSH-2.0-libssh2_1.4.3"
	version.Message = "Remote SSH version: SSH-2.0-libssh2_1.4.3"
	add(150_000, version)
	for n := range guesses {
		login := base
		login.EventID, login.Username, login.Password = "cowrie.login.failed", "root", words[(int(id%97)+n)%len(words)]
		login.Message = fmt.Sprintf("login attempt [root/%s] failed", login.Password)
		add(900_000*int64(n+1), login)
	}
	closed := base
	closed.EventID, closed.Message = "cowrie.session.closed", "Connection lost"
	add(900_000*int64(guesses+1), closed)
	return list
}
