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
const networks = (s) => s.split(" ").map(network);
const SPECIAL = networks("0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 " +
	"172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 192.88.99.2/32 192.168.0.0/16 198.18.0.0/15 " +
	"198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4 ::/127 64:ff9b:1::/48 100::/63 " +
	"2001::/23 2001:db8::/32 3fff::/20 5f00::/16 fc00::/7 fe80::/10 ff00::/8");
const GLOBAL = networks("192.0.0.9/32 192.0.0.10/32 2001:1::1/128 2001:1::2/128 2001:1::3/128 " +
	"2001:3::/32 2001:4:112::/48 2001:20::/28 2001:30::/28");
const routable = (b) => !SPECIAL.some((net) => net(b)) || GLOBAL.some((net) => net(b));
