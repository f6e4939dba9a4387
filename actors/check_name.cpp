#include <ottla/actors/check_name.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <string>

namespace ottla {

bool has_control_characters(std::string_view text) {
  return std::ranges::any_of(
    text, [](char one) { return static_cast<unsigned char>(one) < 0x20 || one == 0x7f; });
}

void check_name(std::string_view name) {
  if (name.empty())
    throw std::invalid_argument{"a name must not be empty, got \"\""};
  if (name.size() > longest_name)
    throw std::invalid_argument{fmt::format("a name must have at most {} bytes, got {}: \"{}…\"",
                                            longest_name, name.size(), name.substr(0, 32))};
  if (has_control_characters(name))
    throw std::invalid_argument{
      fmt::format("a name must not contain control characters, got {:?}", std::string{name})};
}

} // namespace ottla
