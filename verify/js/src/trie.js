// ---- The trie of tags (spec 2). A node is a count and a hash; n is BigInt.
const NONE = new Uint8Array(32);
const bit = (tag, depth, at = 0) => (tag[at + (depth >> 3)] >> (7 - (depth & 7))) & 1;
const LEAF = join("tally-leaf/v1\0", NONE), NODE = join("tally-node/v1\0", new Uint8Array(82));
const trieLeaf = (tag) => (LEAF.set(tag, 14), { count: 1n, hash: sha256(LEAF) });
function trieNode(depth, left, right) {
	const view = new DataView(NODE.buffer);
	NODE[14] = depth;
	[left, right].forEach((node, i) => {
		view.setBigUint64(16 + 40 * i, node.count);
		NODE.set(node.hash, 24 + 40 * i);
	});
	return { count: left.count + right.count, hash: sha256(NODE) };
}
const rootHash = (n, top) => hexOf(sha256(join("tally-root/v1\0", u64(n), top)));

function trieRoot(tags) { // strictly ascending, 32 bytes each
	const tag = (i) => tags.subarray(32 * i, 32 * i + 32), n = tags.length / 32;
	function node(from, to, depth) {
		if (from === to) return { count: 0n, hash: NONE };
		if (from + 1 === to) return trieLeaf(tag(from));
		let low = from; // where the tags begin whose bit is set
		while (low < to && bit(tags, depth, 32 * low) === 0) low++;
		return trieNode(depth, node(from, low, depth + 1), node(low, to, depth + 1));
	}
	return rootHash(n, node(0, n, 0).hash);
}
// climb goes from a tag's node to the root and returns how many are left of it.
function climb(root, n, tag, node, path) {
	let left = 0n;
	need(path.length <= 256);
	path.forEach((sibling, j) => {
		const depth = path.length - 1 - j, side = bit(tag, depth);
		need((sibling.count === 0n) === same(sibling.hash, NONE));
		need(sibling.count <= n - node.count);
		if (side) left += sibling.count;
		node = side ? trieNode(depth, sibling, node) : trieNode(depth, node, sibling);
	});
	need(node.count === n && rootHash(n, node.hash) === root, "its path is another's");
	return left;
}
function triePosition(root, n, tag, path) {
	need(path.length === 0 || path[0].count > 0n);
	return climb(root, n, tag, trieLeaf(tag), path);
}
const siblings = (b) =>
	cut(b, 40).map((x) => ({ count: be(x.subarray(0, 8)), hash: x.subarray(8) }));
