// ---- In a browser.
function panel(place) {
	const make = (tag, label, properties = {}) => {
		const e = Object.assign(document.createElement(tag), properties);
		const around = document.createElement(label ? "label" : "div");
		around.append(label, e);
		place.append(around);
		return e;
	};
	const file = make("input", "Bundle ", { type: "file" }), key = make("input", "Key of the ledger ");
	const policy = make("textarea", "Policy of witnesses ", { rows: 3 });
	const button = make("button", "", { type: "button", textContent: "Check" });
	const state = make("p", ""), out = make("pre", "");
	button.addEventListener("click", async () => {
		button.disabled = true;
		out.textContent = "";
		try {
			need(file.files.length === 1, "Choose a bundle.");
			const data = new Uint8Array(await file.files[0].arrayBuffer());
			const r = await check(data, key.value, policy.value, (s) => { state.textContent = s; });
			print(r, (line) => out.append(line + "\n"));
			state.textContent = ["All is true.", "Not all is true.", "Not all was checked."][exitCode(r)];
		} catch (e) {
			state.textContent = e.message;
		}
		button.disabled = false;
	});
}
