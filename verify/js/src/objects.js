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
const escaped = (s) => s.replace(/[^ !#$&-[\]-~]/g, (c) =>
	"%" + c.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0"));
const text = (s) => unescape(raw(s));
const hex = (s) => fromHex(raw(like(/^(-|([0-9a-f]{2})+)$/)(s)));
function day(s) {
	const d = /^[0-9]{4}(-[0-9]{2}){2}$/.test(s) ? Date.parse(s) / 86400000 : NaN;
	need(!isNaN(d) && dayText(d) === s);
	return d;
}
const dayText = (d) => new Date(d * 86400000).toISOString().slice(0, 10);
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
