package scenario

import "strconv"

func appendConn(dst []byte, f *flow) []byte {
	dst = appendID(dst, f.at, f.orig, f.resp)
	dst = append(append(dst, f.proto...), '\t')
	dst = append(append(dst, orUnset(f.service)...), '\t')
	if f.state == "S0" || f.lasts == 0 {
		dst = append(dst, "-\t-\t-\t"...)
	} else {
		dst = append(appendSeconds(dst, f.lasts), '\t')
		dst = append(strconv.AppendInt(dst, int64(f.sent), 10), '\t')
		dst = append(strconv.AppendInt(dst, int64(f.got), 10), '\t')
	}
	dst = append(dst, f.state...)
	dst = append(dst, "\t-\t-\t0\t"...)
	dst = append(append(dst, f.history...), '\t')
	dst = appendPackets(dst, countUpper(f.history), f.sent)
	dst = append(dst, '\t')
	dst = appendPackets(dst, len(f.history)-countUpper(f.history), f.got)
	return append(dst, "\t(empty)\n"...)
}

func countUpper(history string) int {
	n := 0
	for i := range len(history) {
		if 'A' <= history[i] && history[i] <= 'Z' {
			n++
		}
	}
	return n
}

// appendPackets writes packets and their bytes with headers, for letters of a history.
func appendPackets(dst []byte, letters, payload int) []byte {
	if letters == 0 {
		return append(dst, "0\t0"...)
	}
	packets := letters + payload/1400
	dst = strconv.AppendInt(dst, int64(packets), 10)
	return strconv.AppendInt(append(dst, '\t'), int64(payload+52*packets), 10)
}

func orUnset(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

func appendDNS(dst []byte, q *query) []byte {
	dst = appendID(dst, q.at, q.orig, q.resp)
	dst = append(dst, "udp\t"...)
	dst = strconv.AppendUint(dst, mix(uint64(q.at), 53)%65536, 10)
	dst = append(dst, "\t0.012345\t"...)
	dst = append(dst, q.name...)
	dst = append(dst, "\t1\tC_INTERNET\t1\tA\t"...)
	if q.rcode == 3 {
		return append(dst, "3\tNXDOMAIN\tF\tF\tT\tT\t0\t-\t-\tF\n"...)
	}
	dst = append(dst, "0\tNOERROR\tF\tF\tT\tT\t0\t"...)
	dst = append(dst, q.answer...)
	return append(dst, "\t300.000000\tF\n"...)
}

func appendHTTP(dst []byte, r *request) []byte {
	dst = appendID(dst, r.at, r.orig, r.resp)
	dst = append(append(dst, "1\t"...), r.method...)
	dst = append(append(dst, '\t'), r.host...)
	dst = append(append(dst, '\t'), r.uri...)
	dst = append(dst, "\t-\t1.1\t"...)
	dst = append(append(dst, orUnset(r.agent)...), '\t')
	sent := 0
	if r.method == "POST" {
		sent = 64
	}
	dst = append(strconv.AppendInt(dst, int64(sent), 10), '\t')
	dst = append(strconv.AppendInt(dst, int64(r.size), 10), '\t')
	dst = append(strconv.AppendInt(dst, int64(r.status), 10), '\t')
	dst = append(dst, reason(r.status)...)
	return append(dst, "\t-\t-\t(empty)\t-\t-\t-\t-\t-\t-\t-\t-\ttext/html\n"...)
}

func reason(status int) string {
	switch status {
	case 200:
		return "OK"
	case 404:
		return "Not Found"
	case 302:
		return "Found"
	}
	return "-"
}
