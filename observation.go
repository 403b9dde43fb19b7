package tallystick

import (
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strings"
)

// Record says which kind of record an Observation was read from.
type Record uint8

// The kinds of record. Each shows facts of its own; they are never joined.
const (
	RecordConn   Record = iota + 1 // a connection or flow
	RecordDNS                      // a DNS message or transaction
	RecordHTTP                     // an HTTP transaction seen on the wire
	RecordTLS                      // a TLS handshake
	RecordAlert                    // an intrusion detection alert
	RecordAccess                   // a line of a web server's access log
	RecordLogin                    // something a honeypot's visitor did
	RecordReport                   // a line of somebody's report about an address
)

// Facts are what a record shows of a contact, as bits.
type Facts uint16

// The facts a record can show.
const (
	FactReplied    Facts = 1 << iota // payload came from the responder
	FactUnverified                   // the originator may be spoofed: SYN only, or UDP without reply
	FactProxied                      // CONNECT or an absolute URI: the responder is a proxy
	FactNoName                       // DNS: the name does not exist (NXDOMAIN)
	FactBroadcast                    // DNS: a NetBIOS, LLMNR or mDNS question to everybody, not to a resolver
	FactFromResp                     // alert: the packet that fired went from Resp to Orig
	FactUpload                       // the originator wrote a file to the responder
	FactUnasked                      // nothing was seen of the originator: backscatter, or half a conversation
)

// Observation is what one record shows. Readers fill the same Observation again and
// again: the byte slices are valid until the next record is read. Orig and Resp are the
// two ends as seen on the wire, Canonical, Orig being the one that began.
type Observation struct {
	Record Record
	Facts  Facts
	Start  int64 // Unix seconds UTC of the start
	Orig   End
	Resp   End
	Proto  byte // IANA protocol number; 0 unknown

	Name    []byte       // DNS question, HTTP host, TLS server name, virtual host; lower case, no port, no final dot
	SNI     []byte       // TLS server name, where the record shows it beside an HTTP host
	Path    []byte       // URL path without query and fragment
	Method  []byte       // HTTP method, upper case
	Status  uint16       // HTTP status, 0 none
	Answers []netip.Addr // DNS: addresses in the answer
	Hops    []netip.Addr // access logs: X-Forwarded-For, left to right; invalid where not an address

	Signature []byte // alert: "gid:sid"; honeypot: event name; report: report type
	Category  []byte // alert: category text
	Family    []byte // report: malware family it names
	HostID    []byte // report: strong identifier of the host it names

	At Locator
}

// Reset empties o, keeping the capacity of its slices.
func (o *Observation) Reset() {
	answers, hops := o.Answers[:0], o.Hops[:0]
	*o = Observation{Answers: answers, Hops: hops}
}

// LineError says that one record could not be used; reading goes on behind it.
type LineError struct {
	File   string
	Line   uint64 // 1-based
	Offset uint64 // of the line, in decompressed bytes
	Reason string // one of few words, for counting: "columns", "time", "address" …
	Detail string // what was there, for a person; quoted, bounded
}

// Unused returns the error for the record at the locator. detail may be long.
func (at Locator) Unused(reason, detail string) *LineError {
	return &LineError{Line: at.Line, Offset: at.Offset, Reason: reason, Detail: detail}
}

func (e *LineError) Error() string {
	text := fmt.Sprintf("%s:%d (byte %d): %s", e.File, e.Line, e.Offset, e.Reason)
	if e.Detail != "" {
		text += ": " + e.Detail
	}
	return text
}

// Tally accounts for every record of one input: Read = Observed + the sum of Skipped.
type Tally struct {
	Read     uint64
	Observed uint64
	Skipped  map[string]uint64 // by reason
}

// Skip counts one record read and not observed.
func (t *Tally) Skip(reason string) {
	t.Read++
	if t.Skipped == nil {
		t.Skipped = map[string]uint64{}
	}
	t.Skipped[reason]++
}

// Observe counts one record read and observed.
func (t *Tally) Observe() { t.Read++; t.Observed++ }

// Add adds u to t.
func (t *Tally) Add(u Tally) {
	t.Read += u.Read
	t.Observed += u.Observed
	for reason, n := range u.Skipped {
		if t.Skipped == nil {
			t.Skipped = map[string]uint64{}
		}
		t.Skipped[reason] += n
	}
}

// Plus returns the sum of t and u, which share nothing with it.
func (t Tally) Plus(u Tally) Tally {
	sum := Tally{}
	sum.Add(t)
	sum.Add(u)
	return sum
}

// Lost returns the number of skipped records.
func (t *Tally) Lost() uint64 {
	var n uint64
	for _, k := range t.Skipped {
		n += k
	}
	return n
}

// Balanced reports whether no record vanished.
func (t *Tally) Balanced() bool { return t.Read == t.Observed+t.Lost() }

// String names the counts, reasons in alphabetical order.
func (t *Tally) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "read %d, observed %d", t.Read, t.Observed)
	for _, reason := range slices.Sorted(maps.Keys(t.Skipped)) {
		fmt.Fprintf(&b, ", %s %d", reason, t.Skipped[reason])
	}
	return b.String()
}
