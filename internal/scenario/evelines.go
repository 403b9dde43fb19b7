package scenario

import (
	"strconv"
	"time"
)

// packet is the ends of what an event is about: src sent it.
type packet struct {
	src, to end
	proto   string
}

// appendEveHead writes the keys that every event has.
func appendEveHead(dst []byte, at int64, kind string, p packet) []byte {
	dst = append(dst, `{"timestamp":"`...)
	dst = appendStamp(dst, at)
	dst = append(dst, `","flow_id":`...)
	id := mix(addrBits(p.src.addr)^addrBits(p.to.addr), uint64(p.src.port)^uint64(p.to.port))
	dst = strconv.AppendUint(dst, id>>11, 10)
	dst = append(dst, `,"in_iface":"eth1","event_type":"`...)
	dst = append(dst, kind...)
	dst = append(dst, `","src_ip":"`...)
	dst = p.src.addr.AppendTo(dst)
	dst = append(dst, `","src_port":`...)
	dst = strconv.AppendUint(dst, uint64(p.src.port), 10)
	dst = append(dst, `,"dest_ip":"`...)
	dst = p.to.addr.AppendTo(dst)
	dst = append(dst, `","dest_port":`...)
	dst = strconv.AppendUint(dst, uint64(p.to.port), 10)
	dst = append(dst, `,"proto":"`...)
	if p.proto == "udp" {
		dst = append(dst, "UDP"...)
	} else {
		dst = append(dst, "TCP"...)
	}
	return append(dst, '"')
}

// appendStamp writes a time as Suricata does.
func appendStamp(dst []byte, at int64) []byte {
	return time.UnixMicro(at).UTC().AppendFormat(dst, "2006-01-02T15:04:05.000000-0700")
}

func appendEveFlow(dst []byte, at int64, f *flow) []byte {
	dst = appendEveHead(dst, at, "flow", packet{f.orig, f.resp, f.proto})
	dst = appendAccount(append(dst, ','), at, f)
	if f.proto == "udp" {
		return append(dst, "}\n"...)
	}
	return append(append(dst, `,"tcp":{`...), tcpFlags(f)+"}}\n"...)
}

// appendAccount writes the "flow" object.
func appendAccount(dst []byte, at int64, f *flow) []byte {
	upper := countUpper(f.history)
	packets := func(letters, payload int) (int, int) {
		if letters == 0 {
			return 0, 0
		}
		n := letters + payload/1400
		return n, payload + 60*n
	}
	sent, sentBytes := packets(upper, f.sent)
	got, gotBytes := packets(len(f.history)-upper, f.got)
	dst = append(dst, `"flow":{"pkts_toserver":`...)
	dst = strconv.AppendInt(dst, int64(sent), 10)
	dst = append(dst, `,"pkts_toclient":`...)
	dst = strconv.AppendInt(dst, int64(got), 10)
	dst = append(dst, `,"bytes_toserver":`...)
	dst = strconv.AppendInt(dst, int64(sentBytes), 10)
	dst = append(dst, `,"bytes_toclient":`...)
	dst = strconv.AppendInt(dst, int64(gotBytes), 10)
	dst = append(dst, `,"start":"`...)
	dst = appendStamp(dst, f.at)
	dst = append(dst, `","end":"`...)
	dst = appendStamp(dst, at)
	dst = append(dst, `","age":`...)
	dst = strconv.AppendInt(dst, f.lasts/1e6, 10)
	state := "new"
	if f.got > 0 {
		state = "closed"
	}
	dst = append(dst, `,"state":"`...)
	dst = append(dst, state...)
	return append(dst, `","reason":"timeout","alerted":false}`...)
}

// tcpFlags are the flags of both directions, in hexadecimal.
func tcpFlags(f *flow) string {
	switch f.state {
	case "S0":
		return `"tcp_flags":"02","tcp_flags_ts":"02","tcp_flags_tc":"00","syn":true,"state":"syn_sent"`
	case "REJ":
		return `"tcp_flags":"16","tcp_flags_ts":"02","tcp_flags_tc":"14","syn":true,"rst":true,"ack":true,"state":"closed"`
	}
	return `"tcp_flags":"1b","tcp_flags_ts":"1b","tcp_flags_tc":"1b","syn":true,"fin":true,"psh":true,"ack":true,"state":"closed"`
}

func appendEveHTTP(dst []byte, at int64, r *request) []byte {
	dst = appendEveHead(dst, at, "http", packet{r.orig, r.resp, "tcp"})
	dst = append(dst, `,"tx_id":0,"http":{"hostname":"`...)
	dst = append(dst, r.host...)
	dst = append(dst, `","url":"`...)
	dst = append(dst, r.uri...)
	dst = append(dst, `","http_user_agent":"`...)
	dst = append(dst, r.agent...)
	dst = append(dst, `","http_content_type":"text/html","http_method":"`...)
	dst = append(dst, r.method...)
	dst = append(dst, `","protocol":"HTTP/1.1","status":`...)
	dst = strconv.AppendInt(dst, int64(r.status), 10)
	dst = append(dst, `,"length":`...)
	dst = strconv.AppendInt(dst, int64(r.size), 10)
	if r.sni != "" {
		dst = append(append(append(dst, `},"tls":{"sni":"`...), r.sni...), '"')
	}
	return append(dst, "}}\n"...)
}

// appendEveAlert writes an alert with the ends of the packet that fired.
func appendEveAlert(dst []byte, at int64, a *alert) []byte {
	src, to, direction := a.flow.orig, a.flow.resp, "to_server"
	if a.toClient {
		src, to, direction = to, src, "to_client"
	}
	dst = appendEveHead(dst, at, "alert", packet{src, to, "tcp"})
	dst = append(dst, `,"alert":{"action":"allowed","gid":1,"signature_id":`...)
	dst = strconv.AppendInt(dst, int64(a.sid), 10)
	dst = append(dst, `,"rev":1,"signature":"`...)
	dst = append(dst, a.name...)
	dst = append(dst, `","category":"`...)
	dst = append(dst, a.category...)
	dst = append(dst, `","severity":1},"direction":"`...)
	dst = append(dst, direction...)
	dst = append(dst, `",`...)
	return append(appendAccount(dst, at, &a.flow), "}\n"...)
}
