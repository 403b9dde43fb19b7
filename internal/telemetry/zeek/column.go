package zeek

// column is a value that is used, of whichever log.
type column uint8

const (
	colOther column = iota // any column that is not used
	colPath
	colTime
	colOrigAddr
	colOrigPort
	colRespAddr
	colRespPort
	colProto
	colOrigBytes
	colRespBytes
	colState
	colMissed
	colHistory
	colOrigPackets
	colRespPackets
	colQuery
	colRcode
	colRcodeName
	colAnswers
	colRejected
	colMethod
	colHost
	colURI
	colStatus
	colInfo
	colDepth
	colBodyLen
	colCallID
	colServerName
	colVersion
	colCipher
	colEstablished
	colSubject
	columns
)

// columnOf names the column by its name in TSV headers and JSON keys; converters to
// other stores write id_orig_h for id.orig_h.
func columnOf(name []byte) column {
	switch string(name) {
	case "_path", "@stream":
		return colPath
	case "ts":
		return colTime
	case "id.orig_h", "id_orig_h":
		return colOrigAddr
	case "id.orig_p", "id_orig_p":
		return colOrigPort
	case "id.resp_h", "id_resp_h":
		return colRespAddr
	case "id.resp_p", "id_resp_p":
		return colRespPort
	case "proto":
		return colProto
	}
	if c := connColumn(name); c != colOther {
		return c
	}
	return nameColumn(name)
}

func connColumn(name []byte) column {
	switch string(name) {
	case "orig_bytes":
		return colOrigBytes
	case "resp_bytes":
		return colRespBytes
	case "conn_state":
		return colState
	case "missed_bytes":
		return colMissed
	case "history":
		return colHistory
	case "orig_pkts":
		return colOrigPackets
	case "resp_pkts":
		return colRespPackets
	}
	return colOther
}

// nameColumn knows the columns of the logs that show names.
func nameColumn(name []byte) column {
	switch string(name) {
	case "query":
		return colQuery
	case "rcode":
		return colRcode
	case "rcode_name":
		return colRcodeName
	case "answers":
		return colAnswers
	case "rejected":
		return colRejected
	case "method":
		return colMethod
	case "host":
		return colHost
	case "uri":
		return colURI
	case "status_code":
		return colStatus
	case "info_code":
		return colInfo
	case "trans_depth":
		return colDepth
	case "response_body_len":
		return colBodyLen
	case "call_id":
		return colCallID
	case "server_name":
		return colServerName
	case "version":
		return colVersion
	case "cipher":
		return colCipher
	case "established":
		return colEstablished
	case "subject":
		return colSubject
	}
	return colOther
}

// columnSet is a set of columns, by bit.
type columnSet uint64

func (s columnSet) contains(c column) bool { return s>>c&1 != 0 }

func (s *columnSet) add(c column) { *s |= 1 << c }

// kindBy decides by the columns of a log that does not say what it is. Each test rests
// on columns that Zeek sets in every record of that log and that no other log has; a
// SIP log looks like HTTP but for its call_id.
func kindBy(columns columnSet) kind {
	has := columns.contains
	switch {
	case has(colRejected) || has(colQuery) && (has(colRcode) || has(colAnswers)):
		return kindDNS
	case has(colDepth) && has(colBodyLen) && !has(colCallID):
		return kindHTTP
	case has(colEstablished) || has(colCipher) && has(colServerName):
		return kindSSL
	case has(colState) || has(colMissed) && has(colHistory):
		return kindConn
	}
	return kindUnused
}
