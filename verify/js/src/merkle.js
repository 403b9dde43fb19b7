// ---- Merkle trees of entries and rows (spec 2; RFC 6962).
const leafHash = (data) => sha256(join([0], data));
const nodeHash = (left, right) => sha256(join([1], left, right));

// Tree is that of RFC 6962, 2.1; levels[k] has the roots of complete subtrees of 2^k leaves.
class Tree {
	levels = [[]];
	append(leaf) {
		this.levels[0].push(leaf);
		for (let k = 0; this.levels[k].length % 2 === 0; k++) {
			(this.levels[k + 1] ??= []).push(nodeHash(...this.levels[k].slice(-2)));
		}
	}
	root(n = this.levels[0].length) { // over the first n leaves
		let root = null;
		for (let k = 0; n >> k > 0; k++) {
			const subtree = this.levels[k][(n >> k) - 1];
			if ((n >> k) & 1) root = root ? nodeHash(subtree, root) : subtree;
		}
		return hexOf(root ?? sha256(new Uint8Array()));
	}
}
function checkRowPath(root, n, i, leaf, path) { // RFC 9162, 2.1.3.2; n and i are BigInt
	need(i < n && path.length <= 64);
	let last = n - 1n;
	for (const sibling of path) {
		need(last > 0n);
		while (i === last && (i & 1n) === 0n) [i, last] = [i >> 1n, last >> 1n]; // no sibling there
		leaf = i & 1n ? nodeHash(sibling, leaf) : nodeHash(leaf, sibling);
		[i, last] = [i >> 1n, last >> 1n];
	}
	need(last === 0n && hexOf(leaf) === root, "its row's path is another's");
}
