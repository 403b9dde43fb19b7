"use strict";
// vectors.js runs the test vectors of doc/proof/vectors with the functions of verify.js, which a page or driver.js
// has loaded before it into the same scope.

// runVectors returns what disagrees. files are the vectors by name; limit bounds the answers of one proof.
function runVectors(files, limit) {
  const wrong = [];
  let made = 0;
  const agree = (what, got, want) => {
    made++;
    if (String(got) !== String(want)) wrong.push(`${what}: ${got}, want ${want}`);
  };
  const hexed = (b) => hexOf(b);
  const value = (f) => { // what f returns, or that it refuses
    try {
      return f();
    } catch (e) {
      if (e instanceof Refused) return "refused";
      throw e;
    }
  };

  const { points, dleq, trie, merkle, notes, rows, objects, draw: draws, openings, bounds, beacon, ends } = files;
  points.good.forEach((p) => agree("point " + p, value(() => hexed(encode(point(fromHex(p))))), p));
  points.bad.forEach((p) => agree("point, " + p.why, value(() => point(fromHex(p.bytes))), "refused"));
  points.hash.forEach((h) => agree("H " + h.member, hexed(encode(hashToGroup(fromHex(h.member)))), h.point));
  points.tags.forEach((t) => {
    const k = le(fromHex(t.secret)), times = (p) => hexed(encode(combine([p], [k])));
    agree("key of " + t.member, times(BASE), t.public);
    agree("tag of " + t.member, times(hashToGroup(fromHex(t.member))), t.tag);
  });

  for (const v of dleq) {
    const many = (list) => Array.from({ length: v.repeat || 1 }, () => list.map(fromHex)).flat();
    if ((v.repeat || 1) * v.c.length > limit) continue;
    const c = many(v.c), d = many(v.d);
    agree("dleq, " + v.name, holds(() => checkProof(v.purpose, v.context, fromHex(v.key), c, d, fromHex(v.proof))), v.ok);
    if (v.h) agree("h, " + v.name, hexed(proofDigest(v.purpose, v.context, fromHex(v.key), c, d)), v.h);
  }

  const sorted = (list) => concat(list.sort(compare));
  trie.numbered.forEach((v) => agree(`trie of ${v.n}`, trieRoot(sorted(Array.from({ length: v.n }, (_, i) => sha256(u64(i))))), v.root));
  trie.roots.forEach((v) => agree("trie", trieRoot(concat(v.tags.map(fromHex))), v.root));
  const path = (v) => siblings(fromHex(v.path.repeat(v.repeat || 1)));
  trie.paths.forEach((v) => agree("trie, " + v.name, value(() => triePosition(v.root, BigInt(v.n), fromHex(v.tag), path(v))),
    v.ok ? v.position : "refused"));
  trie.absences.forEach((v) => agree("absence, " + v.name,
    holds(() => checkAbsence(v.root, BigInt(v.n), fromHex(v.tag), v.other ? fromHex(v.other) : null, path(v))), v.ok));

  const tree = new Tree();
  merkle.roots.forEach((root, i) => {
    agree(`merkle root of ${i}`, tree.root(), root);
    if (i < merkle.leaves.length) tree.append(leafHash(fromHex(merkle.leaves[i])));
  });
  merkle.roots.forEach((root, i) => agree(`merkle root at ${i}`, tree.root(i), root));
  merkle.paths.forEach((v) => agree(`merkle, ${v.name} ${v.i}`,
    holds(() => checkRowPath(v.root, BigInt(v.n), BigInt(v.i), fromHex(v.leaf), v.path.map(fromHex))), v.ok));

  ends.ends.forEach((v) => {
    const row = parseRow(v.line), rests = restOf(row);
    const sensor = { role: v.role, country: v.country, asPublic: v.treat_as_public.map(network) };
    agree("ends, " + v.name, holds(() => checkDeclared(row, sensor)), v.ok);
    agree("ends rest, " + v.name, [rests.perp, rests.victim], v.rests);
  });

  notes.notes.forEach((v) => {
    const note = utf8(v.note), policy = { time: (signed) => signed(witnessKey(v.key)) };
    agree("note, " + v.name, v.time ? timeOf(note, policy) === BigInt(v.time) : holds(() => openNote(note, noteKey(v.key))), v.ok);
  });

  rows.salts.forEach((v) => {
    const key = hmac(fromHex(v.key), join("tally-segkey/v1\0", fromHex(v.segment)));
    agree("segment key", hexed(key), v.segmentkey);
    agree("salt", hexed(hmac(key, join("tally-salt/v1\0", u64(v.row))).subarray(0, 16)), v.salt);
  });
  rows.leaves.forEach((v) => agree("row leaf", hexed(rowLeaf(fromHex(v.salt), v.line)), v.leaf));
  rows.lines.forEach((v) => agree("row line, " + v.name, holds(() => parseRow(utf8(v.line))), v.ok));
  const rules = rows.rules.map(parseRule);
  rows.supports.forEach((v) => {
    const row = parseRow(v.line), got = value(() => hexed(supports(rules[v.rule], row)));
    agree("supports, " + v.name, got, v.member || "refused");
  });

  const good = {};
  for (const v of objects.good) {
    const well = holds(() => PARSE[v.type](v.text));
    agree(`${v.type}, ${v.name}`, well, v.ok);
    agree(`digest, ${v.type}, ${v.name}`, digest(v.text), v.digest);
    if (HOLDS[v.type]) agree(`holds, ${v.type}, ${v.name}`, well && holds(() => HOLDS[v.type](PARSE[v.type](v.text))), v.holds);
    if (v.name === "good") good[v.type] = v.text;
  }
  for (const v of objects.edited) {
    const edited = good[v.type].replace(v.old, () => v.new);
    agree(`${v.type}, edited, ${v.name}`, holds(() => PARSE[v.type](utf8(edited))), false);
  }

  draws.seeds.forEach((v) => agree("seed", hexed(seedOf(v.figure, BigInt(v.round), v.challenges, fromHex(v.randomness))), v.seed));
  draws.draws.forEach((v) => agree("draw, " + v.name, draw(fromHex(v.seed), BigInt(v.n), BigInt(v.k)), v.positions));
  bounds.forEach((v) => agree(`bound of ${v.x} of ${v.k} of ${v.n}, ${v.attempt}`,
    mostBad(BigInt(v.n), BigInt(v.k), BigInt(v.x), BigInt(v.attempt)), v.bad));
  beacon.forEach((v) => { // the signature itself is not checked
    if (v.round) agree("time of round " + v.round, roundTime(BigInt(v.round)), v.time);
    if (v.ok) agree("randomness", digest(fromHex(v.signature)), v.randomness);
  });
  agree("schema", digest(SCHEMA), parseManifest(good["tally-manifest/v1"]).schema);
  runOpenings(openings, agree);
  return { wrong, made };
}

