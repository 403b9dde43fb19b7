"use strict";
// verify.js checks a published Tallystick bundle: the second implementation of doc/proof/spec.md.
// No dependency, no network; meant to be read.
//
//     node verify.js [--key VKEY] [--policy FILE] BUNDLE
//
// Exit code 0: all is true, 1: something is false, 2: something is malformed or not checked. In a
// browser it fills #check-report. Key and policy come from you, never from the bundle or its
// publisher. Neither should this file: from him, it proves nothing to you.
//
// NOT CHECKED, and said so: the beacon's BLS signature, ML-DSA cosignatures, countries in tables,
// overlaps. Not read: your challenge, canaries, openings of your addresses (spec 5, 7, 8).
// tallystick-verify does all that.

class Refused extends Error {}
function need(ok, why = "malformed") {
	if (!ok) throw new Refused(why);
}
function refusal(f) {
	try {
		f();
	} catch (e) {
		if (e instanceof Refused) return e;
		throw e;
	}
}
const holds = (f) => !refusal(f);

// ---- Bytes. Foreign text is a "binary string", a character a byte.
const bytesOf = (s) => Uint8Array.from(s, (c) => c.charCodeAt(0));
function textOf(b) {
	let s = "";
	for (let i = 0; i < b.length; i += 4096) s += String.fromCharCode(...b.subarray(i, i + 4096));
	return s;
}
const utf8 = (s) => textOf(new TextEncoder().encode(s));
const hexOf = (b) => Array.from(b, (x) => x.toString(16).padStart(2, "0")).join("");
const fromHex = (s) =>
	Uint8Array.from({ length: s.length / 2 }, (_, i) => parseInt(s.substr(2 * i, 2), 16));
function concat(parts) {
	parts = parts.map((p) => (typeof p === "string" ? bytesOf(p) : p));
	const out = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
	parts.reduce((at, p) => (out.set(p, at), at + p.length), 0);
	return out;
}
const join = (...parts) => concat(parts);
function toBE(n, size) {
	return fromHex(BigInt.asUintN(8 * size, BigInt(n)).toString(16).padStart(2 * size, "0"));
}
const u16 = (n) => toBE(n, 2);
const u64 = (n) => toBE(n, 8);
const be = (b) => BigInt("0x0" + hexOf(b));
const le = (b) => be(Uint8Array.from(b).reverse());
const toLE = (n) => toBE(n, 32).reverse();
function compare(a, b) {
	for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return a[i] - b[i];
	return 0;
}
const same = (a, b) => a.length === b.length && compare(a, b) === 0;
function cut(b, size) {
	return Array.from({ length: b.length / size }, (_, i) => b.subarray(size * i, size * (i + 1)));
}
function fromBase64(s) { // bits behind the last byte are not looked at
	need(s.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(s));
	return bytesOf(atob(s));
}

// ---- SHA-2 (FIPS 180-4), HMAC (RFC 2104). Constants: 64 bits of roots of the first primes.
const primes = [];
for (let n = 2; primes.length < 80; n++) if (primes.every((p) => n % p)) primes.push(n);
function rootFraction(prime, power) {
	let low = 0n, high = 1n << 70n;
	while (high - low > 1n) {
		const middle = (low + high) >> 1n;
		if (middle ** power <= BigInt(prime) << (64n * power)) low = middle;
		else high = middle;
	}
	return BigInt.asUintN(64, low);
}
const K512 = primes.map((p) => rootFraction(p, 3n));
const H512 = BigUint64Array.from(primes.slice(0, 8), (p) => rootFraction(p, 2n));
const upper = (list) => Int32Array.from(list, (x) => Number(x >> 32n) | 0);
const K256 = upper(K512.slice(0, 64)), H256 = upper(Array.from(H512));

function hashBlocks(data, size, initial, compress) {
	const h = initial.slice(), rest = data.length % size, whole = data.length - rest;
	for (let at = 0; at < whole; at += size) compress(h, data, at);
	const tail = new Uint8Array(rest + 1 + size / 8 <= size ? size : 2 * size);
	tail.set(data.subarray(whole));
	tail[rest] = 0x80;
	const view = new DataView(tail.buffer), wide = size === 128;
	view.setUint32(tail.length - 8, Math.floor(data.length / 2 ** 29));
	view.setUint32(tail.length - 4, data.length << 3);
	for (let at = 0; at < tail.length; at += size) compress(h, tail, at);
	const out = new DataView(new ArrayBuffer(h.byteLength));
	for (let i = 0; i < 8; i++) wide ? out.setBigUint64(8 * i, h[i]) : out.setInt32(4 * i, h[i]);
	return new Uint8Array(out.buffer);
}
const W = new Int32Array(64);
const rotate = (x, n) => (x >>> n) | (x << (32 - n));
function compress256(s, data, at) {
	for (let i = 0; i < 16; i++, at += 4) {
		W[i] = (data[at] << 24) | (data[at + 1] << 16) | (data[at + 2] << 8) | data[at + 3];
	}
	for (let i = 16; i < 64; i++) {
		const x = W[i - 15], y = W[i - 2];
		const x0 = rotate(x, 7) ^ rotate(x, 18) ^ (x >>> 3);
		const y1 = rotate(y, 17) ^ rotate(y, 19) ^ (y >>> 10);
		W[i] = (W[i - 16] + x0 + W[i - 7] + y1) | 0;
	}
	let a = s[0], b = s[1], c = s[2], d = s[3], e = s[4], f = s[5], g = s[6], h = s[7];
	for (let i = 0; i < 64; i++) {
		const e1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
		const a0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
		const t = (h + e1 + ((e & f) ^ (~e & g)) + K256[i] + W[i]) | 0;
		h = g; g = f; f = e; e = (d + t) | 0;
		const majority = (a & b) ^ (a & c) ^ (b & c);
		d = c; c = b; b = a; a = (t + a0 + majority) | 0;
	}
	s[0] += a; s[1] += b; s[2] += c; s[3] += d; s[4] += e; s[5] += f; s[6] += g; s[7] += h;
}
const low64 = (x) => BigInt.asUintN(64, x);
const rotate64 = (x, n) => (x >> n) | low64(x << (64n - n));
function compress512(s, data, at) {
	const w = cut(data.subarray(at, at + 128), 8).map(be);
	for (let i = 16; i < 80; i++) {
		const x = w[i - 15], y = w[i - 2];
		const x0 = rotate64(x, 1n) ^ rotate64(x, 8n) ^ (x >> 7n);
		const y1 = rotate64(y, 19n) ^ rotate64(y, 61n) ^ (y >> 6n);
		w[i] = low64(w[i - 16] + x0 + w[i - 7] + y1);
	}
	let [a, b, c, d, e, f, g, h] = s;
	for (let i = 0; i < 80; i++) {
		const e1 = rotate64(e, 14n) ^ rotate64(e, 18n) ^ rotate64(e, 41n);
		const a0 = rotate64(a, 28n) ^ rotate64(a, 34n) ^ rotate64(a, 39n);
		const t = h + e1 + ((e & f) ^ (~e & g)) + K512[i] + w[i];
		h = g; g = f; f = e; e = low64(d + t);
		const majority = (a & b) ^ (a & c) ^ (b & c);
		d = c; c = b; b = a; a = low64(t + a0 + majority);
	}
	[a, b, c, d, e, f, g, h].forEach((x, i) => { s[i] += x; });
}
const sha256 = (data) => hashBlocks(data, 64, H256, compress256);
const sha512 = (data) => hashBlocks(data, 128, H512, compress512);
const digest = (data) => hexOf(sha256(typeof data === "string" ? bytesOf(data) : data));
function hmac(key, message) {
	const pad = (x) => Uint8Array.from({ length: 64 }, (_, i) => (key[i] ?? 0) ^ x);
	return sha256(join(pad(0x5c), sha256(join(pad(0x36), message))));
}

// ---- The field of p = 2^255 - 19. Values may be negative.
const P = 2n ** 255n - 19n;
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;
const mul = (a, b) => (a * b) % P;
const canonical = (a) => ((a % P) + P) % P;
const isNegative = (a) => (canonical(a) & 1n) === 1n;
const absolute = (a) => (isNegative(a) ? -a : a);
const equal = (a, b) => (a - b) % P === 0n;
function squared(a, times) {
	for (; times > 0; times--) a = (a * a) % P;
	return a;
}
function power252(x) { // x^((p-5)/8), which is x^(2^252 - 3); xN is x^(2^N - 1)
	const run = (a, n, b) => mul(squared(a, n), b);
	const x2 = run(x, 1, x), x4 = run(x2, 2, x2), x5 = run(x4, 1, x), x10 = run(x5, 5, x5);
	const x20 = run(x10, 10, x10), x40 = run(x20, 20, x20), x50 = run(x40, 10, x10);
	const x100 = run(x50, 50, x50), x200 = run(x100, 100, x100), x250 = run(x200, 50, x50);
	return run(x250, 2, x);
}
const inverse = (x) => mul(squared(power252(x), 3), x ** 3n % P); // x^(p-2)
const SQRT_M1 = mul(2n, squared(power252(2n), 1));
const D = -121665n * inverse(121666n);

