// ---- Openings (spec 5).
function parseOpenings(s) {
	const lines = s.split("\n");
	need(lines.pop() === "" && lines.length <= MANY);
	return lines.map(parseOpening);
}
function parseOpening(line) {
	need(line.length <= 174078);
	const [, at, refused] = /^refused ([^ ]*) (.+)$/s.exec(line) ?? [];
	if (refused) return { position: number(at), refused: unescape(refused) };
	const words = line.split(" ");
	need(words.length === 11 && words[0] === "open");
	const [position, entry, row] = [1, 5, 7].map((i) => number(words[i]));
	const [bytes, tag, path, manifest, text, salt, rowPath] =
		[2, 3, 4, 6, 8, 9, 10].map((i) => hex(words[i]));
	need(tag.length === 32 && salt.length === 16 && path.length % 40 + rowPath.length % 32 === 0 &&
		path.length <= 40 * 256 && rowPath.length <= 32 * 64);
	return { position, member: bytes, tag, path: siblings(path), entry, row, salt,
		manifest: textOf(manifest), line: textOf(text), rowPath: cut(rowPath, 32) };
}
// checkOpening fails unless an opening is GOOD, by the numbers of spec 5.
function checkOpening(l, f, rule, o, position, round, seen) {
	need(o.position === position, `position ${o.position} is opened in its stead`);
	const { row, manifest } = checkShown(f, rule, o); // 1 to 3
	const below = (i) => i !== undefined && i < f["evidence-size"];
	const ends = ["perp", "victim"].filter((end) => row[end]);
	const words = [row.indicator, row.perp_name].filter(Boolean); // 4
	const texts = ends.map((end) => addressText(row[end]));
	need(!words.some((w) => below(l.words.get(w))) && !texts.some((a) => below(l.addresses.get(a))),
		"the ledger excludes it");
	const segment = `\nsegment ${digest(o.manifest)}\n`; // 5
	need(below(o.entry) && textOf(l.batches.get(o.entry) ?? []).includes(segment),
		`entry ${o.entry} commits to no such rows`);
	need(!below(l.superseded.get(o.entry)), "a superseded batch");
	const at = dated(l, o.entry), sealed = start(row.day + 1) + rule.seal; // 6
	need(at > 0n && at >= row.last - 300n && at <= sealed, "its batch is dated otherwise");
	need(inTime(l, o.entry, round), "its batch is dated too late");
	const sensors = l.sensors.get(row.sensor) ?? [];
	checkDeclared(row, sensors.findLast((s) => s.index < o.entry)); // 8
	need(manifest.place.length > 0, "its rows name no table of places"); // 7
	const tables = manifest.place.filter((p) => p.name === manifest.place[0].name);
	for (const p of tables) {
		const index = l.editions.get(`${p.name} ${p.day} ${p.digest}`);
		need(below(index) && datedBy(l, index, sealed), "its table was logged too late");
		seen.tables = true;
	}
	for (const p of tables) { // where they are there
		if (!l.tables.has(p.digest)) l.tables.set(p.digest, tableIs(l, p.digest));
		if (l.tables.get(p.digest) === undefined) break;
		need(l.tables.get(p.digest), "its table is another");
	}
	seen.words += Object.values(restOf(row)).filter((rests) => rests === "word").length;
}
function tableIs(l, name) { // what it should be; undefined: nobody looks
	const table = l.files.get("places/" + name);
	if (!table || table.length > 2 ** 27 || !spend(l, "tables", table.length)) return undefined;
	return digest(table) === name;
}
function checkShown(f, rule, o) {
	need(o.refused === undefined, "its opening was refused");
	const at = triePosition(f.root, f.N, o.tag, o.path), source = rule["place-source"];
	need(at === o.position, `its tag stands at ${at}`);
	const manifest = parseManifest(o.manifest), leaf = rowLeaf(o.salt, o.line);
	need(manifest.schema === digest(SCHEMA), "its rows are of another schema");
	checkRowPath(manifest["row-root"], manifest.rows, o.row, leaf, o.rowPath);
	const row = parseRow(o.line);
	need(source === "" || manifest.place[0]?.name === source, `not placed by ${source} first`);
	need(same(supports(rule, row), o.member), "its row supports another member");
	return { row, manifest };
}
// restOf tells on what the country of each end rests: a table, its sensor's word, or nothing.
function restOf(row) {
	const inside = (end) => row.has(end + "-internal");
	return { perp: row.by === "" ? "" : inside("perp") ? "word" : "table",
		victim: !row.victim && row.on === "" ? ""
			: inside("victim") || row.has("declared") ? "word" : "table" };
}
// checkDeclared asks the last declaration before the batch for what no table can tell.
function checkDeclared(row, d = { country: "", role: "", asPublic: [] }) {
	const served = row.class === "backdoor" && row.site && d.role === "webserver";
	for (const [end, rests] of Object.entries(restOf(row))) {
		const b = row[end], made = b && d.asPublic.some((net) => net(b)), free = b && routable(b);
		const inside = row.has(end + "-internal"), country = end === "perp" ? row.by : row.on;
		need(rests !== "table" || b, end + " has a country and no address");
		need(!inside || (b && !free && !made), end + " is called internal");
		need(rests !== "word" || country === d.country, end + " is not declared there");
		need(rests !== "word" || inside || !b || served, end + " is of no site of its sensor");
		need(inside || !b || free || made || !row.has("synthetic"), end + " is not public");
	}
}