function runOpenings(v, agree) {
  const rule = parseRule(v.rule), figure = { ...parseStatement(v.statement), digest: digest(v.statement) };
  const positions = draw(fromHex(v.seed), figure.N, figure["audit-k"]);
  const all = (file) => holds(() => {
    const list = parseOpenings(file);
    list.forEach((o, i) => need(o.position === positions[i], "position"));
    list.forEach((o) => checkShown(figure, rule, o));
    checkProof("audit", `figure ${figure.digest}\nseed ${v.seed}\norigin ${v.origin}\n`, fromHex(v.key),
      list.map((o) => encode(hashToGroup(o.member))), list.map((o) => o.tag), fromHex(v.proof));
  });
  agree("openings", all(v.file), true);
  agree("digest of openings", digest(join(v.file, fromHex(v.proof))), v.digest);
  const [first, ...rest] = v.file.split("\n");
  for (const e of v.edited) {
    const words = first.split(" ");
    for (const w of e.words ?? []) words[w.index] = w.text;
    const line = e.line ?? words.join(" ");
    agree("opening, well formed, " + e.name, holds(() => parseOpening(line)), e.fails !== "form");
    agree("opening, " + e.name, all([line, ...rest].join("\n")), e.fails === "ledger");
    if (e.fails !== "form") agree("opening, itself, " + e.name, holds(() => checkShown(figure, rule, parseOpening(line))), e.fails !== "itself");
  }
}

// What verify.js has no use for: absence (spec 2, for openings of one's own addresses).
function checkAbsence(root, n, tag, other, path) { // other: null for an empty place
  if (other) {
    need(!same(other, tag) && (path.length === 0 || path[0].count > 0n) && path.length <= 256, "the leaf is its own");
    need(path.every((_, d) => bit(other, d) === bit(tag, d)), "its bits do not lead to that leaf");
  }
  need(other || path.length === 0 || path[0].count >= 2n, "beside a single tag there is no empty place");
  climb(root, n, tag, other ? trieLeaf(other) : { count: 0n, hash: NONE }, path);
}
const PARSE = { "tally-rule/v1": parseRule, "tally-key/v1": parseKey, "tally-figure/v1": parseStatement,
  "tally-challenge/v1": parseChallenge, "tally-audit/v1": parseAudit, "tally-manifest/v1": parseManifest,
  "tally-overlap/v1 offer": parseOffer, "tally-canary/v1 reveal": parseReveal,
  "tally-overlap/v1 pledge": (s) => objectAs(s, "overlap", PLEDGE),
  "tally-canary/v1 commitment": (s) => objectAs(s, "canary", COMMITMENT) };
const HOLDS = { "tally-key/v1": checkKey, "tally-challenge/v1": checkChallenge };
