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

// zeekForm is how one kind of record makes a log.
type zeekForm[R any] struct {
	path, columns string
	at            func(*R) int64
	appendTo      func([]byte, *R) []byte
}

func connForm() zeekForm[flow] {
	return zeekForm[flow]{"conn", zeekConn, func(f *flow) int64 { return f.at }, appendConn}
}

func dnsForm() zeekForm[query] {
	return zeekForm[query]{"dns", zeekDNS, func(q *query) int64 { return q.at }, appendDNS}
}

func httpForm() zeekForm[request] {
	return zeekForm[request]{"http", zeekHTTP, func(r *request) int64 { return r.at }, appendHTTP}
}

// write writes a day's log of records in order of time, with its header and trailer.
func (z zeekForm[R]) write(out *output, day int, list []R) error {
	var names, types strings.Builder
	for column := range strings.FieldsSeq(z.columns) {
		name, kind, _ := strings.Cut(column, ":")
		names.WriteString("\t" + name)
		types.WriteString("\t" + kind)
	}
	stamp := dayName(day) + "-00-00-00"
	fmt.Fprintf(out, "#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\t%s\n#open\t%s\n#fields%s\n#types%s\n",
		z.path, stamp, &names, &types)
	for r := range inTime(list, z.at) {
		out.line = z.appendTo(out.line, r)
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
	for range 10 {
		dst = append(dst, letters[h%62])
		h /= 62
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
