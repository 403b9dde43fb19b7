// ---- The sentence.
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
	const declared = l.nets.filter((n) => n.index < f["evidence-size"]);
	const nets = new Set(declared.map((n) => n.sorted));
	const list = [...nets].sort().map((n) => n.split(" ").at(-1));
	if (rule.without.includes("synthetic") || list.length === 0) return "";
	return `; SYNTHETIC: addresses of ${list.slice(0, 5).join(", ")}` +
		`${list.length > 5 ? " and others" : ""} count as public, though they are nobody's`;
}
// span tells how long after their day rows may be committed.
const span = (s) => `${s} seconds` + (s > 604800n ? ` (${s / 86400n} days: LONG)` : "");

// sentence says what the checks support, from fields that were checked.
const BEACON = " The draw is not checked here: see drand above.";
function sentence(l, f, rule, late, o, rounds) {
	const [one, more] = f.unit === "ip-address" ? ["IP address", "es"] : [f.unit, "s"];
	const unit = f.N === 1n ? one : one + more, { from, to } = f.window;
	const places = (list) => list.join("+") || "any country", wide = rule.ipv6 === "64";
	return `${subject(rule)}: ${f.N} ${unit}${wide ? " (IPv6 by /64)" : ""}, by ${places(f.by)}, ` +
		`on ${places(f.on)}, ${dayText(from)} to ${dayText(to - 1)}; ` +
		(o ? bounded(f, rule, o, rounds) : "not audited: nothing bounds how many of them are invented") +
		(late === undefined ? "; when the rule was made is not known"
			: late > 0n ? `; the rule was logged LATE, ${late} seconds after the window opened`
			: "; the rule was logged before the window opened") +
		(f.same.at(-1) !== f ? "; the ledger states it again later" : "") +
		madeUp(l, f, rule) + ". It may be too low: nothing here checks that." + (o?.beacon ? BEACON : "");
}
function bounded(f, rule, o, { asked, judged, failed }) {
	return `at least ${f.N - o.bad} of them shown, at the level 1 - ${level(o.attempt)}, by ` +
		`opening ${o.opened} (attempt ${o.attempt}) of rows committed within ${span(rule.seal)} of ` +
		"their day" + (o.among > o.attempt ? `; at least ${f.N - o.most}, at the level 1 - ` +
			`${level(o.among)}, counted as attempt ${o.among} among figures of the like that share ` +
			"days and countries with it" : "") + (asked > 1 || failed > 0
			? `; audits asked: ${asked}, judged here: ${judged}, failed: ${failed}` : "") +
		(o.words > 0 ? `; ends of opened rows placed by the word of their own sensors: ${o.words}` : "");
}
