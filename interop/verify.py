#!/usr/bin/env python3
"""verify.py BUNDLE [--key VKEY] [--policy FILE]: checks a published bundle in plain Python 3.

Written from doc/proof/spec.md and the pages it links, not from the programs; § is a section of
that page. It opens no network and knows nothing but the bundle, the key and the policy. Left out,
and said so by a line NOT CHECKED: overlaps (§6), looking places up again (§5, item 7), witnesses
with ML-DSA keys. Left out, being in no bundle: canaries' commitments, answers to owners (§7, §8).
It composes no sentence (§9): read the rule."""
import argparse, collections, re, sys, zlib
from curves import H, Malformed, beacon_signed, encoded, need, point, signed
from objects import SHA, LOOSE, address, day, from64, integer, lines_of, loose, parse, routable, seconds, u64, unescaped, vkey
from proofs import bound, dleq, draw, leaf, opening_alone, openings, root_of, roots, seed_of, trie

def holds(o):
    """What an object claims by itself: the proof of a key (§4.2), the signature of a challenge (§4.4)."""
    if o["type"] == "key":
        base = encoded(H(b"tally-key/v1\0" + o["origin"].encode() + b"\0" + o["report"].encode()))
        return dleq(b"key", f"origin {o['origin']}\nreport {o['report']}\n".encode(), bytes.fromhex(o["K"]), [base],
                    [bytes.fromhex(o["Z"])], bytes.fromhex(o["proof"]))
    if o["type"] == "challenge":
        if not o["k"] or not 1 <= o["round"] <= 2**51: return False
        try: key = vkey(o["challenger"])[2][1:]
        except Malformed: return False
        return signed(key, o["bytes"][:o["bytes"].rindex(b"\nsig ") + 1], bytes.fromhex(o["sig"]))
    return True

# --- §3: notes and policies
def note(b):
    """Text, and signature lines (name, hash, signature; a name of None is no such line), of a C2SP signed note."""
    text, rest = b.split(b"\n\n", 1)
    def line(l):
        m, words = re.fullmatch(r"— ([^\s\0-\x1f\ufffd+]+) \S+\n", l.decode("utf-8", "replace")), l.split()
        try: sig = from64(words[2].decode()) if len(words) == 3 else b""
        except (Malformed, UnicodeDecodeError): sig = b""
        return m[1] if m and len(sig) > 4 else None, sig[:4], sig[4:]
    return text + b"\n", [line(l) for l in re.findall(rb"[^\n]*\n|[^\n]+$", rest)]

def vouched(text, lines, key):
    """Time at which a key signed a note, 0 for the ledger's; None if it did not."""
    name, hash, k = key
    if k[0] == 1:
        sig = next((l[2] for l in lines if l[:2] == (name, hash)), b"")
        return 0 if len(lines) <= 100 and all(l[0] for l in lines) and signed(k[1:], text, sig) else None
    times = [(int.from_bytes(l[2][:8], "big"), l) for l in lines if len(l[2]) >= 72]
    times = sorted([(t, l) for t, l in times if 0 < t < 2**63][:100], key=lambda x: x[0])
    end = next((t for t, l in times if not l[0]), 2**63)                # a malformed line ends it
    t, sig = next(((t, l[2][8:]) for t, l in times if t < end and l[:2] == (name, hash)), (0, b""))
    return t if signed(k[1:], b"cosignature/v1\ntime %d\n" % t + text, sig) else None

