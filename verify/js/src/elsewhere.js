// ---- Figures whose tags are in other bundles: what the ledger alone tells of their audits.
function checkElsewhere(say, l, figures) {
	const what = `${figures.length} statements of the ledger are of other bundles: they count as`;
	say(what + " attempts only", TRUE, figures.map((f) => f.id).join(" ").slice(0, 500));
	const audits = "audits of those, as far as the ledger tells";
	if (l.heads.every((h) => h.time === 0n)) return say(audits, UNCHECKED, "nothing has a date");
	const all = figures.flatMap((f) => ownRounds(l, f).map((d) => [f, d])), failed = [];
	let answered = 0;
	for (const [f, d] of all) {
		const e = refusal(() => fromAfar(l, f, d));
		if (!e) answered++;
		else if (!(e instanceof Unanswered)) failed.push(`${f.id}, round ${d.number}: ${e.message}`);
	}
	if (failed.length === 0) say(audits, TRUE, `answered: ${answered} of ${all.length}`);
	else say(audits, FALSE, `${failed.length} of ${all.length} failed: ${failed[0]}`);
}
function fromAfar(l, f, round) {
	need(!unbound(l, f), unbound(l, f)?.message);
	if (smaller(round.k, f.N) === 0n) return; // there is none to open
	if (!inTime(l, f.index, round.number)) throw new Unanswered("no date an hour before the round");
	const { bad } = answerTo(l, f, round);
	need(bad === 0n, `its publisher calls ${bad} members bad`);
}
