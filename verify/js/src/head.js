"use strict";
// verify.js checks a published Tallystick bundle: the second implementation of doc/proof/spec.md.
// No dependency, no network; meant to be read, in this order: nothing knows what comes later.
// github.com/tallystick/tallystick, Apache License 2.0.
//
//     node verify.js [--key VKEY] [--policy FILE] BUNDLE
//
// Exit code 0: all is true, 1: something is false, 2: something is malformed or not checked. In a
// browser it fills #check-report. Key and policy come from you, never from the bundle or its
// publisher. Neither should this file: from him, it proves nothing to you.
//
// NOT CHECKED, and said so: the beacon's BLS signature, ML-DSA cosignatures, countries in tables,
// overlaps. Not read: your challenge, canaries, openings of your addresses (spec 5, 7, 8).
// tallystick-verify does all that.

class Refused extends Error {}
function need(ok, why = "malformed") {
	if (!ok) throw new Refused(why);
}
function refusal(f) {
	try {
		f();
	} catch (e) {
		if (e instanceof Refused) return e;
		throw e;
	}
}
const holds = (f) => !refusal(f);
