package proof

// What publisher and verifier must agree on in time (protocol 5). Seconds, but for rounds.
const (
	// Foreseen is how long before its round a statement, and what it opens, must be dated:
	// nobody knows the round's randomness then.
	Foreseen = 3600
	// ClockSkew is how far clocks are trusted: a row's time may run ahead of a witness's by as
	// much, and a challenge must be dated that long before its round.
	ClockSkew = 300
	// MaxLater is how many rounds of the beacon, those of 366 days, lie between the first of a
	// figure and its last.
	MaxLater = 366 * 86400 / beaconPeriod
	// MaxRounds bounds the rounds of one figure.
	MaxRounds = 100
)
