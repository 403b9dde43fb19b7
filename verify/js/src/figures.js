// ---- A figure (spec 4.3, 5).
async function checkFigure(r, l, f) {
	const say = r.say(f.id), rule = l.rules.get(f.rule);
	const what = "the statement agrees with its rule, its key and the ledger";
	if (!settled(say, what, `N = ${f.N}`, () => need(!unbound(l, f), unbound(l, f)?.message))) return;
	const late = lateness(say, l, f, rule);
	if (f.mode === "list") await checkTags(r, say, l, f);
	const all = roundsOf(l, f), outcomes = [];
	for (const round of all) outcomes.push(await checkAudit(say, l, f, rule, round));
	const judged = outcomes.filter((o) => o);
	const best = judged.reduce((a, b) => (a && a.bad <= b.bad ? a : b), null);
	const rounds = { asked: all.length, judged: judged.length };
	rounds.failed = judged.filter((o) => o.failed).length;
	r.sentences.push(sentence(l, f, rule, late, best, rounds));
}
function lateness(say, l, f, rule) { // in seconds, if it is known
	const what = "when the rule was logged", at = dated(l, f.rule);
	if (at === 0n) return say(what, UNCHECKED, "no date");
	const late = larger(0n, at - start(f.window.from));
	const rivals = [...l.rules].filter(([i, o]) => i !== f.rule && meet(o, rule)).length;
	const when = late > 0n ? `LATE by ${late} seconds (${late / 86400n} days)` : "ON TIME";
	const source = escaped(rule["place-source"]).slice(0, 60) || "any data set";
	say(what, TRUE, `${when}; rows sealed within ${span(rule.seal)} of their day; places of ` +
		`${source}; other rules for the like on days and countries of this: ${rivals}`);
	return late;
}
const unbound = (l, f) => (f.unbound ??= [refusal(() => checkStatement(l, f))])[0];
function checkStatement(l, f) {
	const rule = l.rules.get(f.rule), key = l.keys.get(f.key), at = f.same.indexOf(f);
	need(rule && key, "it names no rule or no key");
	need(scope(f) === scope(rule) && f.unit === rule.unit, "its rule says another thing");
	need(f["evidence-size"] <= f.index, "it counts later entries");
	need(l.tree.root(Number(f["evidence-size"])) === f["evidence-root"], "it counts another ledger");
	need(key.report === f.report, "its key is of another report");
	need(f.supersedes === "none" || f.same.slice(0, at).some((g) => g.digest === f.supersedes),
		"it supersedes no earlier statement of its figure");
	need(f.attempt === BigInt(at + 1), `it says attempt ${f.attempt}, the ledger holds ${at + 1}`);
}
// roundsOf are the rounds of a figure, each with its number among those of the same figure, and
// among those of all that it meets.
function roundsOf(l, f) {
	const rule = l.rules.get(f.rule), earlier = l.figures.slice(0, l.figures.indexOf(f));
	const met = earlier.filter((g) => !unbound(l, g) && meet(l.rules.get(g.rule), rule)).length;
	return ownRounds(l, f).map((d, i) =>
		({ ...d, attempt: f.attempt + BigInt(i), among: BigInt(1 + met + i) }));
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
