//go:build node || python

package js

import (
	"archive/tar"
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"hash/crc32"
	"maps"
	"slices"
	"strings"

	"golang.org/x/mod/sumdb/note"

	ts "github.com/tallystick/tallystick"
	"github.com/tallystick/tallystick/proof"
)

// pack writes the bundle.
func (w *world) pack() []byte {
	var log []byte
	for _, e := range w.entries {
		log = binary.BigEndian.AppendUint32(log, uint32(len(e)))
		log = append(binary.BigEndian.AppendUint32(log, crc32.ChecksumIEEE(e)), e...)
	}
	w.files["entries.log"] = log
	w.sign()
	var names []string
	for name := range w.files {
		names = append(names, name)
	}
	slices.Sort(names)
	var b bytes.Buffer
	archive := tar.NewWriter(&b)
	for _, name := range names {
		w.must(archive.WriteHeader(&tar.Header{Name: name, Mode: 0o644, Size: int64(len(w.files[name])), Format: tar.FormatUSTAR}))
		_, err := archive.Write(w.files[name])
		w.must(err)
	}
	w.must(archive.Close())
	return b.Bytes()
}

// sign has the ledger sign all files, as they are.
func (w *world) sign() {
	whole := proof.NewWhole()
	for _, name := range slices.Sorted(maps.Keys(w.files)) {
		if proof.InWhole(name) {
			whole.Add(name, ts.DigestOf(w.files[name]))
		}
	}
	signed, err := note.Sign(&note.Note{Text: whole.Text(origin)}, w.signer)
	w.must(err)
	w.files[proof.WholeName] = signed
}

// tamper changes the files of the bundle.
func (w *world) tamper() {
	var names []string
	for name := range w.files {
		names = append(names, name)
	}
	slices.Sort(names)
	name := pick(w, names...)
	switch w.rng.IntN(6) {
	case 0:
		delete(w.files, name)
	case 1:
		w.files[pick(w, "places/"+hex.EncodeToString(make([]byte, 32)), "places/"+ts.Digest{11}.String(), "notes.txt", "figures/x/tags.bin")] = []byte("x\n")
	case 2:
		w.files[name] = w.digit(w.files[name])
	case 3:
		w.files["drand/1000"] = pick(w, []byte(drand), []byte(strings.ToUpper(drand)+"\n"), []byte("00\n"), w.digit([]byte(drand+"\n")))
	case 4:
		w.files[pick(w, names...)] = w.files[name]
	}
}
