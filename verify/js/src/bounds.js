// ---- Bound (spec 5), both sides multiplied by k!.
function falling(n, count) { // n * (n-1) * ..., count factors
	const half = count / 2n;
	return count < 2n ? n ** count : falling(n, half) * falling(n - half, count - half);
}
function mostBad(n, k, x, attempt) {
	if (k === n) return x;
	const all = falling(n, k), least = 20n << (attempt - 1n), choose = falling(k, x) / falling(x, x);
	const likely = (d) => {
		let term = choose * falling(d, x) * falling(n - d, k - x), ways = term;
		for (let i = x; i > 0n && term > 0n; i--) { // exact
			term = (term * i * (n - d - k + i)) / ((d - i + 1n) * (k - i + 1n));
			ways += term;
		}
		return least * ways > all;
	};
	let low = x, end = n - k + x;
	while (low < end) {
		const middle = (low + end + 1n) / 2n;
		if (likely(middle)) low = middle;
		else end = middle - 1n;
	}
	return low;
}
function level(attempt) {
	const l = 0.05 * 2 ** -Number(attempt - 1n), [digits, power] = l.toExponential(2).split("e");
	if (l < 1e-9) return "less than 1e-09";
	if (power >= -4) return String(Number(digits + "e" + power));
	return `${Number(digits)}e-${power.slice(1).padStart(2, "0")}`;
}
