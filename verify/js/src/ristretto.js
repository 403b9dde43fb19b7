// ---- ristretto255 (RFC 9496, 4.3) and hashing to it (RFC 9497, RFC 9380).
const SQRT_AD_MINUS_ONE = -rootOfRatio(-1n - D, 1n)[1];
const INVSQRT_A_MINUS_D = rootOfRatio(1n, -1n - D)[1];

function point(b) { // of 32 bytes: canonical, and never the identity (spec 0)
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
function hashToGroup(m) { // spec 0
	const b = expand(m, "HashToGroup-OPRFV1-\x01-ristretto255-SHA512");
	return add(mapToGroup(b.subarray(0, 32)), mapToGroup(b.subarray(32)));
}
