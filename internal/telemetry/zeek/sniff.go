package zeek

import (
	"bytes"

	"github.com/tallystick/tallystick/internal/jsonscan"
)

// Sniff reports whether head, the first bytes of a file, begin a Zeek log of any kind.
// Zeek's files of indicators, which have a header too, are none.
func Sniff(head []byte) bool {
	line, _, _ := bytes.Cut(bytes.TrimLeft(head, "\r\n"), []byte("\n"))
	if bytes.HasPrefix(line, []byte("{")) {
		return sniffJSON(line)
	}
	for _, prefix := range [...]string{"#separator ", "#separator\t", "#set_separator\t", "#path\t", "#fields\tts\t", "ts\t", ">== Total ==="} {
		if bytes.HasPrefix(line, []byte(prefix)) {
			return true
		}
	}
	return false
}

// sniffJSON looks for the time that nearly every log has, together with a key that other
// writers do not use. The line may be cut short.
func sniffJSON(line []byte) bool {
	time, own := false, false
	s := jsonscan.Object(line)
	for s.Next() {
		switch string(s.Key()) {
		case "ts":
			time = true
		case "uid", "uids", "id.orig_h", "id_orig_h", "fuid", "peer", "certificate.version", "node", "ts_delta":
			own = true
		case "_path", "@stream":
			return true
		case "name": // of loaded_scripts.log, which has no time
			v := jsonscan.Plain(s.Value())
			if bytes.HasSuffix(v, []byte(".zeek")) || bytes.HasSuffix(v, []byte(".bro")) {
				return true
			}
		}
	}
	return time && own
}
