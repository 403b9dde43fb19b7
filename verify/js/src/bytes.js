// ---- Bytes and numbers. Foreign text is a "binary string", a character a byte.
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
const larger = (a, b) => (a > b ? a : b);
const smaller = (a, b) => (a < b ? a : b);
