// ---- Bundle (spec 9): the files of an uncompressed ustar archive.
const FILES = new RegExp("^(bundle|checkpoint|entries\\.log|(checkpoints|drand)/[1-9][0-9]{0,15}|" +
	"places/[0-9a-f]{64}|overlap/[0-9a-f]{64}/[pq]\\.(bin|dleq)|" +
	"figures/[A-Za-z0-9_+][A-Za-z0-9_+.-]{0,79}/" +
	"(tags\\.bin|openings-[1-9][0-9]{0,15}\\.(txt|dleq)))$");
function readArchive(data) {
	const files = new Map(), empty = (b) => b.length === 512 && b.every((x) => x === 0);
	need(data.length <= 2 ** 31);
	for (let at = 0; at < data.length;) {
		const block = data.subarray(at, at + 512), next = data.subarray(at + 512, at + 1024);
		need(block.length === 512);
		if (empty(block)) {
			need(next.length === 0 || empty(next));
			break;
		}
		const { name, size } = readHeader(textOf(block)), from = at + 512;
		need(FILES.test(name) && !files.has(name) && files.size < 2 ** 19, "a file not of a bundle");
		need(size <= data.length - from, `file ${name} is cut off`);
		files.set(name, data.subarray(from, from + size));
		at = from + Math.ceil(size / 512) * 512;
	}
	return files;
}
const NUMBERS = [[100, 8], [108, 8], [116, 8], [124, 12], [136, 12], [329, 8], [337, 8]];
function readHeader(block) {
	const string = (from, size) => block.substr(from, size).split("\0")[0];
	const octal = ([from, size]) => {
		const digits = block.substr(from, size).replace(/^[ \0]+|[ \0]+$/g, "").split("\0")[0];
		need(/^[0-7]*$/.test(digits));
		return parseInt(digits || "0", 8);
	};
	const summed = bytesOf(block.slice(0, 148) + " ".repeat(8) + block.slice(156));
	need(octal([148, 8]) === summed.reduce((n, x) => n + x) && /^[\0-\x7f]*$/.test(block));
	need(block.substr(257, 6) === "ustar\0" && /^\0{12}$/.test(block.slice(500)));
	need(/[0\0]/.test(block[156]));
	need(NUMBERS.every(([from, size]) => block[from + size - 1] === "\0"));
	NUMBERS.forEach(octal);
	const folder = string(345, 155);
	return { name: (folder && folder + "/") + string(0, 100), size: octal([124, 12]) };
}
function fileOf(l, name) {
	need(l.files.has(name), name + " is not there");
	return l.files.get(name);
}
