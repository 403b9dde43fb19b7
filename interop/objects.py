"""Text objects (§0, §4), rows and what they support (§3.1, §4.1 of doc/proof/spec.md, doc/formats/row.md)."""
import base64, datetime, hashlib, ipaddress, re
from curves import Malformed, need, point, u8, u16

def SHA(*b): return hashlib.sha256(b"".join(b)).digest()
def u64(n): return n.to_bytes(8, "big")
def seconds(day): return int(datetime.datetime.fromisoformat(day + "T00:00:00+00:00").timestamp())

CLASSES = "attempt backdoor control exfiltration phishing spyware".split()
GRADES = "looked-up attempted established".split()
FLAGS = ("declared victim-internal perp-internal sinkhole scanner parked egress shared resolver unverified undated "
         "vetoed clock nat path-cut upload synthetic behaviour nowhere").split()
UNITS = dict(perp="ip-address", victim="ip-address", name="domain", site="site", page="page", contact="contact", attack="attack")
SCHEMA = "4de3bff6bfe06bcaa506d1cffa2068ad6872e176d8692f5f7b0464f9c776a1f9"
LOOSE = "sensor place batch exclude report expire peer".split()
TYPES = LOOSE + "rule key figure challenge audit manifest overlap canary".split()
FORMS = {
    "rule": ["id:word measure:word window:window by:lands on:lands unit:text member:text ipv6:text bucket:int seal:int "
             "place-source:text class*:text grade*:text without*:text challenger*:vkey"],
    "key": ["origin:raw report:word K:point Z:point proof:hex"],
    "figure": ["id:word attempt:int report:word mode:text rule:int key:int window:window by:lands on:lands measure:word "
               "unit:word N:int root:hex evidence-size:int evidence-root:hex tags-sha256:hexnone audit-k:int audit-round:int "
               "audit-deadline:int budget:int supersedes:hexnone tool:raw"],
    "challenge": ["figure:hex challenger:raw nonce:hex round:int k:int sig:hex"],
    "audit": ["figure:hex round:int openings:hex bad:int"],
    "manifest": ["segment:hex schema:hex rows:int first-day:day last-day:day row-root:hex file-sha256:hex place*:place salt:hex"],
    "overlap": ["session:hex origin-p:raw figure-p:hex key-p:hex tags-p:hex origin-q:raw figure-q:hex key-q:hex tags-q:hex "
                "max-n:int deadline:time", "offer:hex prover:text answer:hex"],
    "canary": ["commitment:hex", "commitment:hex nonce:hex value*:text"]}
SECOND = dict(overlap=[3], canary=range(2, 2**16))              # lines of the second form

def unescaped(s):
    b = re.sub(rb"%([0-9A-F]{2})", lambda m: bytes([int(m[1], 16)]), s.encode())
    need("".join(chr(c) if 32 <= c < 127 and c not in b'"\\%' else "%%%02X" % c for c in b) == s, "escapes")
    return b

def integer(s, most=2**53 - 1):
    need(re.fullmatch(r"0|[1-9][0-9]{0,19}", s) and int(s) <= most, "number")
    return int(s)

def day(s):
    try: need(re.fullmatch(r"\d{4}-\d\d-\d\d", s) and str(datetime.date.fromisoformat(s)) == s, "day")
    except ValueError: raise Malformed("day")
    return s

def vkey(s, types=(1,)):
    """Name, hash and key of a C2SP verifier key."""
    m = re.fullmatch(r"([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+=*)", s)
    need(m, "verifier key")
    key = from64(m[3])
    need(key and key[0] in types and len(key) == (1313 if key[0] == 6 else 33), "verifier key")
    need(SHA(m[1].encode(), b"\n", key)[:4].hex() == m[2] and base64.b64encode(key).decode() == m[3], "verifier key")
    return m[1], bytes.fromhex(m[2]), key

def from64(s):
    try: return base64.b64decode(s, validate=True)
    except ValueError: raise Malformed("base64")

