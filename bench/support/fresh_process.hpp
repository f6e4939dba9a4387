#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace bench {

/// Starts this program again with these arguments, and returns the figures that it prints on one
/// line. Use it for figures that a process can measure only once. Freed memory, for example, hides
/// later allocations. Throws std::runtime_error if the program prints fewer figures, or no line
/// within 5 minutes.
std::vector<double> ask_fresh_process(std::vector<std::string> arguments, std::size_t figures);

} // namespace bench
