// ---- A figure (spec 4.3, 5).
async function checkFigure(r, l, f) {
	const say = r.say(f.id), rule = l.rules.get(f.rule), key = l.keys.get(f.key);
	const what = "the statement agrees with its rule, its key and the ledger";
	if (!settled(say, what, `N = ${f.N}`, () => checkStatement(l, f, rule, key))) return;
	const late = lateness(say, l, f);
	if (f.mode === "list") await checkTags(r, say, l, f);
	let best = null;
	for (const round of roundsOf(l, f)) {
		const outcome = await checkAudit(say, l, f, rule, round);
		if (outcome && (!best || outcome.bad < best.bad)) best = outcome;
	}
	r.sentences.push(sentence(l, f, rule, late, best));
}
function lateness(say, l, f) { // in seconds, if it is known
	const what = "when the rule was logged", at = dated(l, f.rule), w = f.window;
	if (at === 0n) return say(what, UNCHECKED, "no date");
	const late = larger(0n, at - start(w.from)), rule = l.rules.get(f.rule);
	const alike = (o) => o.measure === rule.measure ||
		(o.member === rule.member && o.class.some((c) => rule.class.includes(c)));
	const rivals = [...l.rules].filter(([i, o]) => i !== f.rule && alike(o) &&
		where(o) === where(f) && o.window.from < w.to && w.from < o.window.to);
	const when = late > 0n ? `LATE by ${late} seconds (${late / 86400n} days)` : "ON TIME";
	say(what, TRUE, `${when}; other rules for the like on days of this window: ${rivals.length}`);
	return late;
}
function checkStatement(l, f, rule, key) {
	const size = f["evidence-size"], attempt = f.same.indexOf(f) + 1;
	need(rule && key, "it names no rule or no key");
	need(scope(f) === scope(rule) && f.unit === rule.unit, "its rule says another thing");
	need(size <= f.index, "it counts later entries");
	need(l.tree.root(Number(size)) === f["evidence-root"], "it counts another ledger");
	need(key.report === f.report, "its key is of another report");
	need(f.attempt === BigInt(attempt), `it says attempt ${f.attempt}, the ledger holds ${attempt}`);
}
async function checkTags(r, say, l, f) {
	const tags = l.files.get(`figures/${f.id}/tags.bin`), list = cut(tags, 32);
	let bad = BigInt(tags.length) !== 32n * f.N || digest(tags) !== f["tags-sha256"]
		? "another tags.bin" : "";
	for (let i = 0; i < list.length && !bad; i++) {
		if (i % 1000 === 999) {
			r.told(`${f.id}: ${i} of ${f.N} tags`);
			await pause();
		}
		if (!holds(() => point(list[i]))) bad = `tag ${i} is not a point`;
		if (i > 0 && compare(list[i - 1], list[i]) >= 0) bad = `tag ${i} is not in order`;
	}
	settled(say, `the tags are published, N = ${f.N}, none twice`, "", () => {
		need(!bad, bad);
		need(trieRoot(tags) === f.root, "tags.bin is not under the root");
	});
}
