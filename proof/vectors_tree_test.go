package proof

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"testing"
)

type trieVectors struct {
	Numbered []numberedRoot  `json:"numbered"`
	Roots    []tagsRoot      `json:"roots"`
	Paths    []pathVector    `json:"paths"`
	Absences []absenceVector `json:"absences"`
}

// numberedRoot is the root of SHA-256(u64 i) for i below n, in order.
type numberedRoot struct {
	N    uint64   `json:"n"`
	Root hexBytes `json:"root"`
}

type tagsRoot struct {
	Tags []hexBytes `json:"tags"`
	Root hexBytes   `json:"root"`
}

// pathVector is a path, made of Path Repeat times (0 is once); Position holds where Ok.
type pathVector struct {
	Name     string      `json:"name"`
	Root     hexBytes    `json:"root"`
	N        json.Number `json:"n"`
	Tag      hexBytes    `json:"tag"`
	Path     hexBytes    `json:"path"`
	Repeat   int         `json:"repeat,omitempty"`
	Position uint64      `json:"position"`
	Ok       bool        `json:"ok"`
}

// absenceVector is an absence; Other is empty for an empty place.
type absenceVector struct {
	Name  string      `json:"name"`
	Root  hexBytes    `json:"root"`
	N     json.Number `json:"n"`
	Tag   hexBytes    `json:"tag"`
	Other hexBytes    `json:"other"`
	Path  hexBytes    `json:"path"`
	Ok    bool        `json:"ok"`
}

func readSiblings(t *testing.T, b []byte) []Sibling {
	t.Helper()
	var path []Sibling
	for ; len(b) >= 40; b = b[40:] {
		path = append(path, Sibling{binary.BigEndian.Uint64(b), Hash(b[8:40])})
	}
	if len(b) > 0 {
		t.Fatalf("%d bytes behind a path", len(b))
	}
	return path
}