class Policy:
    def __init__(self, text):
        need(len(text) <= 2**20 and not re.search(rb"[\x00-\x08\x0b-\x1f\x7f]", text), "policy")
        self.logs, self.witnesses, self.groups, self.quorum = [], {}, {}, None
        keys, members = set(), set()
        def name(n):
            need(n not in "none any all log witness group quorum".split() + [*self.witnesses, *self.groups], "name")
            return n
        for line in text.decode().split("\n"):
            verb, *w = re.split(r"[ \t]+", line.strip(" \t"))
            if not verb or verb[0] == "#": continue
            if verb == "log" and len(w) in (1, 2): self.logs.append(key := vkey(w[0]))
            elif verb == "witness" and len(w) in (2, 3): self.witnesses[name(w[0])] = key = vkey(w[1], (4, 6))
            elif verb == "group" and len(w) > 2:
                n = {"any": 1, "all": len(w) - 2}.get(w[1]) or int(w[1] if re.fullmatch("[0-9]+", w[1]) else 0)
                need(1 <= n <= len(w) - 2 and len({*w[2:]}) == len(w) - 2 and not members & {*w[2:]}, "group")
                need(all(m in self.witnesses or m in self.groups for m in w[2:]), "member")
                members |= {*w[2:]}
                self.groups[name(w[0])] = n, w[2:]
            elif verb == "quorum" and len(w) == 1 and self.quorum is None and (w[0] == "none" or w[0] in {**self.witnesses, **self.groups}):
                self.quorum = w[0]
            else: raise Malformed("policy: " + line)
            if verb in ("log", "witness"): need(key[2][1:] not in keys, "key"), keys.add(key[2][1:])
        need(self.quorum, "quorum")

    def time(self, text, lines):
        """The least time at which the cosignatures satisfy the policy, or None."""
        if any(k[2][0] == 6 for k in self.witnesses.values()): return None
        first = {n: vouched(text, lines, k) for n, k in self.witnesses.items()}
        def met(n, t):
            if n in self.witnesses: return first[n] is not None and first[n] <= t
            return n in self.groups and sum(met(m, t) for m in self.groups[n][1]) >= self.groups[n][0]
        return next((t for t in sorted({t for t in first.values() if t}) if met(self.quorum, t)), None)

# --- §3: the ledger
class Ledger:
    """All entries of a bundle; raises Malformed where they are not those of its checkpoints."""
    def __init__(self, files):
        self.files, self.entries, self.objects, self.origin, self.work = files, [], [], None, 2**19
        log, at = files.get("entries.log"), 0
        need(log is not None and "checkpoint" in files, "entries.log and checkpoint")
        while at < len(log):
            n, b = int.from_bytes(log[at:at+4], "big"), log[at+8:at+8+int.from_bytes(log[at:at+4], "big")]
            need(1 <= n <= 65535 and len(b) == n and zlib.crc32(b) == int.from_bytes(log[at+4:at+8], "big"), "entries.log")
            o = loose(b) if lines_of(b)[0] in LOOSE else parse(b)
            need(o["type"] != "manifest" and (o["type"] != "batch" or o["old"] is None or o["old"] < len(self.entries)), "entry")
            self.entries.append(b), self.objects.append(o)
            at += 8 + n
        self.few()
        heads = [self.head(n, b) for n, b in files.items() if n.split("/")[0] in ("checkpoint", "checkpoints")]
        self.heads = {size: (size, root, b) for name, size, root, b in sorted(heads, key=lambda h: h[0])}   # checkpoints/‹size› wins
        sizes = {o["evidence-size"] for _, o in self.all("figure")}
        self.roots = roots([SHA(b"\0", b) for b in self.entries], sizes | {*self.heads})
        need(all(self.roots.get(size) == root for _, size, root, _ in heads), "a checkpoint's root is not that of the entries")
        need(max(self.heads) == len(self.entries) in [size for name, size, _, _ in heads if name == "checkpoint"], "size")
        ids = [o["id"] for _, o in self.all("figure")]
        need(len(ids) == len({*ids}), "two statements have one id")

    def may(self, n):
        """Whether n members may yet be opened (§0); takes them from what is left."""
        ok = n <= self.work
        self.work -= n * ok
        return ok

    def few(self):
        """The limits of §0, but for what one reaches only in days."""
        sensors, asked = [o for _, o in self.all("sensor")], [o["figure"] for _, o in self.all("challenge")]
        out = [o["value"] for _, o in self.all("exclude")] + [v for _, o in self.all("canary") for v in o.get("value", [])]
        notes = [len(b) for n, b in self.files.items() if n.startswith("checkpoints/")]
        need(len(self.entries) <= 2**22 and sum(len(o["blocks"]) for o in sensors) <= 4096 and len(asked) <= 2**17, "limits")
        need(len(notes) <= 2**18 and sum(notes) <= 2**28 and len({*out}) <= 2**22, "limits")
        named = [o["name"] for o in sensors]
        lists = [*map(self.all, ("figure", "rule", "key")), {*named}, [o for o in self.objects if "session" in o]]
        most = [c.most_common(1)[0][1] for c in map(collections.Counter, (named, asked)) if c]
        need(max([*map(len, lists), *most]) <= 10000, "limits")

    def head(self, name, b):
        m = re.match(rb"([!-~]+)\n(0|[1-9]\d*)\n([A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=)\n\n", b)
        need(m and len(b) <= 65536 and name in ("checkpoint", "checkpoints/" + m[2].decode()), name)
        need(self.origin in (None, m[1]), "origin")
        self.origin = m[1]
        return name, int(m[2]), from64(m[3].decode()), b

    def signed(self, key):
        return key[0].encode() == self.origin and all(vouched(*note(b), key) == 0 for _, _, b in self.heads.values())

    def date(self, policy):
        self.times = [(t, size) for size, _, b in self.heads.values() if policy and (t := policy.time(*note(b)))]

    def dated(self, i): return min((t for t, size in self.times if size > i), default=None)
    def all(self, type, below=None): return [(i, o) for i, o in enumerate(self.objects[:below]) if o["type"] == type]
    def at(self, i, type): return self.objects[i] if i < len(self.objects) and self.objects[i]["type"] == type else None