def value(kind, s):
    if kind == "int": return integer(s)
    if kind == "text": unescaped(s)
    if kind == "word": need(re.fullmatch(r"[A-Za-z0-9_+][A-Za-z0-9._+-]{0,79}", s), "word")
    if kind == "hex" or kind == "hexnone" and s != "none": need(re.fullmatch(r"([0-9a-f]{2})+", s), "hex")
    if kind == "day": day(s)
    if kind == "vkey": vkey(s)
    if kind == "point": point(bytes.fromhex(value("hex", s)))
    if kind == "lands": need(s == "*" or re.fullmatch(r"[A-Z]{2}(\+[A-Z]{2})*", s) and s == "+".join(sorted(set(s.split("+")))), "countries")
    if kind == "window":
        need(re.fullmatch(r"[^/]+/[^/]+", s) and day(s[:10]) < day(s[11:]), "window")
    if kind == "time":
        try: need(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", s) and datetime.datetime.fromisoformat(s[:-1]), "time")
        except ValueError: raise Malformed("time")
    if kind == "place":
        need(len(s.split(" ")) == 3, "place")
        name, d, digest = s.split(" ")
        unescaped(name), day(d), need(re.fullmatch("[0-9a-f]{64}", digest), "place")
    return s

def lines_of(b):
    """Type and (key, value) lines of a text object."""
    need(len(b) <= 65535 and re.fullmatch(rb"([ -~]*[!-~]\n)+", b), "text")
    type, *lines = b.decode().split("\n")[:-1]
    m = re.fullmatch(r"tally-([a-z]+)/v1", type)
    need(m and m[1] in TYPES and all(re.match("[!-~]+ .", l) for l in lines), "type or line")
    return m[1], [l.split(" ", 1) for l in lines]

def loose(b):
    """An entry of which only some lines are read, wherever they stand: lists of values by key, "" for an empty one."""
    type, lines = lines_of(b)
    o = dict(type=type)
    for key, v in lines: o.setdefault(key, []).append("" if v == "-" else v)
    if type == "exclude": o["value"] = unescaped(o.get("value", [""])[0])
    if type == "place":
        o["edition"] = unescaped(o.get("source", [""])[0]), day(o.get("day", [""])[0]), o.get("sha256", [""])[0]
        need(re.fullmatch("[0-9a-f]{64}", o["edition"][2]), "place")
    if type == "batch": o["old"] = integer(o["supersedes"][0]) if o.get("supersedes", [""])[0] else None
    if type == "sensor":
        o["name"] = unescaped(o.get("name", [""])[0])
        o["country"], o["role"] = o.get("country", [""])[0], o.get("role", [""])[0]
        o["blocks"] = [network(n) for n in o.get("treat-as-public", [])]
    return o

def network(s):
    need(re.fullmatch(r"[0-9a-fA-F:.]+/(0|[1-9][0-9]*)", s), "network")
    try: return ipaddress.ip_network(s, strict=False)
    except ValueError: raise Malformed("network")

def parse(b):
    """A text object of §4 as a dictionary; the values of a key with * are a list."""
    type, lines = lines_of(b)
    need(type in FORMS, "type")
    o, at = dict(type=type, bytes=b, digest=SHA(b)), 0
    for field in FORMS[type][len(lines) in SECOND.get(type, ())].split():
        key, kind = field.split(":")
        many, key = key.endswith("*"), key.rstrip("*")
        found = []
        while at < len(lines) and lines[at][0] == key and (many or not found):
            found.append(value(kind, lines[at][1]))
            at += 1
        need(many or found, key)
        o[key] = found if many else found[0]
    need(at == len(lines), "lines")
    sound(o)
    return o

def lengths(o, **sizes):
    for key, size in sizes.items(): need(len(o[key.replace("_", "-")]) == 2 * size, key)

def chosen(values, order):
    """Words of the order, in it, each once."""
    need(all(v in order for v in values) and values == [v for v in order if v in values], "words")

def sound(o):
    """What §4 asks of an object by itself, beside its form."""
    t = o["type"]
    if t == "rule":
        need(not o["by"] == o["on"] == "*" and UNITS.get(o["member"]) == o["unit"] and o["ipv6"] in ("address", "64"), "rule")
        need(o["bucket"] == (1800 if o["member"] in ("contact", "attack") else 0) and o["class"] and o["grade"], "rule")
        chosen(o["class"], CLASSES), chosen(o["grade"], GRADES), chosen(o["without"], FLAGS)
    if t == "key":
        need(o["origin"] != "-", "origin")
        lengths(o, K=32, Z=32, proof=64)
    if t == "figure":
        need(not o["by"] == o["on"] == "*" and (o["mode"], o["tags-sha256"] != "none") in (("list", True), ("root", False)), "mode")
        need(max(o["rule"], o["key"]) < o["evidence-size"] and o["attempt"] >= 1 and o["N"] < 2**32, "figure")
        need(1 <= o["audit-k"] <= min(10000, o["budget"]) and o["budget"] < 2**32 and 1 <= o["audit-round"] <= 2**51, "audit")
        lengths(o, root=32, evidence_root=32, **{k: 32 for k in ("tags-sha256", "supersedes") if o[k] != "none"})
    if t == "challenge": lengths(o, figure=32, nonce=32)
    if t == "audit": lengths(o, figure=32, openings=32)
    if t == "manifest":
        need(o["rows"] >= 1 and o["first-day"] <= o["last-day"], "manifest")
        lengths(o, segment=16, schema=32, row_root=32, file_sha256=32, salt=32)
    if t == "overlap" and "session" in o:
        need(o["origin-p"] != o["origin-q"] and "-" not in (o["origin-p"], o["origin-q"]) and 1 <= o["max-n"] < 2**32, "offer")
        need(all(o[k + "-p"] != o[k + "-q"] for k in ("figure", "key", "tags")), "offer")
        lengths(o, **{k: 32 for k in o if k.split("-")[0] in ("session", "figure", "key", "tags")})
    if t == "overlap" and "offer" in o:
        need(o["prover"] in ("p", "q"), "pledge")
        lengths(o, offer=32, answer=32)
    if t == "canary": lengths(o, commitment=32)
    if t == "canary" and "nonce" in o:
        lengths(o, nonce=32)
        list = [unescaped(v) for v in o["value"]]
        need(list and list == sorted(set(list)), "values")
        need(SHA(b"tally-canary/v1\0", bytes.fromhex(o["nonce"]), SHA(*(v.encode() + b"\n" for v in o["value"]))).hex()
             == o["commitment"], "commitment")

KEYS = ("day class grade perp victim perp_name victim_name perp_port# victim_port# via site path host_id family rule feed indicator "
        "sensor flags# first# last# records# by on by_as# on_as# by_places on_places").split()
LINE = re.compile("{" + ",".join('"%s":%s' % (k.rstrip("#"), "([0-9]+)" if k[-1] == "#" else '"([ -~]*?)"') for k in KEYS) + "}")
MOST = dict(perp_port=65535, victim_port=65535, flags=2**19 - 1, by_as=2**32 - 1, on_as=2**32 - 1)
PRIVATE = [ipaddress.ip_network(n) for n in """0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24
    192.0.2.0/24 192.88.99.2/32 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4 ::/127
    64:ff9b:1::/48 100::/63 2001::/23 2001:db8::/32 3fff::/20 5f00::/16 fc00::/7 fe80::/10 ff00::/8""".split()]
PUBLIC = [ipaddress.ip_network(n) for n in """192.0.0.9/32 192.0.0.10/32 2001:1::1/128 2001:1::2/128 2001:1::3/128 2001:3::/32
    2001:4:112::/48 2001:20::/28 2001:30::/28""".split()]

def address(s):
    """An address in any spelling, IPv4 where it is that in IPv6; None if it is none."""
    try: a = ipaddress.ip_address(s)
    except ValueError: return None
    if a.version == 6 and a.scope_id: return None
    if a.version == 6 and (a.ipv4_mapped or a in ipaddress.ip_network("64:ff9b::/96")): return ipaddress.IPv4Address(int(a) % 2**32)
    return a

def routable(a): return not any(a in n for n in PRIVATE) or any(a in n for n in PUBLIC)

def row(line):
    """The row of a canonical line, strings as they are escaped there, addresses read."""
    m = LINE.fullmatch(line.decode("latin1")) if len(line) <= 4096 else None
    need(m, "line")
    r = {k.rstrip("#"): integer(v, MOST.get(k[:-1], 2**53 - 1)) if k[-1] == "#" else v for k, v in zip(KEYS, m.groups())}
    for k, v in r.items():
        if isinstance(v, str): need('"' not in v and unescaped(v) is not None, k)
    for k in ("perp", "victim", "via"):
        need(r[k] == "" or str(address(r[k])) == r[k], k)
        r[k] = address(r[k])
    need(r["class"] in CLASSES and r["grade"] in GRADES, "class")
    need(seconds(day(r["day"])) == r["first"] // 86400 * 86400, "day")
    r["flags"] = {f for i, f in enumerate(FLAGS) if r["flags"] >> i & 1}
    return r

def host(s): return len(s) <= 253 and re.fullmatch(r"[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*", s)

def supported(r, rule):
    """The member that a row supports under a rule, or None."""
    def enc(a): return (b"\4" if a.version == 4 else b"\6") + a.packed if a.version == 4 or rule["ipv6"] != "64" else b"\7" + a.packed[:8]
    def sized(kind, s): return kind + u16(len(unescaped(s))) + unescaped(s)
    member, first, name = rule["member"], r["first"], r["perp_name"]
    slot = u64(first - first % 1800)
    if not rule["window"][:10] <= r["day"] < rule["window"][11:] or r["last"] < first or r["last"] // 86400 != first // 86400: return
    if r["class"] not in rule["class"] or r["grade"] not in rule["grade"] or r["flags"] & {*rule["without"]}: return
    if any(rule[k] != "*" and r[k] not in rule[k].split("+") for k in ("by", "on")): return
    if rule["bucket"] and first // 1800 != r["last"] // 1800: return
    end = dict(perp="perp", attack="perp", victim="victim", contact="victim").get(member)
    if end and (not r[end] or end + "-internal" in r["flags"] or not (routable(r[end]) or "synthetic" in r["flags"])): return
    if not all(s == "" or host(s) for s in (name, r["site"])) or len(unescaped(r["sensor"])) > 255: return
    if member in ("perp", "victim"): return enc(r[end])
    if member == "site": return sized(b"\x0d", r["site"]) if r["site"] else None
    if member == "attack":
        if not r["site"] and not r["victim"]: return
        target = sized(b"\x0d", r["site"]) if r["site"] else enc(r["victim"])
        if not r["site"] and "victim-internal" in r["flags"]:
            target = b"\x0e" + u8(len(unescaped(r["sensor"]))) + unescaped(r["sensor"]) + target
        return b"\x0a" + enc(r["perp"]) + target + slot
    if not name: return
    if member == "page": return sized(b"\x0b", name) + unescaped(r["path"]) if r["path"] else None
    if member == "contact": return b"\x0c" + enc(r["victim"]) + sized(b"", name) + slot
    listed = r["indicator"]
    return sized(b"\x0d", listed if listed and name.endswith("." + listed) and not listed[-1].isdigit() else name)
