// ---- A bundle. check takes key and policy as texts, "" for none; told hears how far it is.
async function check(data, key, policy, told = () => {}) {
	const r = { lines: [], sentences: [], told };
	r.say = (figure) => (what, status, found) => { r.lines.push({ figure, what, status, found }); };
	const trust = policy.trim() && parsePolicy(policy), say = r.say("");
	const named = trust.logs?.length === 1 ? trust.logs[0] : "", by = utf8(key.trim()) || named;
	const formed = (what, f) => {
		const e = refusal(f);
		if (e) say(what, MALFORMED, e.message);
		return !e;
	};
	let files, l;
	if (!formed("the bundle is well formed", () => { files = readArchive(data); }) ||
		!checkWhole(say, files, by) ||
		!formed("the ledger in the bundle is well formed", () => { l = readLedger(files); })) return r;
	checkSignatures(say, l, by);
	checkTimes(say, l, trust);
	checkKeys(say, l);
	const here = (f) => f.mode === "root" || l.files.has(`figures/${f.id}/tags.bin`);
	for (const f of l.figures.filter(here)) await checkFigure(r, l, f);
	const others = l.figures.filter((f) => !here(f));
	if (others.length === l.figures.length) say("figures", MALFORMED, "none is in the bundle");
	else if (others.length > 0) checkElsewhere(say, l, others);
	for (const o of l.offers) for (const [own, other] of ["pq", "qp"]) { // overlaps (spec 6)
		const f = l.figures.find((f) => f.digest === o["figure-" + own]);
		if (o["origin-" + own] !== l.origin || !f || !here(f)) continue;
		const [id, name] = [o.session.slice(0, 16), o["origin-" + other].slice(0, 60)];
		r.say(f.id)(`overlap ${id} with ${name}: its bundle`, UNCHECKED, "it is not read here");
	}
	return r;
}
// checkWhole checks that the key signed all files; places have their digests as names.
function checkWhole(say, files, key) {
	const what = "the bundle is whole: as the ledger's key signed it";
	if (key === "") return say(what, UNCHECKED, "no key") ?? true;
	const e = refusal(() => {
		const by = noteKey(key), note = textOf(fileOf({ files }, "bundle"));
		openNote(note, by);
		const sums = [...files.keys()].sort().map((name) => [name, digest(files.get(name))]);
		need(sums.every(([name, sum]) => !name.startsWith("places/") || name === "places/" + sum));
		const own = sums.filter(([name]) => name !== "bundle" && !name.startsWith("places/"));
		const all = own.map(([name, sum]) => join(u16(name.length), name, fromHex(sum)));
		const sum = digest(join("tally-bundle/v1\0", ...all));
		need(note.startsWith(`tally-bundle/v1\n${by.owner}\n${sum}\n\n`), "other files than signed");
	});
	say(what, e ? MALFORMED : TRUE, e ? e.message : "");
	return !e;
}
function checkSignatures(say, l, key) {
	const what = `all ${l.heads.length} checkpoints are signed by the ledger's key, of states that ` +
		`the ${l.size} entries went through`;
	if (key === "") return say(what, UNCHECKED, "no key");
	if (!holds(() => noteKey(key))) return say(what, MALFORMED, "key");
	settled(say, what, key, () => {
		const verifier = noteKey(key);
		need(verifier.owner === l.origin, "the key is of another ledger");
		l.heads.forEach((h) => openNote(h.note, verifier));
	});
}
function checkTimes(say, l, policy) {
	const what = "witnesses of your policy saw the checkpoints";
	const reason = !policy ? "no policy"
		: !policy.time ? "the policy asks for no witness"
		: policy.unread && `ML-DSA is not read: ${policy.unread}`;
	if (reason) return say(what, UNCHECKED, reason);
	let since = 0n;
	for (const h of l.heads.slice().reverse()) {
		h.time = timeOf(h.note, policy);
		l.latest = larger(l.latest, h.time);
		if (h.time > 0n && (since === 0n || h.time < since)) since = h.time;
		h.since = since;
	}
	const count = l.heads.filter((h) => h.time > 0n).length;
	say(what, count > 0 ? TRUE : UNCHECKED, `${count} of ${l.heads.length}`);
}
function checkKeys(say, l) {
	const what = `who logged a key of tags here knows its secret (keys: ${l.keys.size})`;
	const keys = [...l.keys.values()], all = (of) => new Set(keys.map(of)).size === keys.length;
	const apart = all((k) => hexOf(k.K)) && all((k) => k.report); // each of its own
	if (keys.length > 0) settled(say, what, "", () => l.keys.forEach((k, i) => {
		checkKey(k);
		need(k.origin === l.origin && apart, `entry ${i}: another's key`);
	}));
}