# --- §5: audits
def rounds(L, s, rule):
    """Rounds of a figure in order: (round, k, indexes of the challenges that count)."""
    left, first = s["budget"] - min(s["audit-k"], s["N"]), s["audit-round"]
    kept = s["budget"] // 2 if rule and rule["challenger"] else 0
    out, answered = {first: [s["audit-k"], []]}, set()
    for i, o in enumerate(L.objects):
        if o["type"] not in ("audit", "challenge") or o["figure"] != s["digest"].hex(): continue
        if o["type"] == "audit": answered.add(o["round"])
        elif first <= o["round"] <= first + 10540800 and o["round"] not in answered and holds(o):
            k, counted = out.get(o["round"], [0, []])
            cost = max(0, min(o["k"], 10000, s["N"]) - k) if o["round"] > first else 0
            named = rule and o["challenger"] in rule["challenger"]
            most = 50 if rule and rule["challenger"] and not named else 100
            if cost > left - (0 if named else min(left, kept)) or o["round"] not in out and len(out) >= most: continue
            left, kept = left - cost, max(0, kept - cost) if named else kept
            out[o["round"]] = [k + cost, counted + [i]]
    return [(r, *out[r]) for r in sorted(out)]

def ends_of(r):
    """Both ends of a row: address, country, whether it is called internal, and on what the country rests."""
    flags = r["flags"]
    perp = "" if not r["by"] else "word" if "perp-internal" in flags else "table"
    victim = "" if not r["victim"] and not r["on"] else "word" if flags & {"victim-internal", "declared"} else "table"
    return [(r["perp"], r["by"], "perp-internal" in flags, perp), (r["victim"], r["on"], "victim-internal" in flags, victim)]

def ends_hold(r, sensor):
    """Items 7 and 8 of §5 but for what tables say, by the declaration of the row's sensor."""
    for a, land, internal, rest in ends_of(r):
        public = a and routable(a)
        counted = a and any(a in block for block in sensor["blocks"])
        if rest == "table" and not a or rest == "word" and unescaped(land) != sensor["country"].encode(): return False
        if internal and (not a or public or counted): return False
        if rest == "word" and a and not internal and not (r["class"] == "backdoor" and r["site"] and sensor["role"] == "webserver"): return False
        if a and not internal and not public and not counted and "synthetic" in r["flags"]: return False
    return True

def opening_in(L, o, m, r, s, rule, time, used):
    """Items 4 to 8 of §5, without looking places up: whether the ledger bears the opening. used counts the tables that it
    needs, and on what the ends of GOOD rows rest."""
    size, entry, end = s["evidence-size"], o[4], seconds(r["day"]) + 86400 + rule["seal"]
    out = [x["value"] for _, x in L.all("exclude", size)] + [unescaped(v) for _, x in L.all("canary", size) for v in x.get("value", [])]
    if {*out} - {b""} & {unescaped(r["indicator"]), unescaped(r["perp_name"])}: return False
    if any(address(v.decode("latin1")) in {r["perp"], r["victim"]} - {None} for v in out): return False
    batch, sealed = L.at(entry, "batch") if entry < size else None, L.dated(entry)
    if not batch or SHA(o[5]).hex() not in batch.get("segment", []) or any(b["old"] == entry for _, b in L.all("batch", size)): return False
    if not sealed or not r["last"] - 300 <= sealed <= min(end, time - 3600): return False
    said = [x for _, x in L.all("sensor", entry) if x["name"] == unescaped(r["sensor"])]
    if not ends_hold(r, said[-1] if said else dict(country="", role="", blocks=[])): return False
    places = [p.split(" ") for p in m["place"]]
    places = [(unescaped(n), d, digest) for n, d, digest in places if n == places[0][0]]
    for p in places:
        logged = min((i for i, x in L.all("place", size) if x["edition"] == p), default=None)
        if logged is None or not L.dated(logged) or L.dated(logged) > end: return False
        used["tables"] += 1
    for table in ("places/" + p[2] for p in places):
        if table not in L.files: break
        if SHA(L.files[table]).hex() != table[7:]: return False
    used.update(rest for *_, rest in ends_of(r) if places)
    return bool(places)

