"""Proofs by themselves, without a ledger: equal logarithms (§1), trees (§2), draws, bounds and openings (§5 of
doc/proof/spec.md)."""
import bisect, hashlib, hmac, math, re
from curves import B, Malformed, Q, combine, encoded, need, point, u8, u16, xmd
from objects import SCHEMA, SHA, integer, parse, row, supported, u64, unescaped

def dleq(purpose, context, K, C, D, file):
    """CHECK(purpose, context, K, C, D, file), all points in bytes."""
    h = dleq_hash(purpose, context, K, C, D)
    try: k, c, d = point(K), [point(p) for p in C], [point(p) for p in D]
    except Malformed: return False
    chunks = -(-len(c) // 16384)
    if len(c) != len(d) or len(file) != 64 * chunks: return False
    return all(chunk_holds(b"tally-dleq/v1\0" + h + u64(j), K, k, C[n:n+16384], c[n:n+16384], D[n:n+16384],
                           d[n:n+16384], file[64*j:64*j+64]) for j in range(chunks) for n in [16384 * j])

def dleq_hash(purpose, context, K, C, D):
    return SHA(b"tally-dleq-ctx/v1\0", u8(len(purpose)), purpose, SHA(context), K, u64(len(C)), SHA(*C), SHA(*D))

def chunk_holds(dst, K, k, C, c, D, d, proof):
    def sized(b): return u16(len(b)) + b
    def scalar(x): return int.from_bytes(xmd(hashlib.sha512, 128, x, b"HashToScalar-" + dst, 64), "little") % Q
    seed = hashlib.sha512(sized(K) + sized(b"Seed-" + dst)).digest()
    e = [scalar(sized(seed) + u16(i) + sized(C[i]) + sized(D[i]) + b"Composite") for i in range(len(C))]
    M, Z = combine(*zip(e, c)), combine(*zip(e, d))
    x, s = int.from_bytes(proof[:32], "little"), int.from_bytes(proof[32:], "little")
    t2, t3 = combine((s, B), (x, k)), combine((s, M), (x, Z))
    return x < Q and s < Q and x == scalar(sized(K) + b"".join(sized(encoded(p)) for p in (M, Z, t2, t3)) + b"Challenge")


def node(d, l, r): return l[0] + r[0], SHA(b"tally-node/v1\0", u8(d), b"\0", u64(l[0]), l[1], u64(r[0]), r[1])
def leaf(tag): return 1, SHA(b"tally-leaf/v1\0", tag)
def bit(tag, d): return tag[d // 8] >> 7 - d % 8 & 1
def root_of(n, h): return SHA(b"tally-root/v1\0", u64(n), h)

def trie(tags, d=0):
    """The node of ascending, different tags."""
    if len(tags) < 2: return leaf(tags[0]) if tags else (0, bytes(32))
    middle = bisect.bisect_left(tags, 1, key=lambda t: bit(t, d))
    return node(d, trie(tags[:middle], d + 1), trie(tags[middle:], d + 1))

def climb(root, n, tag, start, path):
    """Position of the tag by a path that begins at start; None if it does not hold."""
    sides, at, position = [(int.from_bytes(path[i:i+8], "big"), path[i+8:i+40]) for i in range(0, len(path), 40)], start, 0
    if len(sides) > 256 or len(path) % 40 or sides and not sides[0][0]: return None
    for d, (c, h) in zip(range(len(sides) - 1, -1, -1), sides):
        if (c == 0) != (h == bytes(32)) or c > n or at[0] > n - c: return None
        if bit(tag, d): position += c
        at = node(d, (c, h), at) if bit(tag, d) else node(d, at, (c, h))
    return position if at[0] == n and root_of(n, at[1]) == root else None

def absent(root, n, tag, other, path):
    m = len(path) // 40
    if other: ok = other != tag and m <= 256 and all(bit(tag, d) == bit(other, d) for d in range(m))
    else: ok = int.from_bytes(path[:8], "big") >= 2 if m else n == 0
    return ok and climb(root, n, tag, leaf(other) if other else (0, bytes(32)), path) is not None

def parent(l, r): return SHA(b"\1", l, r)

def roots(leaves, sizes):
    """RFC 6962 roots of the first n leaves, for each n of sizes."""
    stack, out = [], {}
    for n in range(len(leaves) + 1):
        if n in sizes:
            out[n] = stack[-1] if stack else SHA()
            for h in stack[-2::-1]: out[n] = parent(h, out[n])
        if n < len(leaves):
            stack.append(leaves[n])
            while n & 1: stack[-2:], n = [parent(*stack[-2:])], n >> 1
    return out

def included(leaf, i, n, path, root):
    """RFC 9162, 2.1.3.2."""
    if i >= n: return False
    f, s = i, n - 1
    for p in path:
        if s == 0: return False
        if f & 1 or f == s:
            leaf = parent(p, leaf)
            while f and not f & 1: f, s = f >> 1, s >> 1
        else: leaf = parent(leaf, p)
        f, s = f >> 1, s >> 1
    return s == 0 and leaf == root

def draw(seed, n, k):
    if k >= n: return list(range(n))
    out, seen, ctr = [], set(), 0
    while len(out) < k:
        v = int.from_bytes(hmac.digest(seed, b"tally-index/v1\0" + u64(ctr), "sha256")[:8], "big")
        ctr += 1
        if v < 2**64 - 2**64 % n and v % n not in seen: seen.add(v % n), out.append(v % n)
    return out

def seed_of(figure, round, challenges, randomness):
    return SHA(b"tally-seed/v1\0", figure, u64(round), u64(len(challenges)), *map(SHA, challenges), randomness)

def bound(n, k, x, s):
    """D: how many of n may be false at most, if x of k drawn were, at the level 1 - 0.05/2^(s-1)."""
    if k == n: return x                                         # nothing is left to chance
    low, high, all = x, n - k + x, math.comb(n, k)
    while low < high:
        d = (low + high + 1) // 2
        if 20 * 2**(s - 1) * sum(math.comb(d, i) * math.comb(n - d, k - i) for i in range(x + 1)) > all: low = d
        else: high = d - 1
    return low

N_, HEX = "(0|[1-9][0-9]{0,15})", "((?:[0-9a-f]{2})+|-)"
OPEN = re.compile(f"open {N_} {HEX} ([0-9a-f]{{64}}) ((?:[0-9a-f]{{80}}){{1,256}}|-) {N_} {HEX} {N_} {HEX} ([0-9a-f]{{32}}) "
                  "((?:[0-9a-f]{64}){1,64}|-)")

def openings(text):
    """The lines of an openings file: (position, None) of a refusal, or (position, member, tag, path, entry, manifest, row,
    line, salt, row path)."""
    need(text == b"" or text.endswith(b"\n"), "openings")
    out = []
    for line in text.decode("latin1").split("\n")[:-1]:
        if m := re.fullmatch(f"refused {N_} ([ -~]+)", line): unescaped(m[2]), out.append((integer(m[1]), None))
        else:
            m = OPEN.fullmatch(line)
            need(m, "openings")
            out.append(tuple(integer(w) if i in (0, 4, 6) else bytes.fromhex(w.replace("-", "")) for i, w in enumerate(m.groups())))
    return out

def opening_alone(o, position, s, rule):
    """Items 1 to 3 of §5: the manifest and the row of a GOOD opening; None if it is BAD."""
    if o[0] != position or o[1] is None: return None
    _, member, tag, path, _, manifest, i, line, salt, row_path = o
    try:
        m, r = parse(manifest), row(line)
        need(m["type"] == "manifest" and m["schema"] == SCHEMA, "manifest")
    except Malformed: return None
    hashes = [row_path[i:i+32] for i in range(0, len(row_path), 32)]
    ok = (climb(bytes.fromhex(s["root"]), s["N"], tag, leaf(tag), path) == position and
          included(SHA(b"\0tally-row/v1\0", salt, line), i, m["rows"], hashes, bytes.fromhex(m["row-root"])) and
          supported(r, rule) == member and
          (rule["place-source"] == "-" or m["place"] and m["place"][0].split(" ")[0] == rule["place-source"]))
    return (m, r) if ok else None
