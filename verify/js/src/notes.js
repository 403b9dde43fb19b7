// ---- Notes and witnesses (spec 3; C2SP signed-note, tlog-cosignature, tlog-policy).
const SPACE = new RegExp("(?:[\\t-\\r ]|\xc2[\x85\xa0]|\xe1\x9a\x80|" + // of Unicode, as UTF-8
	"\xe2\x80[\x80-\x8a\xa8\xa9\xaf]|\xe2\x81\x9f|\xe3\x80\x80)+");
function splitKey(vkey) { // in its one spelling
	const [owner, id = "", ...rest] = vkey.split("+"), code = rest.join("+"), key = fromBase64(code);
	need(owner && !SPACE.test(owner) && id.length === 8 && key.length > 0);
	need(btoa(textOf(key)) === code);
	return { owner, id, kind: key[0], key: key.subarray(1) };
}
const keyID = (owner, kind, key) => hexOf(sha256(join(owner, "\n", [kind], key)).subarray(0, 4));
function noteKey(vkey) { // of a ledger or a challenger
	const { owner, id, kind, key } = splitKey(vkey);
	need(id === keyID(owner, kind, key) && kind === 1 && key.length === 32);
	return { owner, id, verify: (text, sig) => verifyEd25519(key, text, sig) };
}
function witnessKey(vkey) { // of type 4
	const { owner, kind, key } = splitKey(vkey), id = keyID(owner, kind, key);
	need(vkey.startsWith(`${owner}+${id}+`));
	if (kind === 6 && key.length === 1312) return { owner, unread: true };
	need(kind === 4 && key.length === 32);
	const verify = (text, sig) => verifyEd25519(key,
		join(`cosignature/v1\ntime ${be(sig.subarray(0, 8))}\n`, text), sig.subarray(8));
	return { owner, id, verify };
}
function signaturesOf(note) { // fails unless it is a note
	const shown = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytesOf(note));
	const at = note.lastIndexOf("\n\n");
	need(utf8(shown) === note);
	const lines = note.slice(at + 2).split("\n");
	need(at >= 0 && lines.pop() === "" && lines.length <= 100);
	need(!/[\0-\x09\x0b-\x1f]/.test(note));
	return lines.map((line) => {
		const [, owner, code] = /^\xe2\x80\x94 ([^ ]+) (.+)$/.exec(line) ?? [];
		need(owner && !owner.includes("+") && !SPACE.test(owner));
		const sig = fromBase64(code);
		need(sig.length >= 5);
		return { owner, id: hexOf(sig.subarray(0, 4)), sig: sig.subarray(4) };
	});
}
const isBy = (key) => ({ owner, id }) => owner === key.owner && id === key.id;
function openNote(note, key) { // fails unless the key signed the note
	const own = signaturesOf(note).find(isBy(key)), text = note.slice(0, note.lastIndexOf("\n\n") + 1);
	need(own && key.verify(text, own.sig), "not signed by the key");
}
