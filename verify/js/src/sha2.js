// ---- SHA-2 (FIPS 180-4), HMAC (RFC 2104). Constants: 64 bits of roots of the first primes.
const primes = [];
for (let n = 2; primes.length < 80; n++) if (primes.every((p) => n % p)) primes.push(n);
const low64 = (x) => BigInt.asUintN(64, x);
function rootFraction(prime, power) {
	let low = 0n, high = 1n << 70n;
	while (high - low > 1n) {
		const middle = (low + high) >> 1n;
		if (middle ** power <= BigInt(prime) << (64n * power)) low = middle;
		else high = middle;
	}
	return low64(low);
}
const K512 = primes.map((p) => rootFraction(p, 3n));
const H512 = BigUint64Array.from(primes.slice(0, 8), (p) => rootFraction(p, 2n));
const upper = (list) => Int32Array.from(list, (x) => Number(x >> 32n));
const K256 = upper(K512), H256 = upper(H512);

function hashBlocks(data, size, initial, compress) {
	if (typeof data === "string") data = bytesOf(data);
	const h = initial.slice(), rest = data.length % size, whole = data.length - rest;
	const blocks = new DataView(data.buffer, data.byteOffset);
	for (let at = 0; at < whole; at += size) compress(h, blocks, at);
	const tail = new Uint8Array(rest + 1 + size / 8 <= size ? size : 2 * size);
	tail.set(data.subarray(whole));
	tail[rest] = 0x80;
	const view = new DataView(tail.buffer), wide = size === 128;
	view.setBigUint64(tail.length - 8, 8n * BigInt(data.length));
	for (let at = 0; at < tail.length; at += size) compress(h, view, at);
	const out = new DataView(new ArrayBuffer(h.byteLength));
	for (let i = 0; i < 8; i++) wide ? out.setBigUint64(8 * i, h[i]) : out.setInt32(4 * i, h[i]);
	return new Uint8Array(out.buffer);
}
const W = new Int32Array(64);
const rotate = (x, n) => (x >>> n) | (x << (32 - n));
function compress256(s, view, at) {
	for (let i = 0; i < 16; i++) W[i] = view.getInt32(at + 4 * i);
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
	[a, b, c, d, e, f, g, h].forEach((x, i) => { s[i] += x; });
}
const rotate64 = (x, n) => (x >> n) | low64(x << (64n - n));
function compress512(s, view, at) {
	const w = Array.from({ length: 16 }, (_, i) => view.getBigUint64(at + 8 * i));
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
const digest = (data) => hexOf(sha256(data));
function hmac(key, message) {
	const pad = (x) => Uint8Array.from({ length: 64 }, (_, i) => (key[i] ?? 0) ^ x);
	return sha256(join(pad(0x5c), sha256(join(pad(0x36), message))));
}
