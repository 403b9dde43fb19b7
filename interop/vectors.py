#!/usr/bin/env python3
"""vectors.py FOLDER: runs doc/proof/vectors through verify.py and what it stands on. Says what differs, and ends in 1."""
import hmac, json, re, sys
from curves import B, H, Malformed, beacon_signed, combine, encoded, point
from objects import SHA, network, parse, row, supported, u64, vkey
from proofs import absent, bound, climb, dleq, dleq_hash, draw, included, leaf, opening_alone, openings, root_of, roots, trie
from verify import ends_hold, ends_of, holds, note, vouched

def x(s): return bytes.fromhex(s)

def fails(f, *a):
    try: return f(*a) is None
    except Malformed: return True

def run_points(d):
    for b in d["good"]: yield b, encoded(point(x(b))) == x(b)
    for b in d["bad"]: yield b["why"], fails(point, x(b["bytes"]))
    for h in d["hash"]: yield h["member"], encoded(H(x(h["member"]))) == x(h["point"])
    for t in d["tags"]:
        k = int.from_bytes(x(t["secret"]), "little")
        yield t["member"], (encoded(combine((k, B))), encoded(combine((k, H(x(t["member"])))))) == (x(t["public"]), x(t["tag"]))

def run_dleq(d):
    for c in d:
        if c["repeat"] > 1000: continue                         # sixteen thousand elements are minutes here
        C, D = [x(p) for p in c["c"]] * (c["repeat"] or 1), [x(p) for p in c["d"]] * (c["repeat"] or 1)
        a = c["purpose"].encode(), c["context"].encode(), x(c["key"]), C, D
        yield c["name"], dleq(*a, x(c["proof"])) == c["ok"] and dleq_hash(*a) == x(c["h"])

def run_trie(d):
    for c in d["numbered"]: yield c["n"], root_of(*trie(sorted(SHA(u64(i)) for i in range(c["n"])))).hex() == c["root"]
    for c in d["roots"]: yield c["root"], root_of(*trie(sorted(map(x, c["tags"])))).hex() == c["root"]
    for c in d["paths"]:
        p = climb(x(c["root"]), c["n"], x(c["tag"]), leaf(x(c["tag"])), x(c["path"]) * c.get("repeat", 1))
        yield c["name"], p == (c["position"] if c["ok"] else None)
    for c in d["absences"]: yield c["name"], absent(x(c["root"]), c["n"], x(c["tag"]), x(c["other"]), x(c["path"])) == c["ok"]

def run_merkle(d):
    leaves = [SHA(b"\0", x(l)) for l in d["leaves"]]
    found = roots(leaves, range(len(leaves) + 1))
    for n, r in enumerate(d["roots"]): yield n, found[n].hex() == r
    for c in d["paths"]: yield c["name"], included(x(c["leaf"]), c["i"], c["n"], [x(p) for p in c["path"]], x(c["root"])) == c["ok"]

def run_notes(d):
    for c in d["notes"]:
        try: ok = c["time"] == vouched(*note(c["note"].encode()), vkey(c["key"], (1, 4)))
        except ValueError: ok = False
        yield c["name"], ok == c["ok"]

def run_objects(d):
    good = {}
    for c in d["good"]:
        o = parse(c["text"].encode())
        good.setdefault(c["type"], c["text"])
        yield c["name"], c["ok"] and holds(o) == c["holds"] and o["digest"].hex() == c["digest"]
    for c in d["edited"]: yield c, fails(parse, good[c["type"]].replace(c["old"], c["new"], 1).encode())

def run_rows(d):
    for c in d["salts"]:
        key = hmac.digest(x(c["key"]), b"tally-segkey/v1\0" + x(c["segment"]), "sha256")
        yield c["row"], (key.hex(), hmac.digest(key, b"tally-salt/v1\0" + u64(c["row"]), "sha256")[:16].hex()) == (c["segmentkey"], c["salt"])
    for c in d["leaves"]: yield c["leaf"], SHA(b"\0tally-row/v1\0", x(c["salt"]), c["line"].encode()).hex() == c["leaf"]
    for c in d["lines"]: yield c["name"], fails(row, c["line"].encode()) != c["ok"]
    rules = [parse(r.encode()) for r in d["rules"]]
    for c in d["supports"]: yield c["name"], (supported(row(c["line"].encode()), rules[c["rule"]]) or b"").hex() == c["member"]

