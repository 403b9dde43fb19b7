// Package count knows how to count the distinct members that the rows of segments
// support: over any window, pair and grouping, exactly. It must never know telemetry,
// rendering, or keys.
//
// A Scan reads only the columns that a question needs. Rules that look at one column are
// worked out once for each value of its dictionary; blocks and row groups that cannot
// hold what is asked for are not read. IPv4 addresses are members as they are, all else
// by the number that it got when it was first met, never by a hash.
//
// Memory: Count holds Options.Memory of tables, and for each worker 4 MiB of members on
// their way there, 8 MiB of columns, and the dictionaries of one row group; besides, each
// distinct name and each address other than public IPv4 once. Where the tables would be
// larger, members are counted in several scans, a part of them in each.
package count
