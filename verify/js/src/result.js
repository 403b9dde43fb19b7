// ---- Results have lines { figure, what, status, found }, and sentences.
const TRUE = "true", FALSE = "FALSE", MALFORMED = "MALFORMED", UNCHECKED = "NOT CHECKED";
function settled(say, what, found, f) {
	const e = refusal(f);
	say(what, e ? FALSE : TRUE, e?.message ?? found);
	return !e;
}
const pause = () => new Promise((resolve) => setTimeout(resolve));

function exitCode(r) {
	const any = (...list) => r.lines.some((l) => list.includes(l.status));
	return any(FALSE) ? 1 : any(MALFORMED, UNCHECKED) ? 2 : 0;
}
function print(r, write) {
	const shown = (s) => write(s.replace(/[^ -~]/g, "?"));
	for (const { figure, what, status, found } of r.lines) {
		shown(status.padEnd(13) + (figure && figure + ": ") + what);
		if (found) shown(" ".repeat(13) + found);
	}
	r.sentences.forEach(shown);
	write("What each line proves and what not: doc/proof/what-it-proves.md");
}
