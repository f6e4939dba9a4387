#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace bench {

/// Starts this program again with these arguments, and answers the figures that it prints on one
/// line. For what a process can be asked but once: freed memory, for one, hides what is taken next.
/// Throws std::runtime_error where it does not answer so many.
std::vector<double> ask_fresh_process(std::vector<std::string> arguments, std::size_t figures);

} // namespace bench
