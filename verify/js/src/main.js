// ---- In Node, and where to begin.
async function main(args) {
	const fs = require("node:fs"), given = { "--key": "", "--policy": "" };
	while (args.length > 1 && args[0] in given) given[args[0]] = args.splice(0, 2)[1];
	need(args.length === 1, "usage: node verify.js [--key VKEY] [--policy FILE] BUNDLE");
	const policy = given["--policy"] && fs.readFileSync(given["--policy"], "utf8");
	const r = await check(new Uint8Array(fs.readFileSync(args[0])), given["--key"], policy);
	print(r, console.log);
	return exitCode(r);
}

if (typeof document !== "undefined") {
	const place = document.getElementById("check-report");
	if (place) panel(place);
} else if (typeof require !== "undefined" && require.main === module) {
	main(process.argv.slice(2)).then((code) => { process.exitCode = code; }, (e) => {
		console.error("verify.js: " + e.message);
		process.exitCode = 2;
	});
}