// rootOfRatio is SQRT_RATIO_M1 of RFC 9496, 4.2.
function rootOfRatio(u, v) {
	const v3 = mul(mul(v, v), v), v7 = mul(mul(v3, v3), v);
	const r = mul(mul(u, v3), power252(mul(u, v7))), check = mul(v, mul(r, r));
	const flipped = equal(check, -u), twisted = equal(check, mul(-u, SQRT_M1));
	return [flipped || equal(check, u), absolute(flipped || twisted ? mul(r, SQRT_M1) : r)];
}

// ---- The curve edwards25519 in extended coordinates [X, Y, Z, T] (RFC 8032, 5.1.4).
const ZERO = [0n, 1n, 1n, 0n], D2 = canonical(2n * D);
function add([x1, y1, z1, t1], [x2, y2, z2, t2]) {
	const a = mul(y1 - x1, y2 - x2), b = mul(y1 + x1, y2 + x2), c = mul(mul(t1, D2), t2);
	const d = mul(2n * z1, z2), e = b - a, f = d - c, g = d + c, h = b + a;
	return [mul(e, f), mul(g, h), mul(f, g), mul(e, h)];
}
function double([x, y, z]) {
	const a = mul(x, x), b = mul(y, y), h = a + b, e = h - mul(x + y, x + y);
	const g = a - b, f = 2n * mul(z, z) + g;
	return [mul(e, f), mul(g, h), mul(f, g), mul(e, h)];
}
// combine returns the sum of scalars[i]*points[i] (Pippenger: a bucket a digit).
function combine(points, scalars) {
	const n = points.length, width = n < 8 ? 1n : n < 64 ? 4n : n < 999 ? 6n : 9n;
	let sum = ZERO;
	for (let at = (255n / width) * width; at >= 0n; at -= width) {
		for (let i = 0n; i < width; i++) sum = double(sum);
		const buckets = [];
		for (let i = 0; i < n; i++) {
			const digit = Number(BigInt.asUintN(Number(width), scalars[i] >> at));
			if (digit) buckets[digit] = buckets[digit] ? add(buckets[digit], points[i]) : points[i];
		}
		let run = ZERO;
		for (let i = buckets.length - 1; i > 0; i--) {
			if (buckets[i]) run = add(run, buckets[i]);
			sum = add(sum, run);
		}
	}
	return sum;
}

// ---- Ed25519 (RFC 8032, 5.1.7): s below the order, no cofactor, R compared as bytes.
function decompress(b) {
	const y = BigInt.asUintN(255, le(b)), y2 = mul(y, y);
	const [square, root] = rootOfRatio(y2 - 1n, mul(D, y2) + 1n), x = b[31] >> 7 ? -root : root;
	need(square);
	return [x, y, 1n, mul(x, y)];
}
const BASE = decompress(toLE(canonical(4n * inverse(5n))));
function verifyEd25519(key, message, signature) {
	const r = signature.subarray(0, 32), s = le(signature.subarray(32));
	if (signature.length !== 64 || s >= ORDER || !holds(() => decompress(key))) return false;
	const k = le(sha512(join(r, key, message))) % ORDER, a = decompress(key);
	const [x, y, z] = combine([BASE, [-a[0], a[1], a[2], -a[3]]], [s, k]), i = inverse(z);
	const encoded = toLE(canonical(y * i));
	encoded[31] |= isNegative(x * i) ? 0x80 : 0;
	return same(encoded, r);
}

// ---- ristretto255 (RFC 9496, 4.3) and hashing to it (RFC 9497, RFC 9380).
const SQRT_AD_MINUS_ONE = -rootOfRatio(-1n - D, 1n)[1];
const INVSQRT_A_MINUS_D = rootOfRatio(1n, -1n - D)[1];

// point decodes 32 bytes: canonical, and never the identity (spec 0).
function point(b) {
	const s = le(b), ss = mul(s, s), u1 = 1n - ss, u2 = 1n + ss, u2u2 = mul(u2, u2);
	need(b.length === 32 && s < P && s > 0n && (s & 1n) === 0n);
	const v = -mul(D, mul(u1, u1)) - u2u2, [square, i] = rootOfRatio(1n, mul(v, u2u2));
	const x = absolute(mul(2n * s, mul(i, u2))), y = mul(u1, mul(i, mul(mul(i, u2), v)));
	const t = mul(x, y);
	need(square && !isNegative(t) && canonical(y) !== 0n);
	return [x, y, 1n, t];
}
function encode([x0, y0, z0, t0]) {
	const u1 = mul(z0 + y0, z0 - y0), u2 = mul(x0, y0), i = rootOfRatio(1n, mul(u1, mul(u2, u2)))[1];
	const d1 = mul(i, u1), d2 = mul(i, u2), z = mul(mul(d1, d2), t0), turn = isNegative(mul(t0, z));
	const x = turn ? mul(y0, SQRT_M1) : x0, y = turn ? mul(x0, SQRT_M1) : y0;
	const d = turn ? mul(d1, INVSQRT_A_MINUS_D) : d2, up = isNegative(mul(x, z)) ? -y : y;
	return toLE(canonical(absolute(mul(d, z0 - up))));
}
function mapToGroup(b) { // RFC 9496, 4.3.4
	const t = BigInt.asUintN(255, le(b)), r = mul(SQRT_M1, mul(t, t));
	const u = mul(r + 1n, 1n - mul(D, D)), v = mul(-1n - mul(r, D), r + D);
	const [square, root] = rootOfRatio(u, v), s = square ? root : -absolute(mul(root, t));
	const n = mul(mul(square ? -1n : r, r - 1n), mul(D - 1n, D - 1n)) - v, ss = mul(s, s);
	const w0 = 2n * mul(s, v), w1 = mul(n, SQRT_AD_MINUS_ONE), w2 = 1n - ss, w3 = 1n + ss;
	return [mul(w0, w3), mul(w2, w1), mul(w1, w3), mul(w0, w2)];
}
function expand(message, dst) { // expand_message_xmd, SHA-512, 64 bytes
	const suffix = join(dst, [dst.length]);
	const first = sha512(join(new Uint8Array(128), message, u16(64), [0], suffix));
	return sha512(join(first, [1], suffix));
}
function hashToGroup(member) { // H(m) of spec 0
	const b = expand(member, "HashToGroup-OPRFV1-\x01-ristretto255-SHA512");
	return add(mapToGroup(b.subarray(0, 32)), mapToGroup(b.subarray(32)));
}

