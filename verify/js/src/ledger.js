// ---- Ledger (spec 3).
function crc32(data) {
	let c = -1;
	for (const x of data) {
		c ^= x;
		for (let i = 0; i < 8; i++) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1;
	}
	return BigInt(~c >>> 0);
}
const MANY = 10000;
function readLedger(files) {
	const l = { files, size: 0, tree: new Tree(), origin: "", heads: [], figures: [], offers: [],
		nets: [], asked: 0, latest: 0n, left: { opened: 2 ** 19, tables: 2 ** 30 } };
	const maps = "rules keys batches superseded words addresses sensors challenges audits " +
		"editions tables";
	for (const k of maps.split(" ")) l[k] = new Map();
	for (let log = fileOf(l, "entries.log"); log.length > 0; l.size++) {
		const n = Number(be(log.subarray(0, 4))), entry = log.subarray(8, 8 + n);
		need(n > 0 && n <= 65535 && n === entry.length && l.size < 2 ** 22);
		need(crc32(entry) === be(log.subarray(4, 8)), "another CRC");
		need(holds(() => takeEntry(l, textOf(entry), entry)), `entry ${l.size} is malformed`);
		l.tree.append(leafHash(entry));
		log = log.subarray(8 + n);
	}
	readHeads(l);
	const { figures } = l, attempts = new Map(), ids = new Set(figures.map((f) => f.id));
	need(ids.size === figures.length, "two statements have one id");
	for (const f of figures) push(attempts, scope(f), f);
	for (const f of figures) f.same = attempts.get(scope(f));
	return l;
}
function push(map, key, value) {
	if (!map.has(key)) map.set(key, []);
	need(map.get(key).push(value) <= MANY, "too many objects");
}
// spend takes from the work that a bundle may ask for, if so much is left (spec 0).
const spend = (l, kind, n) => l.left[kind] >= n && (l.left[kind] -= n) >= 0;
const where = (o) => `${o.by} ${o.on}`;
const scope = (o) => `${o.measure} ${where(o)} ${o.window.from} ${o.window.to}`;
function takeEntry(l, s, bytes) {
	const o = object(s), index = BigInt(l.size), as = (x) => ({ ...x, index, digest: digest(s) });
	const first = (map, key, value = index) => map.has(key) || map.set(key, value);
	const exclude = (value) => { // an address in whatever spelling
		if (value) first(l.words, value);
		const a = value.replace(/(:.*)%.+$/, "$1"); // without zone
		holds(() => first(l.addresses, addressText(canonicalAddress(parseAddress(a)))));
	};
	const parsed = {
		rule: () => l.rules.set(index, parseRule(s)),
		key: () => l.keys.set(index, parseKey(s)),
		figure: () => l.figures.push(as(parseStatement(s))),
		challenge() {
			const c = as(parseChallenge(s));
			push(l.challenges, c.figure, c);
			l.asked++;
		},
		audit() {
			const a = as(parseAudit(s));
			first(l.audits, `${a.figure} ${a.round}`, a);
		},
		batch() {
			l.batches.set(index, bytes);
			if (o.get("supersedes") === "") return;
			const old = number(o.get("supersedes"));
			need(old < index);
			first(l.superseded, old);
		},
		exclude: () => exclude(unescape(o.get("value"))),
		canary() {
			if (o.fields.length > 1) parseReveal(s).value.forEach(exclude);
			else objectAs(s, "canary", COMMITMENT);
		},
		overlap() {
			if (o.fields[0]?.[0] === "offer") objectAs(s, "overlap", PLEDGE);
			else l.offers.push(parseOffer(s));
		},
		place: () => first(l.editions,
			`${unescape(o.get("source"))} ${day(o.get("day"))} ${hash(o.get("sha256"))}`),
		sensor() {
			const asPublic = o.all("treat-as-public").map(network);
			for (const { sorted } of asPublic) need(l.nets.push({ index, sorted }) <= 4096);
			const [role, country] = ["role", "country"].map((k) => o.get(k));
			push(l.sensors, unescape(o.get("name")), { index, role, country, asPublic });
		},
	};
	const type = /^tally-(\w+)\/v1$/.exec(o.type)?.[1];
	if (Object.hasOwn(parsed, type)) parsed[type]();
	else need(["report", "expire", "peer"].includes(type));
	const few = ({ size, length = size }) => length <= MANY;
	need([l.rules, l.keys, l.sensors, l.figures, l.offers].every(few), "too many objects");
	need(l.asked <= 2 ** 17 && l.words.size <= 2 ** 22);
}
function readHead(l, file) {
	const data = fileOf(l, file);
	need(data.length <= 65536);
	const note = textOf(data), at = note.indexOf("\n\n");
	const [origin, digits, root, ...more] = note.slice(0, Math.max(at, 0)).split("\n");
	need(at >= 0 && /^[!-~]+$/.test(origin) && root && more.length === 0);
	const size = number(digits), bytes = fromBase64(root);
	need(bytes.length === 32 && btoa(textOf(bytes)) === root);
	need(origin === (l.origin ||= origin), "checkpoints of two ledgers");
	need(size <= l.size && l.tree.root(Number(size)) === hexOf(bytes), "a root that is not theirs");
	return { note, size, time: 0n, since: 0n };
}
function readHeads(l) {
	const names = [...l.files.keys()].filter((name) => name.startsWith("checkpoints/"));
	need(names.length <= 2 ** 18);
	need(names.reduce((n, name) => n + l.files.get(name).length, 0) <= 2 ** 28);
	for (const file of names) {
		l.heads.push(readHead(l, file));
		need(file === "checkpoints/" + l.heads.at(-1).size, file + " is of another size");
	}
	const last = readHead(l, "checkpoint");
	need(last.size === BigInt(l.size), "entries without checkpoint");
	if (!l.heads.some((h) => h.size === last.size)) l.heads.push(last);
	l.heads.sort((a, b) => Number(a.size - b.size));
}
function dated(l, i) { // when entry i existed, 0 where nobody says
	let low = 0, end = l.heads.length;
	while (low < end) {
		const middle = (low + end) >> 1;
		if (l.heads[middle].size > i) end = middle;
		else low = middle + 1;
	}
	return l.heads[low]?.since ?? 0n;
}
const datedBy = (l, i, time) => dated(l, i) > 0n && dated(l, i) <= time;
