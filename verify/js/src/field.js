// ---- The field of p = 2^255 - 19. Values may be negative.
const P = 2n ** 255n - 19n;
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

function rootOfRatio(u, v) { // SQRT_RATIO_M1 of RFC 9496, 4.2
	const v3 = mul(mul(v, v), v), v7 = mul(mul(v3, v3), v);
	const r = mul(mul(u, v3), power252(mul(u, v7))), back = mul(v, mul(r, r));
	const flipped = equal(back, -u), twisted = equal(back, mul(-u, SQRT_M1));
	return [flipped || equal(back, u), absolute(flipped || twisted ? mul(r, SQRT_M1) : r)];
}
