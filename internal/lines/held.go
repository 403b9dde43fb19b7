package lines

// Held returns the bytes [from, End()) if they are still held, else nil: the line last
// returned, and some of those before it. They are valid until the next call of Next or
// Peek.
func (r *Reader) Held(from uint64) []byte {
	if from < r.base || from > r.end || r.end-r.base > uint64(len(r.data)) {
		return nil
	}
	return r.data[from-r.base : r.end-r.base]
}
