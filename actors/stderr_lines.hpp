#pragma once

#include <ottla/actors/saturating.hpp>

#include <chrono>
#include <string_view>

namespace ottla {

/// Prints a line on stderr and adds the line end. Lines are printed in the order of the calls.
///
/// The caller never waits, even if stderr is a full pipe, a full disk or a stopped terminal, or is
/// closed. A separate thread writes to the file descriptor, without stdio and its locks. At most
/// 1,000 lines or 256 KiB wait. Further lines, and lines that stderr rejects, are dropped. When
/// stderr accepts output again, a line reports how many lines were dropped. A line is cut after 8
/// KiB.
///
/// Nothing is printed if stderr was closed when the program started, or has become a socket. File
/// descriptor 2 may then be a file or a connection of other code.
///
/// Thread safety: call from any thread.
void print_line(std::string_view line) noexcept;

/// Waits at most `within` until all lines are written or dropped. Does not wait at all if an
/// earlier flush_lines timed out and stderr has accepted nothing since. Returns false if lines
/// still wait, or were dropped and are not reported yet.
///
/// The exit of the program flushes lines for up to 200 ms.
bool flush_lines(saturating<std::chrono::nanoseconds> within) noexcept;

} // namespace ottla
