// ---- Audits (spec 5).
class Unanswered extends Refused {} // the round cannot be judged from this bundle
async function checkAudit(say, l, f, rule, round) {
	const k = smaller(round.k, f.N), { number, attempt, among, challenges } = round;
	const what = `audit of round ${number}: of N = ${f.N}, a public beacon draws ${k}, ` +
		"and they are opened";
	if (k === 0n) {
		say(what, TRUE, "there is none to open");
		return { bad: 0n, failed: false, opened: 0n, attempt, among, words: 0 };
	}
	if (!inTime(l, f.index, number)) return say(what, UNCHECKED, "no date an hour before it");
	const seen = { words: 0 }; // tables, beacon; ends by the word of their sensors
	let bad = k, why;
	try {
		[bad, why] = await countBad(l, f, rule, round, k, seen);
	} catch (e) {
		if (!(e instanceof Refused)) throw e;
		if (e instanceof Unanswered) return say(what, UNCHECKED, e.message);
		why = e.message;
	}
	if (bad > 0n) say(what, FALSE, `${bad} of ${k} could not be shown: ${why}`);
	else say(what, TRUE, `all ${k}; attempt ${attempt}, ${challenges.length} challenges`);
	const looked = `countries of the rows opened in round ${number}, looked up again`;
	if (seen.tables) say(looked, UNCHECKED, "tables are not read");
	if (seen.beacon) {
		say(`drand/${number} is the public beacon's signature`, UNCHECKED, "BLS is not read: compare " +
			"it with a relay of drand. If it is another, nothing said of this audit holds");
	}
	const most = (s) => mostBad(f.N, k, bad, s);
	return { bad: most(attempt), failed: bad > 0n, opened: k, attempt, among, most: most(among),
		...seen };
}
// countBad counts what is not shown, and says why. What it throws is said of all.
async function countBad(l, f, rule, round, k, seen) {
	const answer = answerTo(l, f, round), base = `figures/${f.id}/openings-${round.number}`;
	const drand = "drand/" + round.number, names = [base + ".txt", base + ".dleq", drand];
	const [file, proof, line] = names.map((name) => l.files.get(name));
	if (!file || !proof || !line) throw new Unanswered("the answer is elsewhere");
	if (file.length > 2 ** 28 || !spend(l, "opened", Number(larger(k, 64n)))) {
		throw new Unanswered("more than a verifier checks of one bundle");
	}
	need(line.length === 97);
	need(digest(join(file, proof)) === answer.openings, "other openings than the ledger's");
	const signature = /^([0-9a-f]{96})\n$/.exec(textOf(line))?.[1];
	need(signature, drand + " is not a signature");
	seen.beacon = true;
	const randomness = sha256(fromHex(signature)), list = parseOpenings(textOf(file));
	const seed = seedOf(f.digest, round.number, round.challenges.map((c) => c.digest), randomness);
	const opened = list.filter((o) => o.refused === undefined), asked = [];
	for (const o of opened) {
		asked.push(encode(hashToGroup(o.member)));
		if (asked.length % 50 === 0) await pause();
	}
	const context = `figure ${f.digest}\nseed ${hexOf(seed)}\norigin ${l.origin}\n`;
	checkProof("audit", context, l.keys.get(f.key).K, asked, opened.map((o) => o.tag), proof);
	const positions = draw(seed, f.N, k), reasons = [];
	need(list.length === positions.length, `${positions.length} drawn, ${list.length} answered`);
	list.forEach((o, i) => {
		const e = refusal(() => checkOpening(l, f, rule, o, positions[i], round.number, seen));
		if (e) reasons.push(`position ${positions[i]}: ${e.message}`);
	});
	return [BigInt(reasons.length), reasons[0]];
}
// answerTo returns the ledger's answer to a round, in time and to challenges in time.
function answerTo(l, f, { number, challenges }) {
	const answer = l.audits.get(`${f.digest} ${number}`), at = answer ? dated(l, answer.index) : 0n;
	const deadline = roundTime(number) + f["audit-deadline"], last = challenges.at(-1);
	need(at <= deadline, "answered behind the deadline");
	if (at === 0n) {
		need(l.latest <= deadline, "no answer within the deadline");
		throw new Unanswered(`no dated answer yet: due by Unix time ${deadline}`);
	}
	need(!last || dated(l, last.index) <= roundTime(number) - 300n,
		"a challenge that may be made for what it draws");
	return answer;
}