// ---- Proof of equal discrete logarithms (spec 1). key, c and d are points as bytes.
const CHUNK = 16384;
function proofDigest(purpose, context, key, c, d) {
	return sha256(join("tally-dleq-ctx/v1\0", [purpose.length], purpose, sha256(bytesOf(context)),
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
	need(scalar(join(...transcript, "Challenge")) === challenge,
		"the proof does not hold");
}

// ---- Trees (spec 2). A node of the trie is a count and a hash.
const NONE = new Uint8Array(32);
const leafHash = (data) => sha256(join([0], data));
const nodeHash = (left, right) => sha256(join([1], left, right));
const bit = (tag, depth, at = 0) => (tag[at + (depth >> 3)] >> (7 - (depth & 7))) & 1;
const LEAF = join("tally-leaf/v1\0", NONE), NODE = join("tally-node/v1\0", new Uint8Array(82));
const trieLeaf = (tag) => (LEAF.set(tag, 14), { count: 1, hash: sha256(LEAF) });
function trieNode(depth, left, right) {
	const view = new DataView(NODE.buffer);
	NODE[14] = depth;
	[left, right].forEach(({ count, hash }, i) => {
		view.setUint32(16 + 40 * i, Math.floor(count / 2 ** 32));
		view.setUint32(20 + 40 * i, count % 2 ** 32);
		NODE.set(hash, 24 + 40 * i);
	});
	return { count: left.count + right.count, hash: sha256(NODE) };
}
const rootHash = (n, top) => hexOf(sha256(join("tally-root/v1\0", u64(n), top)));

function trieRoot(tags) { // strictly ascending, 32 bytes each
	const tag = (i) => tags.subarray(32 * i, 32 * i + 32), n = tags.length / 32;
	function node(from, to, depth) {
		if (to - from === 0) return { count: 0, hash: NONE };
		if (to - from === 1) return trieLeaf(tag(from));
		let low = from; // where the tags begin whose bit is set
		while (low < to && bit(tags, depth, 32 * low) === 0) low++;
		return trieNode(depth, node(from, low, depth + 1), node(low, to, depth + 1));
	}
	return rootHash(n, node(0, n, 0).hash);
}
// climb goes from the node of a tag to the root and returns how many are left of it.
function climb(root, n, tag, node, path) {
	let left = 0;
	need(path.length <= 256);
	path.forEach((sibling, j) => {
		const depth = path.length - 1 - j, side = bit(tag, depth);
		need((sibling.count === 0n) === same(sibling.hash, NONE));
		need(sibling.count <= BigInt(n - node.count));
		const beside = { count: Number(sibling.count), hash: sibling.hash };
		if (side) left += beside.count;
		node = side ? trieNode(depth, beside, node) : trieNode(depth, node, beside);
	});
	need(node.count === n && rootHash(n, node.hash) === root, "its path is another's");
	return left;
}
function triePosition(root, n, tag, path) {
	need(path.length === 0 || path[0].count > 0n);
	return climb(root, n, tag, trieLeaf(tag), path);
}
const siblings = (b) =>
	cut(b, 40).map((x) => ({ count: be(x.subarray(0, 8)), hash: x.subarray(8) }));

// Tree is that of RFC 6962, 2.1; levels[k] has the roots of complete subtrees of 2^k leaves.
class Tree {
	levels = [[]];
	append(leaf) {
		this.levels[0].push(leaf);
		for (let k = 0; this.levels[k].length % 2 === 0; k++) {
			(this.levels[k + 1] ??= []).push(nodeHash(...this.levels[k].slice(-2)));
		}
	}
	root(n = this.levels[0].length) { // over the first n leaves
		let root = null;
		for (let k = 0; n >> k > 0; k++) {
			const subtree = this.levels[k][(n >> k) - 1];
			if ((n >> k) & 1) root = root ? nodeHash(subtree, root) : subtree;
		}
		return hexOf(root ?? sha256(new Uint8Array()));
	}
}
function checkRowPath(root, n, i, leaf, path) { // RFC 9162, 2.1.3.2; n and i are BigInt
	need(i < n && path.length <= 64);
	let last = n - 1n;
	for (const sibling of path) {
		need(last > 0n);
		while (i === last && (i & 1n) === 0n) [i, last] = [i >> 1n, last >> 1n]; // no sibling there
		leaf = i & 1n ? nodeHash(sibling, leaf) : nodeHash(leaf, sibling);
		[i, last] = [i >> 1n, last >> 1n];
	}
	need(last === 0n && hexOf(leaf) === root, "its row's path is another's");
}

// ---- Text objects (spec 0, 4). Numbers are BigInt, digests stay in hex.
const MOST = 2n ** 53n - 1n;
function number(s) {
	need(/^(0|[1-9][0-9]{0,15})$/.test(s) && BigInt(s) <= MOST);
	return BigInt(s);
}
const like = (pattern) => (s) => (need(pattern.test(s)), s);
const oneOf = (words) => (s) => (need(words.includes(s)), s);
const word = like(/^[A-Za-z0-9_+][A-Za-z0-9._+-]{0,79}$/);
const hash = like(/^[0-9a-f]{64}$/);
const hashOrNone = like(/^([0-9a-f]{64}|none)$/);
const raw = (s) => (s === "-" ? "" : s);
function unescape(s) {
	need(/^([ !#$&-[\]-~]|%[0-9A-F]{2})*$/.test(s));
	return s.replace(/%(..)/g, (_, x) => {
		const c = String.fromCharCode(parseInt(x, 16));
		return like(/[^ !#$&-[\]-~]/)(c);
	});
}
const text = (s) => unescape(raw(s));
const hex = (s) => fromHex(raw(like(/^(-|([0-9a-f]{2})+)$/)(s)));
function day(s) {
	const at = /^[0-9]{4}(-[0-9]{2}){2}$/.test(s) ? Date.parse(s + "T00:00:00Z") : NaN;
	need(!Number.isNaN(at) && dayText(at / 86400000) === s);
	return at / 86400000;
}
const dayText = (d) => new Date(d * 86400000).toISOString().slice(0, 10);
function moment(s) { // a time since 1970
	const at = Date.parse(s);
	need(at >= 0 && new Date(at).toISOString().replace(".000", "") === s);
	return s;
}
const start = (d) => BigInt(d) * 86400n;
function days(s) {
	const [from, to, ...more] = s.split("/").map(day);
	need(more.length === 0 && to > from);
	return { from, to };
}
const ascends = (list) => list.every((x, i) => i === 0 || list[i - 1] < x);
function countries(s) {
	const list = s === "*" ? [] : s.split("+");
	need(list.every((c) => /^[A-Z]{2}$/.test(c)) && ascends(list));
	return list;
}
const pointBytes = (s) => (point(fromHex(hash(s))), fromHex(s));
function place(s) {
	const [name, on, digest, ...more] = s.split(" ");
	need(name && digest && more.length === 0);
	return { name, day: day(on), digest: hash(digest) };
}

function object(s) {
	need(s.length <= 65535 && /^[ -~]*[!-~]\n([!-~]+ [ -~]*[!-~]\n)*$/.test(s));
	const [type, ...lines] = s.slice(0, -1).split("\n");
	const fields = lines.map((x) => [x.slice(0, x.indexOf(" ")), x.slice(x.indexOf(" ") + 1)]);
	const all = (key) => fields.filter(([k]) => k === key).map(([, v]) => raw(v));
	return { type, fields, all, get: (key) => all(key)[0] ?? "" };
}
// objectAs reads one of a form: keys in order; [reader] for any number of lines.
function objectAs(s, type, form) {
	const { fields, ...read } = object(s), o = {};
	need(read.type === `tally-${type}/v1`);
	let at = 0;
	for (const [key, reader] of Object.entries(form)) {
		const from = at, many = Array.isArray(reader);
		while (at < fields.length && fields[at][0] === key) at++;
		const values = fields.slice(from, at).map(([, v]) => v);
		need(many || values.length === 1);
		o[key] = many ? values.map((v) => reader[0](v)) : reader(values[0]);
	}
	need(at === fields.length);
	return o;
}

// The words of doc/formats/row.md, each in its order.
const CLASSES = "attempt backdoor control exfiltration phishing spyware".split(" ");
const GRADES = ["looked-up", "attempted", "established"];
const FLAGS = ("declared victim-internal perp-internal sinkhole scanner parked egress shared " +
	"resolver unverified undated vetoed clock nat path-cut upload synthetic behaviour " +
	"nowhere").split(" ");
const UNITS = { perp: "ip-address", victim: "ip-address", name: "domain" }; // else the member's
const COUNTED = "perp victim name site page contact attack".split(" ");

const RULE = { id: word, measure: word, window: days, by: countries, on: countries, unit: raw,
	member: oneOf(COUNTED), ipv6: oneOf(["address", "64"]), bucket: number, seal: number,
	"place-source": text, class: [oneOf(CLASSES)], grade: [oneOf(GRADES)], without: [oneOf(FLAGS)],
	challenger: [(s) => (noteKey(s), s)] };
function parseRule(s) { // spec 4.1
	const r = objectAs(s, "rule", RULE);
	const within = (words, list) => ascends(words.map((w) => list.indexOf(w)));
	need(r.by.length + r.on.length > 0 && r.unit === (UNITS[r.member] ?? r.member));
	need(r.bucket === (r.member === "contact" || r.member === "attack" ? 1800n : 0n));
	need(r.class.length > 0 && r.grade.length > 0 && within(r.class, CLASSES) &&
		within(r.grade, GRADES) && within(r.without, FLAGS));
	return r;
}
const KEY = { origin: raw, report: word, K: pointBytes, Z: pointBytes, proof: hex };
function parseKey(s) { // spec 4.2
	const k = objectAs(s, "key", KEY);
	need(k.origin !== "" && k.proof.length === 64);
	return k;
}
function checkKey(k) {
	const base = hashToGroup(bytesOf(`tally-key/v1\0${k.origin}\0${k.report}`));
	const context = `origin ${k.origin}\nreport ${k.report}\n`;
	checkProof("key", context, k.K, [encode(base)], [k.Z], k.proof);
}
const STATEMENT = { id: word, attempt: number, report: word, mode: oneOf(["list", "root"]),
	rule: number, key: number, window: days, by: countries, on: countries, measure: word, unit: word,
	N: number, root: hash, "evidence-size": number, "evidence-root": hash,
	"tags-sha256": hashOrNone, "audit-k": number, "audit-round": number, "audit-deadline": number,
	budget: number, supersedes: hashOrNone, tool: raw };
const MEMBERS = 2n ** 32n, ROUNDS = 2n ** 51n, AUDITED = 10000n;
function parseStatement(s) { // spec 4.3
	const f = objectAs(s, "figure", STATEMENT), k = f["audit-k"], size = f["evidence-size"];
	need(f.by.length + f.on.length > 0);
	need((f.mode === "list") === (f["tags-sha256"] !== "none"));
	need(f.N < MEMBERS && f.rule < size && f.key < size && f.attempt > 0n);
	need(k > 0n && k <= AUDITED && k <= f.budget && f.budget < MEMBERS);
	need(f["audit-round"] > 0n && f["audit-round"] <= ROUNDS);
	return f;
}
const CHALLENGE = { figure: hash, challenger: raw, nonce: hash, round: number, k: number,
	sig: hex };
function parseChallenge(s) { // spec 4.4
	return { ...objectAs(s, "challenge", CHALLENGE), signed: s.replace(/sig .*\n$/, "") };
}
function checkChallenge(c) {
	need(c.k > 0n && c.round > 0n && c.round <= ROUNDS);
	need(noteKey(c.challenger).verify(bytesOf(c.signed), c.sig));
}
const AUDIT = { figure: hash, round: number, openings: hash, bad: number };
const parseAudit = (s) => objectAs(s, "audit", AUDIT); // spec 4.5
const party = (x) => ({ ["origin-" + x]: like(/^(?!-$)[^ ]+$/), ["figure-" + x]: hash,
	["key-" + x]: hash, ["tags-" + x]: hash });
const OFFER = { session: hash, ...party("p"), ...party("q"), "max-n": number, deadline: moment };
function parseOffer(s) { // spec 6
	const o = objectAs(s, "overlap", OFFER), n = o["max-n"];
	need(["origin-", "figure-", "key-", "tags-"].every((k) => o[k + "p"] !== o[k + "q"]));
	need(n > 0n && n < MEMBERS);
	return o;
}
const PLEDGE = { offer: hash, prover: oneOf(["p", "q"]), answer: hash };
const COMMITMENT = { commitment: hash }, REVEAL = { ...COMMITMENT, nonce: hash, value: [text] };
function parseReveal(s) { // spec 7
	const c = objectAs(s, "canary", REVEAL), list = object(s).all("value");
	const sum = sha256(bytesOf(list.map((v) => v + "\n").join("")));
	need(c.value[0] && ascends(c.value));
	need(digest(join("tally-canary/v1\0", fromHex(c.nonce), sum)) === c.commitment);
	return c;
}
const MANIFEST = { segment: like(/^[0-9a-f]{32}$/), schema: hash, rows: number,
	"first-day": day, "last-day": day, "row-root": hash, "file-sha256": hash, place: [place],
	salt: hash };
function parseManifest(s) { // spec 3.1
	const m = objectAs(s, "manifest", MANIFEST);
	need(m.rows >= 1n && m["first-day"] <= m["last-day"]);
	return m;
}

// ---- Notes and witnesses (spec 3; C2SP signed-note, tlog-cosignature, tlog-policy).
const SPACE = new RegExp("(?:[\\t-\\r ]|\xc2[\x85\xa0]|\xe1\x9a\x80|" + // of Unicode, as UTF-8
	"\xe2\x80[\x80-\x8a\xa8\xa9\xaf]|\xe2\x81\x9f|\xe3\x80\x80)+");
function splitKey(vkey) {
	const [owner, id = "", ...rest] = vkey.split("+"), key = fromBase64(rest.join("+"));
	need(owner && !SPACE.test(owner) && id.length === 8 && key.length > 0);
	return { owner, id: id.toLowerCase(), kind: key[0], key: key.subarray(1) };
}
const keyID = (owner, kind, key) => hexOf(sha256(join(owner, "\n", [kind], key)).subarray(0, 4));
function noteKey(vkey) { // of a ledger or a challenger
	const { owner, id, kind, key } = splitKey(vkey);
	need(id === keyID(owner, kind, key) && kind === 1 && key.length === 32);
	return { owner, id, verify: (text, sig) => verifyEd25519(key, text, sig) };
}
function witnessKey(vkey) { // of type 4
	const { owner, kind, key } = splitKey(vkey), id = keyID(owner, kind, key);
	need(vkey.startsWith(`${owner}+${id}+`));
	if (kind === 6 && key.length === 1312) return { owner, unread: true };
	need(kind === 4 && key.length === 32);
	const verify = (text, sig) => verifyEd25519(key,
		join(`cosignature/v1\ntime ${be(sig.subarray(0, 8))}\n`, text), sig.subarray(8));
	return { owner, id, verify };
}
// openNote fails unless the key signed the note.
function openNote(note, key) {
	const shown = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytesOf(note));
	const at = note.lastIndexOf("\n\n");
	need(utf8(shown) === note);
	const lines = note.slice(at + 2).split("\n");
	need(at >= 0 && lines.pop() === "" && lines.length <= 100);
	need(!/[\0-\x09\x0b-\x1f]/.test(note));
	let signed;
	for (const line of lines) {
		const [, owner, code] = /^\xe2\x80\x94 ([^ ]+) (.+)$/.exec(line) ?? [];
		need(owner && !owner.includes("+") && !SPACE.test(owner));
		const sig = fromBase64(code), id = hexOf(sig.subarray(0, 4));
		need(sig.length >= 5);
		if (signed || owner !== key.owner || id !== key.id) continue;
		need(key.verify(bytesOf(note.slice(0, at + 1)), sig.subarray(4)), "invalid signature");
		signed = true;
	}
	need(signed, "no signature of the key");
}
function parsePolicy(s) {
	const parts = new Map(), used = new Set(), logs = [];
	let quorum, unread = "";
	const once = (what) => need(!used.has(what) && used.add(what));
	const define = (id, satisfied) => {
		need(!parts.has(id) && !/^(none|any|all|log|witness|group|quorum)$/.test(id));
		parts.set(id, satisfied);
	};
	for (const line of utf8(s).split("\n")) {
		const [kind, ...rest] = line.split(/[ \t]+/).filter(Boolean), n = rest.length;
		need(!/[\0-\x08\x0b-\x1f\x7f]/.test(line));
		if (kind === undefined || kind.startsWith("#")) continue;
		if (kind === "log" && (n === 1 || n === 2)) {
			noteKey(rest[0]);
			logs.push(rest[0]);
			once("key " + hexOf(splitKey(rest[0]).key));
		} else if (kind === "witness" && (n === 2 || n === 3)) {
			const key = witnessKey(rest[1]);
			if (key.unread) unread = key.owner;
			once("key " + hexOf(splitKey(rest[1]).key));
			define(rest[0], (note) => holds(() => openNote(note, key)));
		} else if (kind === "group" && n >= 3) {
			const [id, count, ...names] = rest, children = names.map((name) => parts.get(name));
			const least = count === "any" ? 1 : count === "all" ? names.length : Number(count);
			need(/^(any|all|[0-9]+)$/.test(count) && least >= 1 && least <= names.length);
			need(children.every(Boolean));
			names.forEach((name) => once("member " + name));
			define(id, (note) => children.filter((satisfied) => satisfied(note)).length >= least);
		} else {
			need(kind === "quorum" && n === 1 && !quorum);
			need(rest[0] === "none" || parts.has(rest[0]));
			quorum = rest[0];
		}
	}
	need(quorum);
	return { logs, unread, satisfied: parts.get(quorum) };
}
// timeOf is the least time until which the cosignatures satisfy the policy, 0 for none.
function timeOf(note, policy) {
	const at = note.indexOf("\n\n") + 2, found = [];
	for (const line of note.slice(at).match(/[^\n]*\n|[^\n]+$/g) ?? []) {
		const words = line.split(SPACE).filter(Boolean);
		if (words.length !== 3 || found.length >= 100 || !holds(() => fromBase64(words[2]))) continue;
		const sig = fromBase64(words[2]), time = be(sig.subarray(4, 12));
		if (sig.length >= 76 && BigInt.asIntN(64, time) > 0n) found.push({ line, time });
	}
	found.sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
	let upTo = note.slice(0, at);
	for (const [i, { line, time }] of found.entries()) {
		upTo += line;
		if (found[i + 1]?.time !== time && policy.satisfied(upTo)) return time;
	}
	return 0n;
}

// ---- Addresses, of 4 or 16 bytes.
function parseAddress(s) {
	const four = (x) => {
		need(/^(0|[1-9][0-9]{0,2})(\.(0|[1-9][0-9]{0,2})){3}$/.test(x));
		return x.split(".").map((n) => (need(n < 256), Number(n)));
	};
	const groups = (x) => (x === "" ? [] : x.split(":").flatMap((g, i, all) => {
		if (i === all.length - 1 && g.includes(".")) return four(g);
		need(/^[0-9A-Fa-f]{1,4}$/.test(g));
		return [parseInt(g, 16) >> 8, parseInt(g, 16) & 255];
	}));
	if (!s.includes(":")) return Uint8Array.from(four(s));
	const [head, tail, more] = s.split("::"), a = groups(head), b = groups(tail ?? "");
	need(more === undefined && (tail === undefined ? a.length === 16
		: a.length + b.length <= 14 && !head.includes(".")));
	return Uint8Array.from([...a, ...new Array(16 - a.length - b.length).fill(0), ...b]);
}
function canonicalAddress(b) { // IPv4 in IPv6 is IPv4
	return /^(0{20}f{4}|0064ff9b0{16})/.test(hexOf(b)) ? b.subarray(12) : b;
}
function addressText(b) { // RFC 5952
	if (b.length === 4) return b.join(".");
	if (/^0{20}f{4}/.test(hexOf(b))) return "::ffff:" + b.slice(12).join(".");
	const s = cut(b, 2).map((g) => be(g).toString(16)).join(":"), zeros = s.match(/\b0(:0)+\b/g) ?? [];
	const run = zeros.reduce((a, b) => (b.length > a.length ? b : a), "");
	return run ? s.replace(new RegExp(`(^|:)${run}(:|$)`), "::") : s;
}
function address(s) {
	const b = s === "" ? null : parseAddress(s);
	need(!b || addressText(canonicalAddress(b)) === s);
	return b;
}
function network(s) {
	const [, base, size] = /^(.+)\/(0|[1-9][0-9]{0,2})$/.exec(s) ?? [];
	const b = base && parseAddress(base);
	need(b && size <= 8 * b.length);
	const shift = BigInt(8 * b.length - size), bits = be(b) >> shift;
	const holds = (a) => a.length === b.length && be(a) >> shift === bits;
	const order = [b.length + 10, hexOf(toBE(bits << shift, b.length)), size.padStart(3), hexOf(b)];
	return Object.assign(holds, { sorted: `${order.join()} ${addressText(b)}/${size}` });
}
const SPECIAL = ("0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 " +
	"192.0.0.0/24 192.0.2.0/24 192.88.99.2/32 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 " +
	"203.0.113.0/24 224.0.0.0/4 240.0.0.0/4 ::/127 64:ff9b:1::/48 100::/63 2001::/23 " +
	"2001:db8::/32 3fff::/20 5f00::/16 fc00::/7 fe80::/10 ff00::/8").split(" ").map(network);
const GLOBAL = ("192.0.0.9/32 192.0.0.10/32 2001:1::1/128 2001:1::2/128 2001:1::3/128 " +
	"2001:3::/32 2001:4:112::/48 2001:20::/28 2001:30::/28").split(" ").map(network);
const routable = (b) => !SPECIAL.some((net) => net(b)) || GLOBAL.some((net) => net(b));

// ---- Rows (doc/formats/row.md), and what they support under a rule (spec 4.1).
const SCHEMA = "tally-row/v1 day class grade perp victim perp_name victim_name perp_port " +
	"victim_port via site path host_id family rule feed indicator sensor flags first last records " +
	"by on by_as on_as by_places on_places";
const KEYS = SCHEMA.split(" ").slice(1);
const LARGEST = { perp_port: 65535n, victim_port: 65535n, flags: 2n ** 19n - 1n, // else a string
	first: 253402300799n, last: MOST, records: MOST, by_as: 2n ** 32n - 1n, on_as: 2n ** 32n - 1n };
const LINE = new RegExp("^{" + KEYS.map((k) =>
	`"${k}":` + (LARGEST[k] ? "(0|[1-9][0-9]*)" : '"([^"]*)"')).join(",") + "}$");
function parseRow(line) {
	const values = line.length <= 4096 && LINE.exec(line), row = {};
	need(values);
	KEYS.forEach((k, i) => {
		row[k] = LARGEST[k] ? BigInt(values[i + 1]) : unescape(values[i + 1]);
		need(!LARGEST[k] || row[k] <= LARGEST[k]);
	});
	for (const end of ["perp", "victim", "via"]) row[end] = address(row[end]);
	need(CLASSES.includes(row.class) && GRADES.includes(row.grade));
	need(row.day === dayText(Number(row.first / 86400n)));
	row.day = Number(row.first / 86400n);
	row.has = (flag) => ((row.flags >> BigInt(FLAGS.indexOf(flag))) & 1n) === 1n;
	return row;
}
const rowLeaf = (salt, line) => leafHash(join("tally-row/v1\0", salt, line));

function domainOf(name, listed) { // a name below the domain that it matched is that domain
	return /[^0-9]$/.test(listed) && name.endsWith("." + listed) ? listed : name;
}
function member(rule, row) {
	const short = (s) => join(u16(s.length), s), site = () => join([0x0d], short(row.site));
	const end = (which) => {
		const b = row[which], wide = rule.ipv6 === "64" ? join([7], b.subarray(0, 8)) : join([6], b);
		const plain = b.length === 4 ? join([4], b) : wide;
		const inside = row.has(which + "-internal") ? [[0x0e, row.sensor.length], row.sensor] : [];
		return join(...inside, plain);
	};
	const slot = u64(row.first - (row.first % 1800n)), { perp_name: name, path } = row;
	switch (rule.member) {
		case "perp": return row.perp && end("perp");
		case "victim": return row.victim && end("victim");
		case "name": return name && join([0x0d], short(domainOf(name, row.indicator)));
		case "site": return row.site && site();
		case "page": return name && path && join([0x0b], short(name), path);
		case "contact": return row.victim && name && join([0x0c], end("victim"), short(name), slot);
	}
	const known = row.perp && (row.site || row.victim); // attack
	return known && join([0x0a], end("perp"), row.site ? site() : end("victim"), slot);
}
function supports(rule, row) {
	need(rule.window.from <= row.day && row.day < rule.window.to, "another day");
	need(row.first <= row.last && row.last < start(row.day + 1), "times of two days");
	need(rule.class.includes(row.class) && rule.grade.includes(row.grade), "another class or grade");
	need(!rule.without.some(row.has), "a flag disqualifies it");
	const of = (k) => rule[k].length === 0 || rule[k].includes(row[k]), slot = rule.bucket || MOST;
	need(of("by") && of("on"), "it is of other countries");
	need(row.first / slot === row.last / slot, "times of two half-hours");
	const bytes = member(rule, row);
	need(bytes, "what is counted is not known");
	const end = { perp: "perp", attack: "perp", victim: "victim", contact: "victim" }[rule.member];
	need(!end || (!row.has(end + "-internal") && (row.has("synthetic") || routable(row[end]))),
		"no public address");
	need(!/[A-Z]/.test(row.perp_name + row.site) && row.sensor.length <= 255, "its names");
	return bytes;
}

// ---- Bound (spec 5), both sides multiplied by k!.
function falling(n, count) { // n * (n-1) * ..., count factors
	const half = count / 2n;
	return count < 2n ? n ** count : falling(n, half) * falling(n - half, count - half);
}
function mostBad(n, k, x, attempt) {
	if (k === n) return x;
	const all = falling(n, k), least = 20n << (attempt - 1n), choose = falling(k, x) / falling(x, x);
	const likely = (d) => {
		let term = choose * falling(d, x) * falling(n - d, k - x), ways = term;
		for (let i = x; i > 0n && term > 0n; i--) { // exact
			term = (term * i * (n - d - k + i)) / ((d - i + 1n) * (k - i + 1n));
			ways += term;
		}
		return least * ways > all;
	};
	let low = x, end = n - k + x;
	while (low < end) {
		const middle = (low + end + 1n) / 2n;
		if (likely(middle)) low = middle;
		else end = middle - 1n;
	}
	return low;
}
function level(attempt) {
	const [digits, power] = (0.05 * 2 ** -Number(attempt - 1n)).toExponential(2).split("e");
	if (power >= -4) return String(Number(digits + "e" + power));
	return `${Number(digits)}e-${power.slice(1).padStart(2, "0")}`;
}

// ---- Bundle (spec 9): the files of an uncompressed ustar archive.
const FILES = new RegExp("^(checkpoint|entries\\.log|(checkpoints|drand)/[1-9][0-9]{0,15}|" +
	"places/[0-9a-f]{64}|overlap/[0-9a-f]{64}/[pq]\\.(bin|dleq)|" +
	"figures/[A-Za-z0-9_+][A-Za-z0-9_+.-]{0,79}/" +
	"(tags\\.bin|openings-[1-9][0-9]{0,15}\\.(txt|dleq)))$");
function readArchive(data) {
	const files = new Map(), empty = (b) => b.length === 512 && b.every((x) => x === 0);
	for (let at = 0; at < data.length;) {
		const block = data.subarray(at, at + 512), next = data.subarray(at + 512, at + 1024);
		need(block.length === 512);
		if (empty(block)) {
			need(next.length === 0 || empty(next));
			break;
		}
		const { name, size } = readHeader(textOf(block)), from = at + 512;
		need(FILES.test(name) && !files.has(name), "a file not of a bundle");
		need(size <= data.length - from, `file ${name} is cut off`);
		files.set(name, data.subarray(from, from + size));
		at = from + Math.ceil(size / 512) * 512;
	}
	return files;
}
const NUMBERS = [[100, 8], [108, 8], [116, 8], [124, 12], [136, 12], [329, 8], [337, 8]];
function readHeader(block) {
	const string = (from, size) => block.substr(from, size).split("\0")[0];
	const octal = ([from, size]) => {
		const digits = block.substr(from, size).replace(/^[ \0]+|[ \0]+$/g, "").split("\0")[0];
		need(/^[0-7]*$/.test(digits));
		return parseInt(digits || "0", 8);
	};
	const summed = bytesOf(block.slice(0, 148) + " ".repeat(8) + block.slice(156));
	need(octal([148, 8]) === summed.reduce((n, x) => n + x) && /^[\0-\x7f]*$/.test(block));
	need(block.substr(257, 6) === "ustar\0" && block.slice(508) !== "tar\0");
	need(/[0\0]/.test(block[156]));
	need(NUMBERS.every(([from, size]) => block[from + size - 1] === "\0"));
	NUMBERS.forEach(octal);
	const folder = string(345, 155);
	return { name: (folder && folder + "/") + string(0, 100), size: octal([124, 12]) };
}
function fileOf(l, name) {
	need(l.files.has(name), name + " is not there");
	return l.files.get(name);
}

// ---- Ledger (spec 3).
function crc32(data) {
	let c = -1;
	for (const x of data) {
		c ^= x;
		for (let i = 0; i < 8; i++) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1;
	}
	return BigInt(~c >>> 0);
}
const MANY = 10000;
function readLedger(files) {
	const l = { files, size: 0, tree: new Tree(), origin: "", heads: [], figures: [], editions: [],
		offers: [], blocks: 0 };
	for (const k of ["rules", "keys", "batches", "superseded", "words", "addresses", "sensors",
		"challenges", "audits"]) l[k] = new Map();
	for (let log = fileOf(l, "entries.log"); log.length > 0; l.size++) {
		const n = Number(be(log.subarray(0, 4))), entry = log.subarray(8, 8 + n);
		need(n > 0 && n <= 65535 && n === entry.length && l.size < 2 ** 22);
		need(crc32(entry) === be(log.subarray(4, 8)), "another CRC");
		if (!holds(() => takeEntry(l, textOf(entry)))) need(false, `entry ${l.size} is malformed`);
		l.tree.append(leafHash(entry));
		log = log.subarray(8 + n);
	}
	readHeads(l);
	const { figures } = l, attempts = new Map(), ids = new Set(figures.map((f) => f.id));
	const lists = [figures, l.offers, ...l.challenges.values(), ...l.sensors.values()];
	const few = ({ size, length = size }) => length <= MANY;
	need([l.rules, l.keys, l.sensors, ...lists].every(few), "too many objects");
	need(ids.size === figures.length, "two statements have one id");
	for (const f of figures) listed(attempts, scope(f)).push(f);
	for (const f of figures) f.same = attempts.get(scope(f));
	return l;
}
function listed(map, key) {
	if (!map.has(key)) map.set(key, []);
	return map.get(key);
}
const where = (o) => `${o.by} ${o.on}`;
const scope = (o) => `${o.measure} ${where(o)} ${o.window.from} ${o.window.to}`;
function takeEntry(l, s) {
	const o = object(s), index = BigInt(l.size), as = (x) => ({ ...x, index, digest: digest(s) });
	const first = (map, key, value = index) => map.has(key) || map.set(key, value);
	const exclude = (value) => { // an address in whatever spelling
		first(l.words, value);
		const a = value.replace(/(:.*)%.+$/, "$1"); // without zone
		holds(() => first(l.addresses, addressText(canonicalAddress(parseAddress(a)))));
	};
	const parsed = {
		rule: () => l.rules.set(index, parseRule(s)),
		key: () => l.keys.set(index, parseKey(s)),
		figure: () => l.figures.push(as(parseStatement(s))),
		challenge() {
			const c = as(parseChallenge(s));
			listed(l.challenges, c.figure).push(c);
		},
		audit() {
			const a = as(parseAudit(s));
			first(l.audits, `${a.figure} ${a.round}`, a);
		},
		batch() {
			l.batches.set(index, o.all("segment"));
			if (o.get("supersedes") === "") return;
			const old = number(o.get("supersedes"));
			need(old < index);
			first(l.superseded, old);
		},
		exclude: () => exclude(unescape(o.get("value"))),
		canary() {
			if (o.fields.length > 1) parseReveal(s).value.forEach(exclude);
			else objectAs(s, "canary", COMMITMENT);
		},
		overlap() {
			if (o.fields[0]?.[0] === "offer") objectAs(s, "overlap", PLEDGE);
			else l.offers.push(parseOffer(s));
		},
		place: () => l.editions.push({ index, name: unescape(o.get("source")),
			day: day(o.get("day")), digest: hash(o.get("sha256")) }),
		sensor() {
			const asPublic = o.all("treat-as-public").map(network);
			need((l.blocks += asPublic.length) <= 4096);
			listed(l.sensors, unescape(o.get("name"))).push({ index, country: o.get("country"),
				asPublic });
		},
	};
	const type = /^tally-(\w+)\/v1$/.exec(o.type)?.[1];
	if (Object.hasOwn(parsed, type)) parsed[type]();
	else need(["report", "expire", "peer"].includes(type));
}
function readHead(l, file) {
	const note = textOf(fileOf(l, file)), at = note.indexOf("\n\n");
	const [origin, digits, root, ...more] = note.slice(0, Math.max(at, 0)).split("\n");
	need(at >= 0 && origin && root && more.length === 0 && note.length <= 65536);
	const size = number(digits), bytes = fromBase64(root);
	need(bytes.length === 32 && btoa(textOf(bytes)) === root);
	need(origin === (l.origin ||= origin), "checkpoints of two ledgers");
	need(size <= l.size && l.tree.root(Number(size)) === hexOf(bytes), "a root that is not theirs");
	return { note, size, time: 0n, since: 0n };
}
function readHeads(l) {
	for (const file of l.files.keys()) {
		if (!file.startsWith("checkpoints/")) continue;
		l.heads.push(readHead(l, file));
		need(file === "checkpoints/" + l.heads.at(-1).size, file + " is of another size");
	}
	const last = readHead(l, "checkpoint");
	need(last.size === BigInt(l.size), "entries without checkpoint");
	if (!l.heads.some((h) => h.size === last.size)) l.heads.push(last);
	l.heads.sort((a, b) => Number(a.size - b.size));
}
function dated(l, i) { // when entry i existed, 0 where nobody says
	return l.heads.find((h) => h.size > i)?.since ?? 0n;
}
const larger = (a, b) => (a > b ? a : b);
const smaller = (a, b) => (a < b ? a : b);

// ---- Checks. A result has lines { figure, what, status, found }, and sentences.
const TRUE = "true", FALSE = "FALSE", MALFORMED = "MALFORMED", UNCHECKED = "NOT CHECKED";
function settled(say, what, found, f) {
	const e = refusal(f);
	say(what, e ? FALSE : TRUE, e ? e.message : found);
	return !e;
}
const pause = () => new Promise((resolve) => setTimeout(resolve));

// check takes key and policy as texts, "" for none; told hears how far it is.
async function check(data, key, policy, told = () => {}) {
	const r = { lines: [], sentences: [], told };
	r.say = (figure) => (what, status, found) => { r.lines.push({ figure, what, status, found }); };
	const trust = policy.trim() && parsePolicy(policy), say = r.say("");
	let what = "the bundle is well formed", l;
	const malformed = refusal(() => {
		const files = readArchive(data);
		what = "the ledger in the bundle is well formed";
		l = readLedger(files);
	});
	if (malformed) {
		say(what, MALFORMED, malformed.message);
		return r;
	}
	const named = trust.logs?.length === 1 ? trust.logs[0] : "";
	checkSignatures(say, l, utf8(key.trim()) || named);
	checkTimes(say, l, trust);
	checkKeys(say, l);
	const here = (f) => f.mode === "root" || l.files.has(`figures/${f.id}/tags.bin`);
	for (const f of l.figures.filter(here)) await checkFigure(r, l, f);
	const others = l.figures.filter((f) => !here(f)).map((f) => f.id);
	if (others.length === l.figures.length) say("figures", MALFORMED, "none is in the bundle");
	else if (others.length > 0) {
		what = `${others.length} statements of the ledger are of other bundles: `;
		say(what + "they count as attempts only", TRUE, others.join(" ").slice(0, 500));
	}
	for (const o of l.offers) for (const [own, other] of ["pq", "qp"]) { // overlaps (spec 6)
		const f = l.figures.find((f) => f.digest === o["figure-" + own]);
		if (o["origin-" + own] !== l.origin || !f || !here(f)) continue;
		const [id, name] = [o.session.slice(0, 16), o["origin-" + other].slice(0, 60)];
		r.say(f.id)(`overlap ${id} with ${name}: its bundle`, UNCHECKED, "it is not read here");
	}
	return r;
}
function exitCode(r) {
	const any = (...list) => r.lines.some((l) => list.includes(l.status));
	return any(FALSE) ? 1 : any(MALFORMED, UNCHECKED) ? 2 : 0;
}
function checkSignatures(say, l, key) {
	const what = `all ${l.heads.length} checkpoints are signed by the ledger's key, of states that ` +
		`the ${l.size} entries went through`;
	if (key === "") return say(what, UNCHECKED, "no key");
	if (!holds(() => noteKey(key))) return say(what, MALFORMED, "key");
	settled(say, what, key, () => {
		const verifier = noteKey(key);
		need(verifier.owner === l.origin, "the key is of another ledger");
		l.heads.forEach((h) => openNote(h.note, verifier));
	});
}
function checkTimes(say, l, policy) {
	const what = "witnesses of your policy saw the checkpoints";
	const reason = !policy ? "no policy"
		: !policy.satisfied ? "the policy asks for no witness"
		: policy.unread && `ML-DSA is not read: ${policy.unread}`;
	if (reason) return say(what, UNCHECKED, reason);
	let since = 0n;
	for (const h of l.heads.slice().reverse()) {
		h.time = timeOf(h.note, policy);
		if (h.time > 0n && (since === 0n || h.time < since)) since = h.time;
		h.since = since;
	}
	const count = l.heads.filter((h) => h.time > 0n).length;
	say(what, count > 0 ? TRUE : UNCHECKED, `${count} of ${l.heads.length}`);
}
function checkKeys(say, l) {
	const what = `who logged a key of tags here knows its secret (keys: ${l.keys.size})`;
	const different = new Set(Array.from(l.keys.values(), (k) => hexOf(k.K)));
	if (l.keys.size > 0) settled(say, what, "", () => l.keys.forEach((k, i) => {
		checkKey(k);
		need(k.origin === l.origin && different.size === l.keys.size, `entry ${i}: another's key`);
	}));
}

// ---- One figure (spec 4.3, 5).
async function checkFigure(r, l, f) {
	const say = r.say(f.id), rule = l.rules.get(f.rule), key = l.keys.get(f.key);
	const what = "the statement agrees with its rule, its key and the ledger";
	if (!settled(say, what, `N = ${f.N}`, () => checkStatement(l, f, rule, key))) return;
	const late = lateness(say, l, f);
	if (f.mode === "list") await checkTags(r, say, l, f);
	let best = null;
	for (const round of roundsOf(l, f)) {
		const outcome = await checkAudit(say, l, f, rule, round);
		if (outcome && (!best || outcome.bad < best.bad)) best = outcome;
	}
	r.sentences.push(sentence(l, f, rule, late, best));
}
function lateness(say, l, f) { // in seconds, if it is known
	const what = "when the rule was logged", at = dated(l, f.rule), w = f.window;
	if (at === 0n) return say(what, UNCHECKED, "no date");
	const late = larger(0n, at - start(w.from)), rule = l.rules.get(f.rule);
	const alike = (o) => o.measure === rule.measure ||
		(o.member === rule.member && o.class.some((c) => rule.class.includes(c)));
	const rivals = [...l.rules].filter(([i, o]) => i !== f.rule && alike(o) &&
		where(o) === where(f) && o.window.from < w.to && w.from < o.window.to);
	const when = late > 0n ? `LATE by ${late} seconds (${late / 86400n} days)` : "ON TIME";
	say(what, TRUE, `${when}; other rules for the like on days of this window: ${rivals.length}`);
	return late;
}
function checkStatement(l, f, rule, key) {
	const size = f["evidence-size"], attempt = f.same.indexOf(f) + 1;
	need(rule && key, "it names no rule or no key");
	need(scope(f) === scope(rule) && f.unit === rule.unit, "its rule says another thing");
	need(size <= f.index, "it counts later entries");
	need(l.tree.root(Number(size)) === f["evidence-root"], "it counts another ledger");
	need(key.report === f.report, "its key is of another report");
	need(f.attempt === BigInt(attempt), `it says attempt ${f.attempt}, the ledger holds ${attempt}`);
}
async function checkTags(r, say, l, f) {
	const tags = l.files.get(`figures/${f.id}/tags.bin`), list = cut(tags, 32);
	const whole = BigInt(tags.length) === 32n * f.N && digest(tags) === f["tags-sha256"];
	let bad = whole ? "" : "another tags.bin";
	for (let i = 0; i < list.length && !bad; i++) {
		if (i % 1000 === 999) {
			r.told(`${f.id}: ${i} of ${f.N} tags`);
			await pause();
		}
		if (!holds(() => point(list[i]))) bad = `tag ${i} is not a point`;
		if (i > 0 && compare(list[i - 1], list[i]) >= 0) bad = `tag ${i} is not in order`;
	}
	settled(say, `the tags are published, N = ${f.N}, none twice`, "", () => {
		need(!bad, bad);
		need(trieRoot(tags) === f.root, "tags.bin is not under the root");
	});
}

const roundTime = (round) => 1692803367n + 3n * (round - 1n);
const inTime = (l, i, round) => dated(l, i) > 0n && dated(l, i) <= roundTime(round) - 3600n;

// ownRounds are the statement's round and those that challenges add, whatever the policy.
function ownRounds(l, f) {
	if (f.rounds) return f.rounds;
	const friends = l.rules.get(f.rule)?.challenger ?? [], rounds = new Map();
	const fresh = (number, k) => ({ number, k, challenges: [] });
	const own = fresh(f["audit-round"], f["audit-k"]);
	let left = f.budget - smaller(own.k, f.N), kept = friends.length > 0 ? f.budget / 2n : 0n;
	rounds.set(own.number, own);
	for (const c of l.challenges.get(f.digest) ?? []) {
		const answer = l.audits.get(`${f.digest} ${c.round}`);
		const counts = c.round >= own.number && (!answer || c.index < answer.index);
		if (!counts || !holds(() => checkChallenge(c))) continue;
		const d = rounds.get(c.round) ?? fresh(c.round, 0n);
		if (rounds.size === 100 && !rounds.has(c.round)) continue;
		if (d !== own) {
			const more = larger(smaller(smaller(c.k, AUDITED), f.N), d.k) - d.k;
			const named = friends.includes(c.challenger);
			if (more > (named ? left : left - smaller(left, kept))) continue;
			left -= more;
			if (named) kept -= smaller(more, kept);
			d.k += more;
			rounds.set(d.number, d);
		}
		d.challenges.push(c);
	}
	return f.rounds = [...rounds.values()].sort((a, b) => (a.number < b.number ? -1 : 1));
}
function roundsOf(l, f) { // each with the number of its attempt
	const before = f.same.slice(0, f.same.indexOf(f)).flatMap((g) => ownRounds(l, g));
	return ownRounds(l, f).map((d, i) => ({ ...d, attempt: BigInt(1 + before.length + i) }));
}

class Unanswered extends Refused {} // the round cannot be judged from this bundle
async function checkAudit(say, l, f, rule, round) {
	const k = smaller(round.k, f.N), { number, attempt, challenges } = round;
	const what =
		`audit of round ${number}: of N = ${f.N}, a public beacon draws ${k}, and they are opened`;
	if (k === 0n) {
		say(what, TRUE, "there is none to open");
		return { bad: 0n, opened: 0n, attempt };
	}
	if (!inTime(l, f.index, number)) return say(what, UNCHECKED, "no date an hour before it");
	const seen = {}; // tables, beacon
	let count;
	try {
		count = await countBad(l, f, rule, round, k, seen);
	} catch (e) {
		if (!(e instanceof Refused)) throw e;
		if (e instanceof Unanswered) return say(what, UNCHECKED, e.message);
		count = { bad: k, why: e.message };
	}
	const { bad, why } = count;
	if (bad > 0n) say(what, FALSE, `${bad} of ${k} could not be shown: ${why}`);
	else say(what, TRUE, `all ${k}; attempt ${attempt}, ${challenges.length} challenges`);
	const looked = `countries of the rows opened in round ${number}, looked up again`;
	if (seen.tables) say(looked, UNCHECKED, "tables are not read");
	if (seen.beacon) {
		say(`drand/${number} is the public beacon's signature`, UNCHECKED, "BLS is not read: compare " +
			"it with a relay of drand. If it is another, nothing said of this audit holds");
	}
	return { bad: mostBad(f.N, k, bad, attempt), opened: k, attempt, ...seen };
}
// countBad counts what is not shown. What it throws is said of all.
async function countBad(l, f, rule, round, k, seen) {
	const answer = answerTo(l, f, round.number), base = `figures/${f.id}/openings-${round.number}`;
	const last = round.challenges.at(-1);
	need(!last || dated(l, last.index) <= roundTime(round.number) - 300n,
		"a challenge that may be made for what it draws");
	const drand = "drand/" + round.number, names = [base + ".txt", base + ".dleq", drand];
	if (!names.every((name) => l.files.has(name))) throw new Unanswered("the answer is elsewhere");
	const [file, proof, line] = names.map((name) => l.files.get(name));
	need(digest(join(file, proof)) === answer.openings, "other openings than the ledger's");
	const signature = /^([0-9a-f]{96})\n$/.exec(textOf(line))?.[1];
	need(signature, drand + " is not a signature");
	seen.beacon = true;
	const randomness = sha256(fromHex(signature)), list = parseOpenings(textOf(file));
	const seed = seedOf(f.digest, round.number, round.challenges.map((c) => c.digest), randomness);
	const opened = list.filter((o) => o.refused === undefined), asked = [];
	for (const o of opened) {
		asked.push(encode(hashToGroup(o.member)));
		if (asked.length % 50 === 0) await pause();
	}
	const context = `figure ${f.digest}\nseed ${hexOf(seed)}\norigin ${l.origin}\n`;
	checkProof("audit", context, l.keys.get(f.key).K, asked, opened.map((o) => o.tag), proof);
	const positions = draw(seed, f.N, k), reasons = [];
	need(list.length === positions.length, `${positions.length} drawn, ${list.length} answered`);
	list.forEach((o, i) => {
		const e = refusal(() => checkOpening(l, f, rule, o, positions[i], round.number, seen));
		if (e) reasons.push(`position ${positions[i]}: ${e.message}`);
	});
	return { bad: BigInt(reasons.length), why: reasons[0] };
}
function answerTo(l, f, number) {
	const answer = l.audits.get(`${f.digest} ${number}`), at = answer ? dated(l, answer.index) : 0n;
	const deadline = roundTime(number) + f["audit-deadline"];
	need(at <= deadline, "answered behind the deadline");
	if (at > 0n) return answer;
	need(l.heads.every((h) => h.time <= deadline), "no answer within the deadline");
	throw new Unanswered(`no dated answer yet: due by Unix time ${deadline}`);
}
function seedOf(figure, round, challenges, randomness) {
	return sha256(join("tally-seed/v1\0", fromHex(figure), u64(round), u64(challenges.length),
		...challenges.map(fromHex), randomness));
}
function draw(seed, n, k) {
	if (k >= n) return Array.from({ length: Number(n) }, (_, i) => BigInt(i));
	const drawn = new Set(), end = 2n ** 64n - (2n ** 64n % n); // a set keeps the order
	for (let i = 0n; drawn.size < k; i++) {
		const v = be(hmac(seed, join("tally-index/v1\0", u64(i))).subarray(0, 8));
		if (v < end) drawn.add(v % n);
	}
	return [...drawn];
}
function parseOpenings(s) {
	const lines = s.split("\n");
	need(lines.pop() === "" && lines.length <= MANY);
	return lines.map(parseOpening);
}
function parseOpening(line) {
	need(line.length <= 174078);
	const [, at, refused] = /^refused ([^ ]*) (.+)$/s.exec(line) ?? [];
	if (refused) return { position: number(at), refused: unescape(refused) };
	const words = line.split(" ");
	need(words.length === 11 && words[0] === "open");
	const [position, entry, row] = [1, 5, 7].map((i) => number(words[i]));
	const [bytes, tag, path, manifest, text, salt, rowPath] =
		[2, 3, 4, 6, 8, 9, 10].map((i) => hex(words[i]));
	need(tag.length === 32 && salt.length === 16 && path.length % 40 + rowPath.length % 32 === 0 &&
		path.length <= 40 * 256 && rowPath.length <= 32 * 64);
	return { position, member: bytes, tag, path: siblings(path), entry, row, salt,
		manifest: textOf(manifest), line: textOf(text), rowPath: cut(rowPath, 32) };
}
// checkOpening fails unless an opening is GOOD (numbers: spec 5).
function checkOpening(l, f, rule, o, position, round, seen) {
	need(o.position === position, `position ${o.position} is opened in its stead`);
	const { row, manifest } = checkShown(f, rule, o); // 1 to 3
	const below = (i) => i !== undefined && i < f["evidence-size"];
	const ends = ["perp", "victim"].filter((end) => row[end]);
	const words = [row.indicator, row.perp_name].filter(Boolean); // 4
	const texts = ends.map((end) => addressText(row[end]));
	need(!words.some((w) => below(l.words.get(w))) && !texts.some((a) => below(l.addresses.get(a))),
		"the ledger excludes it");
	need(below(o.entry) && l.batches.get(o.entry)?.includes(digest(o.manifest)), // 5
		`entry ${o.entry} commits to no such rows`);
	need(!below(l.superseded.get(o.entry)), "a superseded batch");
	const at = dated(l, o.entry), sealed = start(row.day + 1) + rule.seal; // 6
	need(at > 0n && at >= row.last - 300n && at <= sealed, "its batch is dated otherwise");
	need(inTime(l, o.entry, round), "its batch is dated too late");
	const sensors = l.sensors.get(row.sensor) ?? [];
	checkDeclared(row, ends, sensors.filter((s) => below(s.index))); // 8
	need(manifest.place.length > 0, "its rows name no table of places"); // 7
	const tables = manifest.place.filter((p) => p.name === manifest.place[0].name);
	for (const p of tables) {
		const inIt = (e) => e.digest === p.digest && e.name === p.name && e.day === p.day &&
			below(e.index) && dated(l, e.index) > 0n && dated(l, e.index) <= sealed;
		need(l.editions.some(inIt), "its table was logged too late");
		seen.tables = true;
	}
	for (const p of tables) { // where they are there
		const table = l.files.get("places/" + p.digest);
		if (!table) break;
		need(digest(table) === p.digest, "its table is another");
	}
}
function checkShown(f, rule, o) {
	need(o.refused === undefined, "its opening was refused");
	const at = triePosition(f.root, Number(f.N), o.tag, o.path), source = rule["place-source"];
	need(BigInt(at) === o.position, `its tag stands at ${at}`);
	const manifest = parseManifest(o.manifest), leaf = rowLeaf(o.salt, o.line);
	need(manifest.schema === digest(SCHEMA), "its rows are of another schema");
	checkRowPath(manifest["row-root"], manifest.rows, o.row, leaf, o.rowPath);
	const row = parseRow(o.line);
	need(source === "" || manifest.place[0]?.name === source, `not placed by ${source} first`);
	need(same(supports(rule, row), o.member), "its row supports another member");
	return { row, manifest };
}
// What a row says of its own sensor, that sensor must have declared.
function checkDeclared(row, ends, declared) {
	const inCountry = (c) => declared.some((d) => d.country === c);
	const own = row.has("victim-internal") || row.has("declared");
	need(!own || inCountry(row.on), "not declared: on");
	need(!row.has("perp-internal") || row.by === "" || inCountry(row.by), "not declared: by");
	const internal = (b) => ends.some((end) => row.has(end + "-internal") && same(row[end], b));
	const known = (b) => routable(b) || internal(b) ||
		declared.some((d) => d.asPublic.some((net) => net(b)));
	need(!row.has("synthetic") || ends.every((end) => known(row[end])), "an address is not public");
}
// The measures of doc/measures.md: name, class, grades, member, flags that it leaves out.
const SOURCE = "scanner egress unverified vetoed", PAGE = "sinkhole scanner parked egress vetoed";
const SERVER = PAGE + " shared";
const MEASURES = `control.servers control established perp resolver ${SERVER}
control.hosts control established victim resolver ${SERVER}
infected.addresses control any victim resolver vetoed
control.names control any name vetoed
backdoor.sources backdoor established perp ${SOURCE}
backdoor.sites backdoor established site ${SOURCE}
backdoor.attacks backdoor established attack ${SOURCE}
phishing.hosts phishing established perp ${SERVER}
phishing.pages phishing established page ${PAGE}
phishing.contacts phishing established contact ${PAGE}
attempt.sources attempt any perp ${SOURCE}
attempt.targets attempt any victim ${SOURCE}
attempt.attacks attempt any attack ${SOURCE}
spyware.devices spyware any victim resolver vetoed
spyware.servers spyware established perp ${SERVER}
exfiltration.candidates exfiltration established victim vetoed`.split("\n");

// subject says what a rule counts: the name of a measure only where it means that.
function subject(rule) {
	const grades = rule.grade.length === GRADES.length ? "any" : rule.grade.join(" or ");
	const own = [rule.measure, rule.class, grades, rule.member].join(" ") + " ", { without } = rule;
	const means = (line) => line.startsWith(own) &&
		line.slice(own.length).split(" ").every((flag) => without.includes(flag));
	if (MEASURES.some(means)) return rule.measure;
	const end = { perp: ", the perpetrators", victim: ", the victims" }[rule.member] ?? "";
	return rule.class.join(" or ") + ", " + rule.grade.join(" or ") + end +
		(without.length > 0 ? ", without " + without.join(", ") : "");
}
// madeUp names the reserved addresses that are public by declaration, where a rule counts them.
function madeUp(l, f, rule) {
	const declared = [...l.sensors.values()].flat().filter((s) => s.index < f["evidence-size"]);
	const nets = new Set(declared.flatMap((s) => s.asPublic).map((n) => n.sorted));
	const list = [...nets].sort().map((n) => n.split(" ").at(-1));
	if (rule.without.includes("synthetic") || list.length === 0) return "";
	return `; SYNTHETIC: addresses of ${list.slice(0, 5).join(", ")}` +
		`${list.length > 5 ? " and others" : ""} count as public, though they are nobody's`;
}
// sentence composes what the checks support, from fields that were checked.
const BEACON = " The draw is not checked here: see drand above.";
function sentence(l, f, rule, late, o) {
	const unit = f.unit === "ip-address" ? "IP addresses" : f.unit + "s", { from, to } = f.window;
	const places = (list) => list.join("+") || "any country", wide = rule.ipv6 === "64";
	return `${subject(rule)}: ${f.N} ${unit}${wide ? " (IPv6 by /64)" : ""}, by ${places(f.by)}, ` +
		`on ${places(f.on)}, ${dayText(from)} to ${dayText(to - 1)}; ` +
		(o ? `at least ${f.N - o.bad} of them shown, at the level 1 - ${level(o.attempt)}, by ` +
			`opening ${o.opened} (attempt ${o.attempt}) of rows committed at most ${rule.seal} ` +
			"seconds after their day"
			: "not audited: nothing bounds how many of them are invented") +
		(late === undefined ? "; when the rule was made is not known"
			: late > 0n ? `; the rule was logged LATE, ${late} seconds after the window opened`
			: "; the rule was logged before the window opened") +
		madeUp(l, f, rule) + ". It may be too low: nothing here checks that." + (o?.beacon ? BEACON : "");
}

// ---- In Node, and in a browser.
function print(r, write) {
	const shown = (s) => write(s.replace(/[^ -~]/g, "?"));
	for (const { figure, what, status, found } of r.lines) {
		shown(status.padEnd(13) + (figure && figure + ": ") + what);
		if (found) shown(" ".repeat(13) + found);
	}
	r.sentences.forEach(shown);
	write("What each line proves and what not: doc/proof/what-it-proves.md");
}
async function main(args) {
	const fs = require("node:fs"), given = { "--key": "", "--policy": "" };
	while (args.length > 1 && args[0] in given) given[args[0]] = args.splice(0, 2)[1];
	need(args.length === 1, "usage: node verify.js [--key VKEY] [--policy FILE] BUNDLE");
	const policy = given["--policy"] && fs.readFileSync(given["--policy"], "utf8");
	const r = await check(new Uint8Array(fs.readFileSync(args[0])), given["--key"], policy);
	print(r, console.log);
	return exitCode(r);
}
function panel(place) {
	const make = (tag, label, properties = {}) => {
		const e = Object.assign(document.createElement(tag), properties);
		const around = document.createElement(label ? "label" : "div");
		around.append(label, e);
		place.append(around);
		return e;
	};
	const file = make("input", "Bundle ", { type: "file" }), key = make("input", "Key of the ledger ");
	const policy = make("textarea", "Policy of witnesses ", { rows: 3 });
	const button = make("button", "", { type: "button", textContent: "Check" });
	const state = make("p", ""), out = make("pre", "");
	button.addEventListener("click", async () => {
		button.disabled = true;
		out.textContent = "";
		try {
			need(file.files.length === 1, "Choose a bundle.");
			const data = new Uint8Array(await file.files[0].arrayBuffer());
			const r = await check(data, key.value, policy.value, (s) => { state.textContent = s; });
			print(r, (line) => out.append(line + "\n"));
			state.textContent = ["All is true.", "Not all is true.", "Not all was checked."][exitCode(r)];
		} catch (e) {
			state.textContent = e.message;
		}
		button.disabled = false;
	});
}

if (typeof document !== "undefined") {
	const place = document.getElementById("check-report");
	if (place) panel(place);
} else if (typeof require !== "undefined" && require.main === module) {
	main(process.argv.slice(2)).then((code) => { process.exitCode = code; }, (e) => {
		console.error("verify.js: " + e.message);
		process.exitCode = 2;
	});
}
