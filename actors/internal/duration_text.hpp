#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace ottla::detail {

/// Prints the exact duration in the largest of ms, us and ns that gives a whole number: `-2000ms`,
/// `999us`, `-1ns`. `gap` separates number and unit.
std::string duration_text(std::chrono::nanoseconds value, std::string_view gap = "");

} // namespace ottla::detail
