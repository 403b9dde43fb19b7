// ---- Policies of witnesses (C2SP tlog-policy), and when they saw a note.
const sorted = (times) => times.filter((t) => t > 0n).sort((a, b) => Number(a - b));
function parsePolicy(s) {
	const parts = new Map(), used = new Set(), logs = [];
	let quorum, unread = "";
	const once = (what) => need(!used.has(what) && used.add(what));
	const onceKey = (vkey) => once("key " + hexOf(splitKey(vkey).key));
	const define = (id, time) => { // at which it is satisfied, by those of keys
		need(!parts.has(id) && !/^(none|any|all|log|witness|group|quorum)$/.test(id));
		parts.set(id, time);
	};
	for (const line of utf8(s).split("\n")) {
		const [kind = "#", ...rest] = line.split(/[ \t]+/).filter(Boolean), n = rest.length;
		need(!/[\0-\x08\x0b-\x1f\x7f]/.test(line));
		if (kind.startsWith("#")) continue;
		if (kind === "log" && (n === 1 || n === 2)) {
			noteKey(rest[0]);
			logs.push(rest[0]);
			onceKey(rest[0]);
		} else if (kind === "witness" && (n === 2 || n === 3)) {
			const key = witnessKey(rest[1]);
			if (key.unread) unread = key.owner;
			onceKey(rest[1]);
			define(rest[0], (signed) => signed(key));
		} else if (kind === "group" && n >= 3) {
			const [id, count, ...names] = rest, children = names.map((name) => parts.get(name));
			const least = count === "any" ? 1 : count === "all" ? names.length : Number(count);
			need(/^(any|all|[0-9]+)$/.test(count) && least >= 1 && least <= names.length);
			need(children.every(Boolean));
			names.forEach((name) => once("member " + name));
			define(id, (signed) => sorted(children.map((time) => time(signed)))[least - 1] ?? 0n);
		} else {
			need(kind === "quorum" && n === 1 && !quorum);
			need(rest[0] === "none" || parts.has(rest[0]));
			quorum = rest[0];
		}
	}
	need(quorum);
	return { logs, unread, time: parts.get(quorum) };
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
	found.sort((a, b) => Number(a.time - b.time));
	const bad = found.find(({ line }) => !holds(() => signaturesOf("\n\n" + line)));
	const list = found.filter(({ time }) => !bad || time < bad.time) // of a key, the first counts
		.map(({ line, time }) => ({ ...signaturesOf("\n\n" + line)[0], time }));
	return policy.time((key) => {
		const own = list.find(isBy(key));
		return own && key.verify(note.slice(0, at - 1), own.sig) ? own.time : 0n;
	});
}
