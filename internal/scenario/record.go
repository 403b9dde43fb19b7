package scenario

// Records are what happened, before a sensor writes it in its own format. Times are
// microseconds of Unix time.

// flow is a connection or a flow.
type flow struct {
	at         int64
	lasts      int64 // microseconds
	orig, resp end
	proto      string // tcp, udp
	service    string // "" unknown
	state      string // Zeek's conn_state
	history    string
	sent, got  int // payload bytes of the originator and of the responder
}

// answered is a TCP conversation that ended in the ordinary way.
func answered(at int64, orig, resp end, sent, got int) flow {
	return flow{at: at, lasts: 180_000 + int64(got)*40, orig: orig, resp: resp, proto: "tcp",
		state: "SF", history: "ShADadFf", sent: sent, got: got}
}

// unanswered is a SYN that nobody answered.
func unanswered(at int64, orig, resp end) flow {
	return flow{at: at, orig: orig, resp: resp, proto: "tcp", state: "S0", history: "S"}
}

// query is a DNS transaction.
type query struct {
	at         int64
	orig, resp end
	name       string
	rcode      int // 0 NOERROR, 3 NXDOMAIN
	answer     string
}

// request is an HTTP request and its response.
type request struct {
	at         int64
	orig, resp end
	method     string
	host       string
	uri        string
	status     int
	size       int
	agent      string
	forwarded  string // X-Forwarded-For, in logs that write it
	sni        string // TLS server name, in logs that write it beside the host
}

// alert is a rule of an intrusion detection system that fired on a packet.
type alert struct {
	at       int64
	flow     flow
	toClient bool // the packet ran from the flow's responder to its originator
	sid      int
	name     string
	category string
}

// report is a line of a sinkhole operator's report.
type report struct {
	at         int64
	orig, resp end
	family     string
	host       string
	as         int
	country    string
}
