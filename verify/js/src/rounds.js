// ---- Rounds of a figure, and what they draw (spec 5).
const roundTime = (round) => 1692803367n + 3n * (round - 1n);
const inTime = (l, i, round) => datedBy(l, i, roundTime(round) - 3600n);

// ownRounds are the statement's round and those that challenges add, whatever the policy.
function ownRounds(l, f) {
	if (f.rounds) return f.rounds;
	const friends = l.rules.get(f.rule)?.challenger ?? [], rounds = new Map();
	const fresh = (number, k) => ({ number, k, challenges: [] });
	const own = fresh(f["audit-round"], f["audit-k"]), last = own.number + 10540800n; // 366 days
	let left = f.budget - smaller(own.k, f.N), kept = friends.length > 0 ? f.budget / 2n : 0n;
	rounds.set(own.number, own);
	for (const c of l.challenges.get(f.digest) ?? []) {
		const answer = l.audits.get(`${f.digest} ${c.round}`);
		const soon = c.round >= own.number && c.round <= last;
		const counts = soon && (!answer || c.index < answer.index);
		if (!counts || !holds(() => checkChallenge(c))) continue;
		const d = rounds.get(c.round) ?? fresh(c.round, 0n);
		const named = friends.includes(c.challenger), most = named || friends.length === 0 ? 100 : 50;
		if (rounds.size >= most && !rounds.has(c.round)) continue;
		if (d !== own) {
			const more = larger(smaller(smaller(c.k, AUDITED), f.N), d.k) - d.k;
			if (more > (named ? left : left - smaller(left, kept))) continue;
			left -= more;
			if (named) kept -= smaller(more, kept);
			d.k += more;
			rounds.set(d.number, d);
		}
		d.challenges.push(c);
	}
	return f.rounds = [...rounds.values()].sort((a, b) => Number(a.number - b.number));
}
function seedOf(figure, round, challenges, randomness) {
	return sha256(join("tally-seed/v1\0", fromHex(figure), u64(round), u64(challenges.length),
		...challenges.map(fromHex), randomness));
}
function draw(seed, n, k) {
	if (k >= n) return Array.from({ length: Number(n) }, (_, i) => BigInt(i));
	const drawn = new Set(), end = 2n ** 64n - (2n ** 64n % n); // a set keeps the order
	for (let i = 0n; drawn.size < k; i++) {
		const v = be(hmac(seed, join("tally-index/v1\0", u64(i))).subarray(0, 8));
		if (v < end) drawn.add(v % n);
	}
	return [...drawn];
}
