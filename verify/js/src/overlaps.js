// ---- Overlaps (spec 6) and canaries (spec 7).
function moment(s) { // a time since 1970
	const at = Date.parse(s);
	need(at >= 0 && new Date(at).toISOString().replace(".000", "") === s);
	return s;
}
const party = (x) => ({ ["origin-" + x]: like(/^(?!-$)[^ ]+$/), ["figure-" + x]: hash,
	["key-" + x]: hash, ["tags-" + x]: hash });
const OFFER = { session: hash, ...party("p"), ...party("q"), "max-n": number, deadline: moment };
function parseOffer(s) { // spec 6
	const o = objectAs(s, "overlap", OFFER), n = o["max-n"];
	need(["origin-", "figure-", "key-", "tags-"].every((k) => o[k + "p"] !== o[k + "q"]));
	need(n > 0n && n < MEMBERS);
	return o;
}
const PLEDGE = { offer: hash, prover: oneOf(["p", "q"]), answer: hash };
const COMMITMENT = { commitment: hash }, REVEAL = { ...COMMITMENT, nonce: hash, value: [text] };
function parseReveal(s) { // spec 7
	const c = objectAs(s, "canary", REVEAL), list = object(s).all("value");
	const sum = sha256(list.map((v) => v + "\n").join(""));
	need(c.value[0] && ascends(c.value));
	need(digest(join("tally-canary/v1\0", fromHex(c.nonce), sum)) === c.commitment);
	return c;
}