def beacon_time(round): return 1692803367 + 3 * (round - 1)

def answer(L, s, i, round, k, challenges):
    """The entry that answers a round in time, and None; else None, and what comes of the round."""
    time, drawn = beacon_time(round), min(k, s["N"])
    if not drawn: return None, ("true", 0, "there is none to open")
    if not L.dated(i) or L.dated(i) > time - 3600: return None, ("NOT CHECKED", 0, "the statement is not dated an hour before it")
    at, a = next(((at, a) for at, a in L.all("audit") if (a["figure"], a["round"]) == (s["digest"].hex(), round)), (None, None))
    answered, deadline = a and L.dated(at), time + s["audit-deadline"]
    if answered and answered > deadline: return None, ("false", drawn, "answered too late")
    if not answered and any(t > deadline for t, _ in L.times): return None, ("false", drawn, "not answered")
    if not answered: return None, ("NOT CHECKED", 0, "not answered yet, or the answer is not dated")
    if challenges and L.dated(challenges[-1]) > time - 300: return None, ("false", drawn, "a challenge was logged too late")
    return a, None

def audit(L, s, i, rule, key, round, k, challenges, used):
    """Status of a round, how many of its k' are BAD, and why."""
    drawn, (a, verdict) = min(k, s["N"]), answer(L, s, i, round, k, challenges)
    if not a: return verdict
    name = f"figures/{s['id']}/openings-{round}"
    text, proof, sig = (L.files.get(n) for n in (name + ".txt", name + ".dleq", f"drand/{round}"))
    if None in (text, proof, sig): return "NOT CHECKED", 0, "its openings or its beacon are not in the bundle"
    if len(text) > 2**28 or not L.may(max(drawn, 64)): return "NOT CHECKED", 0, "more than a verifier checks of one bundle"
    if SHA(text, proof).hex() != a["openings"]: return "false", drawn, "other files than those of the ledger"
    beacon = bytes.fromhex(sig.decode()) if re.fullmatch(rb"[0-9a-f]{96}\n", sig) else b""
    if not beacon_signed(SHA(u64(round)), beacon): return "false", drawn, "not the beacon of this round"
    seed = seed_of(s["digest"], round, [L.entries[c] for c in challenges], SHA(beacon))
    try: lines = openings(text)
    except Malformed: return "false", drawn, "malformed openings"
    opened = [o for o in lines if o[1] is not None]
    context = b"figure %s\nseed %s\norigin %s\n" % (s["digest"].hex().encode(), seed.hex().encode(), L.origin)
    if not dleq(b"audit", context, bytes.fromhex(key["K"]), [encoded(H(o[1])) for o in opened], [o[2] for o in opened], proof):
        return "false", drawn, "the proof does not hold"
    if len(lines) != drawn: return "false", drawn, "another number of lines"
    bad = 0
    for o, position in zip(lines, draw(seed, s["N"], k)):
        found = opening_alone(o, position, s, rule)
        bad += not (found and opening_in(L, o, *found, s, rule, beacon_time(round), used))
    return ("false" if bad else "true"), bad, f"{bad} of {drawn} are BAD"

# --- §9: the bundle
NUMBER = r"[1-9][0-9]{0,15}"
NAMES = re.compile(rf"bundle|checkpoint|checkpoints/{NUMBER}|entries\.log|drand/{NUMBER}|places/[0-9a-f]{{64}}|overlap/[0-9a-f]{{64}}/[pq]\.(bin|dleq)|"
                   rf"figures/[A-Za-z0-9_+][A-Za-z0-9._+-]{{0,79}}/(tags\.bin|openings-{NUMBER}\.(txt|dleq))")
NUMBERS = [(100, 108), (108, 116), (116, 124), (136, 148), (329, 337), (337, 345), (124, 136)]      # the last: its size

