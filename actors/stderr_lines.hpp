#pragma once

#include <ottla/actors/saturating.hpp>

#include <chrono>
#include <string_view>

namespace ottla {

/// Prints a line on stderr, in the order of the calls. The line end is added.
///
/// The caller never waits and nothing is thrown, whatever stderr is: a pipe that nobody reads, a
/// full disk, a stopped terminal, or closed. A separate thread writes to the file descriptor,
/// without stdio and its locks. At most 1,000 lines or 256 KiB wait; further lines are dropped, and
/// so are lines that stderr refuses. Once stderr accepts lines again, a line reports how many were
/// dropped. A line is cut after 8 KiB.
///
/// Nothing is printed if stderr was closed when the program started, or has become a socket. File
/// descriptor 2 may then be a file or a connection of other code.
///
/// Thread safety: call from any thread.
void print_line(std::string_view line) noexcept;

/// Waits at most `within` until all lines are written or dropped. Does not wait at all if an
/// earlier flush_lines gave up and stderr has accepted nothing since. False if lines were not
/// written, or were dropped without a report.
///
/// An exit of the program does the same for 200 ms.
bool flush_lines(saturating<std::chrono::nanoseconds> within) noexcept;

} // namespace ottla