def run_ends(d):
    for c in d["ends"]:
        r, sensor = row(c["line"].encode()), dict(country=c["country"], role=c["role"], blocks=[network(b) for b in c["treat_as_public"]])
        yield c["name"], ends_hold(r, sensor) == c["ok"] and [rest for *_, rest in ends_of(r)] == c["rests"]

def run_beacon(d):
    for c in d:
        ok = bool(re.fullmatch("[0-9a-f]*", c["signature"])) and c["round"] > 0 and beacon_signed(SHA(u64(c["round"])), x(c["signature"]))
        yield c["name"], ok == c["ok"] and (not ok or SHA(x(c["signature"])).hex() == c["randomness"])

def run_draw(d):
    for c in d["seeds"]:
        seed = SHA(b"tally-seed/v1\0", x(c["figure"]), u64(c["round"]), u64(len(c["challenges"])), *map(x, c["challenges"]), x(c["randomness"]))
        yield c["seed"], seed.hex() == c["seed"]
    for c in d["draws"]: yield c["name"], [str(p) for p in draw(x(c["seed"]), int(c["n"]), c["k"])] == c["positions"]

def run_bounds(d):
    for c in d: yield c, bound(c["n"], c["k"], c["x"], c["attempt"]) == c["bad"]

def run_openings(d):
    s, rule, key = parse(d["statement"].encode()), parse(d["rule"].encode()), x(d["key"])
    context = f"figure {s['digest'].hex()}\nseed {d['seed']}\norigin {d['origin']}\n".encode()
    positions = draw(x(d["seed"]), s["N"], s["audit-k"])
    def stage(text):
        """What refuses the file, "ledger" if nothing does that is seen here."""
        try: lines = openings(text.encode())
        except Malformed: return "form"
        if any(not opening_alone(o, p, s, rule) for o, p in zip(lines, positions)): return "itself"
        proved = dleq(b"audit", context, key, [encoded(H(o[1])) for o in lines], [o[2] for o in lines], x(d["proof"]))
        return "ledger" if proved else "proof"
    yield "good", stage(d["file"]) == "ledger" and SHA(d["file"].encode(), x(d["proof"])).hex() == d["digest"]
    first, rest = d["file"].split("\n", 1)
    for c in d["edited"]:
        words = first.split(" ")
        for w in c.get("words", []): words[w["index"]] = w["text"]
        yield c["name"], stage(c.get("line", " ".join(words)) + "\n" + rest) == c["fails"]

def run_overlap(d):
    offer = parse(d["offer"].encode())
    def split(b): return [b[i:i+32] for i in range(0, len(b), 32)]
    def answers(side, answer, proof):
        own, other = d[side], d["q" if side == "p" else "p"]
        k = x(parse(own["key"].encode())["K"])
        return len({*split(answer)}) == len(answer) / 32 and dleq(b"overlap", offer["bytes"] + f"prover {side}\n".encode(), k,
                                                                     split(x(other["tags"])), split(answer), proof)
    for side in "pq": yield side, answers(side, x(d[side]["answer"]), x(d[side]["proof"]))
    m = len({*split(x(d["p"]["answer"]))} & {*split(x(d["q"]["answer"]))})
    n1, n2 = (len(x(d[s]["tags"])) // 32 for s in "pq")
    yield "m", m == d["m"] and round(1000 * ((n1 + 1) * (n2 + 1) / (m + 1) - 1)) == d["estimate"]
    for c in d["edited"]: yield c["name"], not answers(c["side"], x(c["answer"]), x(c["proof"]))

def main():
    bad = 0
    for f in (run_points, run_dleq, run_trie, run_merkle, run_notes, run_objects, run_rows, run_ends, run_beacon, run_draw, run_bounds, run_openings, run_overlap):
        cases = list(f(json.load(open(f"{sys.argv[1]}/{f.__name__[4:]}.json"))))
        wrong = [n for n, ok in cases if not ok]
        bad += len(wrong)
        print(f"{f.__name__[4:]}: {len(cases) - len(wrong)} of {len(cases)}", *wrong, sep="\n    " if wrong else "")
    sys.exit(bad > 0)

if __name__ == "__main__": main()