def archive(b):
    """Files of a ustar archive by their names."""
    need(len(b) <= 2**31, "archive")
    files, at = {}, 0
    while at < len(b):
        h = b[at:at+512]
        if h == bytes(512) and b[at+512:at+1024] in (b"", bytes(512)): break
        need(len(h) == 512 and max(h) < 128 and h[257:263] == b"ustar\0" and h[156] in b"0\0" and not any(h[500:]), "archive")
        def octal(i, j):
            m = re.fullmatch(rb"[\0 ]*([0-7]*)[\0 ]*", h[i:j])
            need(m, "archive")
            return int(m[1] or b"0", 8)
        need(octal(148, 156) == sum(h[:148]) + 256 + sum(h[156:]) and not any(h[j - 1] for _, j in NUMBERS), "archive")
        size = [octal(i, j) for i, j in NUMBERS][-1]
        name = "/".join(p.split(b"\0")[0].decode() for p in (h[345:500], h[:100]) if p[0])
        need(NAMES.fullmatch(name) and name not in files and len(files) < 2**19 and at + 512 + size <= len(b), name)
        files[name] = b[at+512:at+512+size]
        at += 512 - -size // 512 * 512
    return files

def whole(files, key):
    """§9: whether the key signed all files as they are, and tables are what their names say."""
    need(b"\n\n" in files.get("bundle", b""), "bundle")
    text, lines = note(files["bundle"])
    names = sorted(n for n in files if n != "bundle" and not n.startswith("places/"))
    sums = [len(n).to_bytes(2, "big") + n.encode() + SHA(files[n]) for n in names]
    need(text.decode("utf-8", "replace") == f"tally-bundle/v1\n{key[0]}\n{SHA(b'tally-bundle/v1' + bytes(1), *sums).hex()}\n", "other files")
    need(vouched(text, lines, key) is not None and all(SHA(files[n]).hex() == n[7:] for n in files if n.startswith("places/")), "bundle")

def listed(s, tags):
    """§4.3, list mode."""
    list = [tags[i:i+32] for i in range(0, len(tags), 32)]
    if len(tags) != 32 * s["N"] or SHA(tags).hex() != s["tags-sha256"] or any(a >= b for a, b in zip(list, list[1:])): return False
    try: [point(t) for t in list]
    except Malformed: return False
    return root_of(*trie(list)).hex() == s["root"]

SCOPE = ("measure", "window", "by", "on")

def agrees(L, i, s, rule, key):
    """§4.3: what a statement says of other entries is so."""
    earlier = [o["digest"].hex() for _, o in L.all("figure", i) if all(o[k] == s[k] for k in SCOPE)]
    return (rule and key and all(s[k] == rule[k] for k in (*SCOPE, "unit")) and s["report"] == key["report"] and
            s["evidence-size"] <= i and L.roots[s["evidence-size"]].hex() == s["evidence-root"] and
            s["attempt"] == 1 + len(earlier) and s["supersedes"] in ["none", *earlier])

def meet(a, b):
    """Whether figures by two rules may be tries at one."""
    def common(k): return "*" in (a[k], b[k]) or {*a[k].split("+")} & {*b[k].split("+")}
    like = a["member"] == b["member"] and {*a["class"]} & {*b["class"]} and {*a["grade"]} & {*b["grade"]}
    (start, end), (start2, end2) = a["window"].split("/"), b["window"].split("/")
    return bool((a["measure"] == b["measure"] or like) and start < end2 and start2 < end and common("by") and common("on"))

