package scenario

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"
)

// The columns of Zeek's logs as of version 2.2 to 6, with their types.
const (
	zeekConn = "ts:time uid:string id.orig_h:addr id.orig_p:port id.resp_h:addr id.resp_p:port proto:enum service:string duration:interval orig_bytes:count resp_bytes:count conn_state:string local_orig:bool local_resp:bool missed_bytes:count history:string orig_pkts:count orig_ip_bytes:count resp_pkts:count resp_ip_bytes:count tunnel_parents:set[string]"
	zeekDNS  = "ts:time uid:string id.orig_h:addr id.orig_p:port id.resp_h:addr id.resp_p:port proto:enum trans_id:count rtt:interval query:string qclass:count qclass_name:string qtype:count qtype_name:string rcode:count rcode_name:string AA:bool TC:bool RD:bool RA:bool Z:count answers:vector[string] TTLs:vector[interval] rejected:bool"
	zeekHTTP = "ts:time uid:string id.orig_h:addr id.orig_p:port id.resp_h:addr id.resp_p:port trans_depth:count method:string host:string uri:string referrer:string version:string user_agent:string request_body_len:count response_body_len:count status_code:count status_msg:string info_code:count info_msg:string tags:set[enum] username:string password:string proxied:set[string] orig_fuids:vector[string] orig_filenames:vector[string] orig_mime_types:vector[string] resp_fuids:vector[string] resp_filenames:vector[string] resp_mime_types:vector[string]"
)

// zeekLog writes a log of records in order of time, with its header and trailer.
func zeekLog[R any](out *output, path, columns string, day int, list []R, at func(*R) int64, appendTo func([]byte, *R) []byte) error {
	var names, types strings.Builder
	for column := range strings.FieldsSeq(columns) {
		name, kind, _ := strings.Cut(column, ":")
		names.WriteString("\t" + name)
		types.WriteString("\t" + kind)
	}
	stamp := dayName(day) + "-00-00-00"
	fmt.Fprintf(out, "#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\t%s\n#open\t%s\n#fields%s\n#types%s\n",
		path, stamp, &names, &types)
	for r := range inTime(list, at) {
		out.line = appendTo(out.line, r)
		if err := out.flushLine(); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(out, "#close\t%s\n", dayName(day+1)+"-00-00-00")
	return err
}

// appendID writes the time, the connection's identifier and its four-tuple, a tab behind
// each. The identifier depends on the ends alone, so that logs of one contact share it.
func appendID(dst []byte, at int64, orig, resp end) []byte {
	dst = appendSeconds(dst, at)
	dst = append(dst, "\tC"...)
	h := mix(mix(addrBits(orig.addr), uint64(orig.port)), mix(addrBits(resp.addr), uint64(resp.port)))
	const letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	for range 16 {
		dst = append(dst, letters[h%62])
		h = h/62 ^ h<<41
	}
	dst = append(dst, '\t')
	dst = appendEnd(dst, orig)
	return append(appendEnd(append(dst, '\t'), resp), '\t')
}

func appendEnd(dst []byte, e end) []byte {
	dst = append(e.addr.AppendTo(dst), '\t')
	return strconv.AppendUint(dst, uint64(e.port), 10)
}

// appendSeconds writes microseconds as seconds with six digits.
func appendSeconds(dst []byte, micros int64) []byte {
	dst = strconv.AppendInt(dst, micros/1e6, 10)
	dst = append(dst, '.')
	return appendDigits(dst, int(micros%1e6), 6)
}

// appendDigits writes n with leading zeros.
func appendDigits(dst []byte, n, width int) []byte {
	start := len(dst)
	for range width {
		dst = append(dst, '0')
	}
	for i := len(dst) - 1; i >= start; i-- {
		dst[i] = byte('0' + n%10)
		n /= 10
	}
	return dst
}

func addrBits(a netip.Addr) uint64 {
	b := a.As16()
	var h uint64
	for i := 0; i < 16; i += 8 {
		var word uint64
		for _, c := range b[i : i+8] {
			word = word<<8 | uint64(c)
		}
		h = mix(h, word)
	}
	return h
}

// mix is a round of SplitMix64.
func mix(h, n uint64) uint64 {
	h = (h ^ n) + 0x9e3779b97f4a7c15
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	return h ^ h>>31
}

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