func count(t *testing.T, n json.Number) uint64 {
	t.Helper()
	var v uint64
	if err := json.Unmarshal([]byte(n), &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func TestVectorsTrie(t *testing.T) {
	var v trieVectors
	for _, n := range []int{0, 1, 2, 3, 7, 1000} {
		root := TrieRoot(counted(n))
		v.Numbered = append(v.Numbered, numberedRoot{uint64(n), root[:]})
	}
	for _, tags := range [][]Point{{}, {{}}, {{}, {31: 1}}, {{0x80}, {0xc0}, {0xff}}, counted(4)} {
		root := TrieRoot(tags)
		v.Roots = append(v.Roots, tagsRoot{hexPoints(tags), root[:]})
	}
	v.Paths, v.Absences = pathVectors(), absenceVectors(t)
	vectors(t, "trie", v, checkTrieVectors)
}

func pathVectors() []pathVector {
	tags := counted(9)
	root := TrieRoot(tags)
	make := func(name string, n string, tag Point, path []Sibling) pathVector {
		return pathVector{Name: name, Root: root[:], N: json.Number(n), Tag: tag[:], Path: siblingBytes(path)}
	}
	var list []pathVector
	for i, tag := range tags {
		c := make("tag of 9", "9", tag, TriePath(tags, i))
		c.Position, c.Ok = uint64(i), true
		list = append(list, c)
	}
	one, deep := TrieRoot(tags[:1]), []Point{{}, {31: 1}}
	deepRoot := TrieRoot(deep)
	list = append(list, pathVector{"the only tag", one[:], "1", tags[0][:], nil, 0, 0, true},
		pathVector{"256 siblings", deepRoot[:], "2", deep[1][:], siblingBytes(TriePath(deep, 1)), 0, 1, true})
	path := TriePath(tags, 4)
	changed := func(i int, change func(*Sibling)) []Sibling {
		p := append([]Sibling(nil), path...)
		change(&p[i])
		return p
	}
	list = append(list,
		make("one tag more", "10", tags[4], path),
		make("one tag fewer", "8", tags[4], path),
		make("no tags", "0", tags[4], path),
		make("path of another tag", "9", tags[3], path),
		make("a bit of a hash", "9", tags[4], changed(len(path)-1, func(s *Sibling) { s.Hash[5] ^= 1 })),
		make("a larger count", "9", tags[4], changed(len(path)-1, func(s *Sibling) { s.Count++ })),
		make("a count that wraps in 64 bits", "9", tags[4], changed(0, func(s *Sibling) { s.Count = ^uint64(0) })),
		make("nothing beside the leaf", "9", tags[4], changed(0, func(s *Sibling) { *s = Sibling{} })),
		make("count 0 with a hash", "9", tags[4], changed(len(path)-1, func(s *Sibling) { s.Count = 0 })),
		make("hash 0 with a count", "9", tags[4], changed(len(path)-1, func(s *Sibling) { s.Hash = Hash{} })),
		make("one sibling fewer", "9", tags[4], path[1:]),
		make("one empty sibling more", "9", tags[4], append([]Sibling{{}}, path...)),
		make("no sibling", "9", tags[4], nil))
	return append(list, forgedPaths()...)
}

// forgedPaths lead to roots that a publisher made against the rules.
func forgedPaths() []pathVector {
	tag := counted(1)[0] // its first bit is 1
	leaf := leafNode(tag)
	beside := func(s Sibling) Hash {
		top := innerNode(0, s, leaf)
		return rootHash(top.Count, top.Hash)
	}
	empty, phantom := beside(Sibling{}), beside(Sibling{1_000_000, Hash{1}})
	return []pathVector{
		{"a set of one with a node above it", empty[:], "1", tag[:], siblingBytes([]Sibling{{}}), 0, 0, false},
		{"257 siblings", empty[:], "258", tag[:], siblingBytes([]Sibling{{1, Hash{1}}}), maxTriePath + 1, 0, false},
		{"a million phantoms on the left: the path holds, they cannot be opened", phantom[:], "1000001", tag[:], siblingBytes([]Sibling{{1_000_000, Hash{1}}}), 0, 1_000_000, true},
	}
}

func absenceVectors(t *testing.T) []absenceVector {
	tags := counted(9)
	root := TrieRoot(tags)
	none := TrieRoot(nil)
	list := []absenceVector{{Name: "from no tags", Root: none[:], N: "0", Tag: tags[0][:], Ok: true}}
	for i := range 12 {
		tag := Point{byte(i * 21), byte(i)}
		a, err := TrieAbsence(tags, tag)
		if err != nil {
			t.Fatal(err)
		}
		c := absenceVector{Name: "an empty place", Root: root[:], N: "9", Tag: tag[:], Path: siblingBytes(a.Path), Ok: true}
		if a.Other != nil {
			c.Name, c.Other = "another tag's leaf", a.Other[:]
		}
		list = append(list, c)
	}
	path := TriePath(tags, 4)
	own := absenceVector{"its own leaf", root[:], "9", tags[4][:], tags[4][:], siblingBytes(path), false}
	far := absenceVector{"a leaf that its bits do not lead to", root[:], "9", tags[0][:], tags[8][:], siblingBytes(TriePath(tags, 8)), false}
	gap := absenceVector{"an empty place in the leaf's stead", root[:], "9", tags[4][:], nil, siblingBytes(path), false}
	wrong := list[1]
	wrong.Name, wrong.N, wrong.Ok = "another number of tags", "8", false
	return append(list, own, far, gap, wrong, forgedAbsence())
}

// forgedAbsence is of a tag beside a set of one, which must be a leaf and has no empty place.
func forgedAbsence() absenceVector {
	other := leafNode(counted(1)[0])
	top := innerNode(0, Sibling{}, other)
	root := rootHash(1, top.Hash)
	return absenceVector{"an empty place beside a set of one", root[:], "1", make([]byte, 32), nil, siblingBytes([]Sibling{other}), false}
}

func checkTrieVectors(t *testing.T, v trieVectors) {
	for _, c := range v.Numbered {
		if root := TrieRoot(counted(int(c.N))); !bytes.Equal(root[:], c.Root) {
			t.Errorf("root of %d: %x", c.N, root)
		}
	}
	for _, c := range v.Roots {
		if root := TrieRoot(pointsOf(c.Tags)); !bytes.Equal(root[:], c.Root) {
			t.Errorf("root of %d tags: %x", len(c.Tags), root)
		}
	}
	for _, c := range v.Paths {
		position, err := CheckTriePath(hashOf(t, c.Root), count(t, c.N), Point(c.Tag), readSiblings(t, bytes.Repeat(c.Path, max(1, c.Repeat))))
		agree(t, c.Name, err, c.Ok)
		if err == nil && position != c.Position {
			t.Errorf("%s: position %d, want %d", c.Name, position, c.Position)
		}
	}
	for _, c := range v.Absences {
		a := Absence{Path: readSiblings(t, c.Path)}
		if len(c.Other) > 0 {
			a.Other = (*Point)(c.Other)
		}
		agree(t, "absence: "+c.Name, CheckAbsence(hashOf(t, c.Root), count(t, c.N), Point(c.Tag), a), c.Ok)
	}
}

// merkleVectors are RFC 6962 trees: leaf i of n is LeafHash of the i-th of Leaves.
type merkleVectors struct {
	Leaves []hexBytes      `json:"leaves"`
	Roots  []hexBytes      `json:"roots"` // Roots[n] is over the first n
	Paths  []rowPathVector `json:"paths"`
}

type rowPathVector struct {
	Name string     `json:"name"`
	N    uint64     `json:"n"`
	I    uint64     `json:"i"`
	Leaf hexBytes   `json:"leaf"`
	Path []hexBytes `json:"path"`
	Root hexBytes   `json:"root"`
	Ok   bool       `json:"ok"`
}

func TestVectorsMerkle(t *testing.T) {
	v := merkleVectors{}
	var tree RowTree
	var leaves []Hash
	root := tree.Root()
	v.Roots = []hexBytes{root[:]}
	for i := range 9 {
		data := bytes.Repeat([]byte{byte(i)}, i)
		leaves = append(leaves, LeafHash(data))
		tree.Append(leaves[i])
		root := tree.Root()
		v.Leaves, v.Roots = append(v.Leaves, data), append(v.Roots, root[:])
	}
	for _, p := range [][2]uint64{{1, 0}, {2, 1}, {5, 4}, {7, 2}, {9, 0}, {9, 8}} {
		v.Paths = append(v.Paths, rowPaths(t, leaves[:p[0]], p[1], v.Roots[p[0]])...)
	}
	vectors(t, "merkle", v, checkMerkleVectors)
}

// rowPaths returns a good path and what it must not be taken for.
func rowPaths(t *testing.T, leaves []Hash, i uint64, root hexBytes) []rowPathVector {
	t.Helper()
	path, err := RowPath(leaves, i)
	if err != nil {
		t.Fatal(err)
	}
	good := rowPathVector{"good", uint64(len(leaves)), i, leaves[i][:], hexHashes(path), root, true}
	bad := func(name string, change func(*rowPathVector)) rowPathVector {
		c := good
		c.Name, c.Ok, c.Path = name, false, append([]hexBytes{}, good.Path...)
		change(&c)
		return c
	}
	list := []rowPathVector{good,
		bad("beyond the last", func(c *rowPathVector) { c.I = c.N }),
		bad("a hash more", func(c *rowPathVector) { c.Path = append(c.Path, c.Leaf) }),
		bad("another leaf", func(c *rowPathVector) { c.Leaf = make(hexBytes, 32) })}
	if len(path) > 0 {
		list = append(list, bad("a hash fewer", func(c *rowPathVector) { c.Path = c.Path[1:] }),
			bad("one leaf fewer", func(c *rowPathVector) { c.N = c.I }))
	}
	return list
}

func hexHashes(path []Hash) []hexBytes {
	list := []hexBytes{}
	for _, h := range path {
		list = append(list, bytes.Clone(h[:]))
	}
	return list
}

func checkMerkleVectors(t *testing.T, v merkleVectors) {
	for n := range v.Roots {
		var tree RowTree
		for _, data := range v.Leaves[:n] {
			tree.Append(LeafHash(data))
		}
		if root := tree.Root(); !bytes.Equal(root[:], v.Roots[n]) {
			t.Errorf("root of %d leaves: %x", n, root)
		}
	}
	for _, c := range v.Paths {
		var path []Hash
		for _, h := range c.Path {
			path = append(path, hashOf(t, h))
		}
		agree(t, c.Name, CheckRowPath(hashOf(t, c.Root), c.N, c.I, hashOf(t, c.Leaf), path), c.Ok)
	}
}
