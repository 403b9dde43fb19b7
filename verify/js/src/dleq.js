// ---- Proof of equal discrete logarithms (spec 1). key, c and d are points as bytes.
const CHUNK = 16384;
function proofDigest(purpose, context, key, c, d) {
	return sha256(join("tally-dleq-ctx/v1\0", [purpose.length], purpose, sha256(context),
		key, u64(c.length), sha256(concat(c)), sha256(concat(d))));
}
function checkProof(purpose, context, key, c, d, file) {
	const k = point(key), h = proofDigest(purpose, context, key, c, d);
	need(c.length === d.length && file.length === 64 * Math.ceil(c.length / CHUNK),
		"another number of answers");
	cut(file, 64).forEach((proof, j) => {
		const part = (list) => list.slice(j * CHUNK, (j + 1) * CHUNK);
		checkChunk(key, k, part(c), part(d), join("tally-dleq/v1\0", h, u64(j)), proof);
	});
}
function checkChunk(key, k, c, d, dst, proof) {
	const scalar = (x) => le(expand(x, join("HashToScalar-", dst))) % ORDER;
	const [challenge, s] = cut(proof, 32).map(le);
	need(challenge < ORDER && s < ORDER);
	const seed = sha512(join(u16(32), key, u16(5 + dst.length), "Seed-", dst)), size = u16(32);
	const factors = c.map((x, i) =>
		scalar(join(u16(64), seed, u16(i), size, x, size, d[i], "Composite")));
	const m = combine(c.map(point), factors), z = combine(d.map(point), factors);
	const t2 = combine([BASE, k], [s, challenge]), t3 = combine([m, z], [s, challenge]);
	const transcript = [key, ...[m, z, t2, t3].map(encode)].flatMap((x) => [size, x]);
	need(scalar(join(...transcript, "Challenge")) === challenge, "the proof does not hold");
}
