// ---- Rules (spec 4.1), and what they count of a row.
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
	need(r.bucket === (["contact", "attack"].includes(r.member) ? 1800n : 0n));
	need(r.class.length > 0 && r.grade.length > 0 && within(r.class, CLASSES) &&
		within(r.grade, GRADES) && within(r.without, FLAGS));
	const code = (c) => 26 * c.charCodeAt(0) + c.charCodeAt(1), bit = (n) => 1n << BigInt(n);
	const bits = (list, of) => list.reduce((all, x) => all | bit(of(x)), 0n);
	const any = (list) => (list.length === 0 ? -1n : bits(list, code));
	r.bits = [any(r.by), any(r.on), bits(r.class, (c) => CLASSES.indexOf(c)),
		bits(r.grade, (g) => GRADES.indexOf(g))];
	return r;
}
// Two rules meet if they may be tries at one figure (spec 5).
function meet(a, b) {
	const [by, on, classes, grades] = a.bits.map((bits, i) => (bits & b.bits[i]) !== 0n);
	return (a.measure === b.measure || (a.member === b.member && classes && grades)) && by && on &&
		a.window.from < b.window.to && b.window.from < a.window.to;
}

function domainOf(name, domain) { // a name below the domain that it matched is that domain
	return /[^0-9]$/.test(domain) && name.endsWith("." + domain) ? domain : name;
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
		case "perp": case "victim": return row[rule.member] && end(rule.member);
		case "name": return name && join([0x0d], short(domainOf(name, row.indicator)));
		case "site": return row.site && site();
		case "page": return name && path && join([0x0b], short(name), path);
		case "contact": return row.victim && name && join([0x0c], end("victim"), short(name), slot);
	}
	const known = row.perp && (row.site || row.victim); // attack
	return known && join([0x0a], end("perp"), row.site ? site() : end("victim"), slot);
}
const HOST = /^[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*$/;
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
	const named = (s) => s === "" || (HOST.test(s) && s.length <= 253);
	need(named(row.perp_name) && named(row.site) && row.sensor.length <= 255, "its names");
	return bytes;
}