def figure(L, i, s):
    """Lines of a statement: (status, figure, check, words)."""
    rule, id, statements = s["its-rule"], s["id"], L.all("figure")
    again = "; the ledger states it again later" * any(at > i and all(o[k] == s[k] for k in SCOPE) for at, o in statements)
    yield ("true" if s["agrees"] else "false"), id, "statement", f"N = {s['N']}, attempt {s['attempt']}; may be too low: not checked{again}"
    if not s["agrees"]: return
    logged, long = L.dated(s["rule"]), " (LONG)" * (rule["seal"] > 604800)
    late = max(0, (logged or 0) - seconds(s["window"][:10]))
    yield (("true" if logged else "NOT CHECKED"), id, "rule", (f"LATE by {late} seconds; " if late else "ON TIME; " if logged else "") +
           f"rows sealed within {rule['seal']} seconds{long}; places of {rule['place-source']}; "
           f"other rules that it meets: {sum(meet(rule, r) for _, r in L.all('rule')) - 1}")
    if s["mode"] == "list": yield ("true" if listed(s, L.files[f"figures/{id}/tags.bin"]) else "false"), id, "tags", ""
    met = sum(at < i and o["agrees"] and meet(rule, o["its-rule"]) for at, o in statements)
    for n, (round, k, challenges) in enumerate(s["rounds"]):
        used = collections.Counter()
        status, bad, words = audit(L, s, i, rule, s["its-key"], round, k, challenges, used)
        level, among = s["attempt"] + n, max(s["attempt"], 1 + met) + n
        def shown(level): return s["N"] - bound(s["N"], min(k, s["N"]), bad, level)
        if status != "NOT CHECKED":
            words += f"; at least {shown(level)} of {s['N']} members were shown, at the level 1 - 0.05/2^{level - 1}"
            if among > level: words += f"; at least {shown(among)} as attempt {among} among figures that meet"
        yield status, id, f"round {round}", words
        if used: yield ("NOT CHECKED", id, f"places {round}", f"this program does not look places up: ends that rest on tables: {used['table']}, "
                        f"on declarations: {used['word']}")

def elsewhere(L, figures):
    """What the ledger alone shows of the audits of statements whose tags are in other bundles."""
    failed = []
    for i, s in figures:
        for round in s["rounds"]:
            a, verdict = answer(L, s, i, *round)
            if not s["agrees"] or (a["bad"] if a else verdict[0] == "false"): failed.append(f"{s['id']}, round {round[0]}")
    return "NOT CHECKED" if not L.times else "false" if failed else "true", "", "elsewhere", "; ".join(failed)

def verify(bundle, key=None, policy=None):
    """All lines (status, figure, check, words) for a bundle in bytes, a verifier key and a policy in bytes."""
    what, out = "policy", []
    try:
        policy, what = Policy(policy) if policy is not None else None, "bundle"
        files, what = archive(bundle), "whole"
        key = vkey(key.strip()) if key else policy.logs[0] if policy and len(policy.logs) == 1 else None
        if key: whole(files, key)
        out, what = [("true" if key else "NOT CHECKED", "", "whole", "")], "ledger"
        L = Ledger(files)
    except (Malformed, UnicodeDecodeError) as e: return out + [("malformed", "", what, str(e))]
    out.append(("NOT CHECKED" if not key else "true" if L.signed(key) else "false", "", "signatures", L.origin.decode()))
    L.date(policy)
    out.append(("true" if L.times else "NOT CHECKED", "", "times", ""))
    keys = [o for _, o in L.all("key")]
    proved = all(o["origin"].encode() == L.origin and holds(o) for o in keys) and all(len({o[k] for o in keys}) == len(keys) for k in ("K", "report"))
    if keys: out.append(("true" if proved else "false", "", "keys", ""))
    here, away = [], []
    for i, s in L.all("figure"):
        s["its-rule"], s["its-key"] = rule, k = L.at(s["rule"], "rule"), L.at(s["key"], "key")
        s["agrees"], s["rounds"] = agrees(L, i, s, rule, k), rounds(L, s, rule)
        (here if s["mode"] == "root" or f"figures/{s['id']}/tags.bin" in files else away).append((i, s))
    for i, s in here: out += figure(L, i, s)
    if here and away: out.append(elsewhere(L, away))
    parties = [o[f"figure-{x}"] for _, o in L.all("overlap") for x in "pq" if o.get(f"origin-{x}", "").encode() == L.origin]
    out += [("NOT CHECKED", s["id"], "overlap", "this program does not check overlaps")
            for p in parties for _, s in here if s["digest"].hex() == p]
    if not here: out.append(("malformed", "", "figures", "no figure of the ledger is in the bundle"))
    return out

def exit_status(lines):
    statuses = {line[0] for line in lines}
    return 1 if "false" in statuses else 2 if statuses != {"true"} else 0

def main():
    p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    p.add_argument("bundle"), p.add_argument("--key"), p.add_argument("--policy")
    a = p.parse_args()
    lines = verify(open(a.bundle, "rb").read(), a.key, a.policy and open(a.policy, "rb").read())
    for status, figure, check, words in lines: print(f"{status:11}  {figure or '-'}  {check}  {words}".rstrip().encode("ascii", "replace").decode())
    sys.exit(exit_status(lines))

if __name__ == "__main__": main()
