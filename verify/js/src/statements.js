// ---- Keys, statements, challenges, answers (spec 4).
const pointBytes = (s) => (point(fromHex(hash(s))), fromHex(s));
const KEY = { origin: raw, report: word, K: pointBytes, Z: pointBytes, proof: hex };
function parseKey(s) { // spec 4.2
	const k = objectAs(s, "key", KEY);
	need(k.origin !== "" && k.proof.length === 64);
	return k;
}
function checkKey(k) {
	const base = hashToGroup(`tally-key/v1\0${k.origin}\0${k.report}`);
	const context = `origin ${k.origin}\nreport ${k.report}\n`;
	checkProof("key", context, k.K, [encode(base)], [k.Z], k.proof);
}
const STATEMENT = { id: word, attempt: number, report: word, mode: oneOf(["list", "root"]),
	rule: number, key: number, window: days, by: countries, on: countries, measure: word, unit: word,
	N: number, root: hash, "evidence-size": number, "evidence-root": hash,
	"tags-sha256": hashOrNone, "audit-k": number, "audit-round": number, "audit-deadline": number,
	budget: number, supersedes: hashOrNone, tool: raw };
const MEMBERS = 2n ** 32n, ROUNDS = 2n ** 51n, AUDITED = 10000n;
function parseStatement(s) { // spec 4.3
	const f = objectAs(s, "figure", STATEMENT), k = f["audit-k"], size = f["evidence-size"];
	need(f.by.length + f.on.length > 0);
	need((f.mode === "list") === (f["tags-sha256"] !== "none"));
	need(f.N < MEMBERS && f.rule < size && f.key < size && f.attempt > 0n);
	need(k > 0n && k <= AUDITED && k <= f.budget && f.budget < MEMBERS);
	need(f["audit-round"] > 0n && f["audit-round"] <= ROUNDS);
	return f;
}
const CHALLENGE = { figure: hash, challenger: raw, nonce: hash, round: number, k: number,
	sig: hex };
function parseChallenge(s) { // spec 4.4
	return { ...objectAs(s, "challenge", CHALLENGE), signed: s.replace(/sig .*\n$/, "") };
}
function checkChallenge(c) {
	need(c.k > 0n && c.round > 0n && c.round <= ROUNDS);
	need(noteKey(c.challenger).verify(c.signed, c.sig));
}
const AUDIT = { figure: hash, round: number, openings: hash, bad: number };
const parseAudit = (s) => objectAs(s, "audit", AUDIT); // spec 4.5
