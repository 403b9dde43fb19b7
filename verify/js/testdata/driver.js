"use strict";
// driver.js loads verify.js, whose path it is given, and vectors.js into one scope, as a page does, and does the job in
// JSON on its input:
//     { vectors: folder, limit }                 runs the test vectors
//     { bundles: [{ file, key, policy }] }       checks bundles
//     { bundle: file, edits: [[keep, hex, skip]], key, policy }
//                                                checks the bundle with each edit: keep bytes, then hex, then all from skip on
//     { policies: [text] }                       reads policies of witnesses
//     { bench: tags, openings }                  times the long checks
const fs = require("node:fs"), path = require("node:path"), vm = require("node:vm");

for (const file of [process.argv[2], path.join(__dirname, "vectors.js")]) {
  vm.runInThisContext(fs.readFileSync(file, "utf8"), { filename: path.basename(file) });
}
const job = JSON.parse(fs.readFileSync(0, "utf8"));
const run = vm.runInThisContext(`(async (job, read) => {
  if (job.vectors) {
    const names = ["points", "dleq", "trie", "merkle", "notes", "rows", "objects", "draw", "openings", "bounds", "beacon", "ends"];
    return runVectors(Object.fromEntries(names.map((n) => [n, JSON.parse(new TextDecoder().decode(read(job.vectors + "/" + n + ".json")))])), job.limit);
  }
  if (job.bench) return bench(job.bench, job.openings);
  if (job.policies) return job.policies.map((text) => holds(() => parsePolicy(text)));
  const outcome = async (data, { key, policy }) => {
    try {
      const r = await check(data, key, policy);
      return { code: exitCode(r), lines: r.lines, sentences: r.sentences };
    } catch (e) {
      return { thrown: String(e.stack) };
    }
  };
  const results = [];
  for (const file of job.bundles ?? []) results.push(await outcome(read(file.file), file));
  const whole = job.bundle && read(job.bundle);
  for (const [keep, hex, skip] of job.edits ?? []) {
    results.push(await outcome(join(whole.subarray(0, keep), fromHex(hex), whole.subarray(skip)), job));
  }
  return results;

  function bench(n, openings) {
    const timed = (f) => { const from = Date.now(); f(); return Date.now() - from; };
    const tags = concat(Array.from({ length: n }, (_, i) => sha256(u64(i))).sort(compare));
    const members = Array.from({ length: openings }, (_, i) => join([4], u64(i).subarray(4)));
    const points = members.map(hashToGroup), key = encode(combine([BASE], [7n])), encoded = points.map(encode);
    const answers = points.map((p) => encode(combine([p], [7n]))), proof = new Uint8Array(64);
    return {
      trieRoot: timed(() => trieRoot(tags)),
      decodePoints: timed(() => { for (let i = 0; i < 1000; i++) point(encoded[i % openings]); }),
      hashMembers: timed(() => members.map((m) => encode(hashToGroup(m)))),
      proof: timed(() => holds(() => checkProof("audit", "", key, encoded, answers, proof))),
    };
  }
})`);
run(job, (file) => new Uint8Array(fs.readFileSync(file))).then((r) => process.stdout.write(JSON.stringify(r)));
