#pragma once

#include <ottla/actors/saturating.hpp>

#include <chrono>
#include <string_view>

namespace ottla {

/// Prints a line on stderr, in the order of the calls. The line end is added.
///
/// The caller never waits and nothing is thrown, whatever stderr is: a pipe that nobody reads, a
/// full disk, a stopped terminal, closed. A thread of its own writes to the file descriptor, past
/// stdio and its locks. At most 1,000 lines or 256 KiB wait; further ones are dropped, as are those
/// that stderr refuses. Once stderr takes lines again, a line says how many were dropped. A line is
/// cut after 8 KiB.
///
/// Nothing is printed where stderr was closed when the program started, or became a socket
/// meanwhile: file descriptor 2 may be a file or a connection of somebody else's then.
///
/// Thread safety: call from any thread.
void print_line(std::string_view line) noexcept;

/// Waits until all lines are written or dropped, at most `within`. Does not wait at all while
/// stderr takes nothing since an earlier flush_lines gave up. False: some were not written, or
/// dropped and nobody was told.
///
/// An exit of the program does the same for 200 ms.
bool flush_lines(saturating<std::chrono::nanoseconds> within) noexcept;

} // namespace ottla
