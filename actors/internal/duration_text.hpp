#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace ottla::detail {

/// Prints the exact duration in ms, or in us or ns if it is no whole number of the larger unit:
/// `-2000ms`, `999us`, `-1ns`. `gap` separates number and unit.
std::string duration_text(std::chrono::nanoseconds value, std::string_view gap = "");

} // namespace ottla::detail
