// ---- Rows (doc/formats/row.md), and their manifests (spec 3.1). Words are in their order.
const CLASSES = "attempt backdoor control exfiltration phishing spyware".split(" ");
const GRADES = ["looked-up", "attempted", "established"];
const FLAGS = ("declared victim-internal perp-internal sinkhole scanner parked egress shared " +
	"resolver unverified undated vetoed clock nat path-cut upload synthetic behaviour " +
	"nowhere").split(" ");

const SCHEMA = "tally-row/v1 day class grade perp victim perp_name victim_name perp_port " +
	"victim_port via site path host_id family rule feed indicator sensor flags first last records " +
	"by on by_as on_as by_places on_places";
const KEYS = SCHEMA.split(" ").slice(1);
const LARGEST = { perp_port: 65535n, victim_port: 65535n, flags: 2n ** 19n - 1n, // else a string
	first: 253402300799n, last: MOST, records: MOST, by_as: 2n ** 32n - 1n, on_as: 2n ** 32n - 1n };
const LINE = new RegExp("^{" + KEYS.map((k) =>
	`"${k}":` + (LARGEST[k] ? "(0|[1-9][0-9]*)" : '"([^"]*)"')).join(",") + "}$");
function parseRow(line) {
	const values = line.length <= 4096 && LINE.exec(line), row = {};
	need(values);
	KEYS.forEach((k, i) => {
		row[k] = LARGEST[k] ? BigInt(values[i + 1]) : unescape(values[i + 1]);
		need(!LARGEST[k] || row[k] <= LARGEST[k]);
	});
	for (const end of ["perp", "victim", "via"]) row[end] = address(row[end]);
	need(CLASSES.includes(row.class) && GRADES.includes(row.grade));
	const on = Number(row.first / 86400n);
	need(row.day === dayText(on));
	row.day = on;
	row.has = (flag) => ((row.flags >> BigInt(FLAGS.indexOf(flag))) & 1n) === 1n;
	return row;
}
const rowLeaf = (salt, line) => leafHash(join("tally-row/v1\0", salt, line));

function place(s) {
	const [name, on, digest, ...more] = s.split(" ");
	need(name && digest && more.length === 0);
	return { name, day: day(on), digest: hash(digest) };
}
const MANIFEST = { segment: like(/^[0-9a-f]{32}$/), schema: hash, rows: number,
	"first-day": day, "last-day": day, "row-root": hash, "file-sha256": hash, place: [place],
	salt: hash };
function parseManifest(s) {
	const m = objectAs(s, "manifest", MANIFEST);
	need(m.rows >= 1n && m["first-day"] <= m["last-day"]);
	return m;
}
