// ---- The curve edwards25519 in extended coordinates [X, Y, Z, T] (RFC 8032, 5.1.4).
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;
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
// combine sums scalars[i]*points[i] (Pippenger: a bucket a digit).
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
