// Package count knows how to count the distinct members that the rows of segments
// support: over any window, pair and grouping, exactly. It must never know telemetry,
// rendering, or keys.
package count
