#include <ottla/configuration/internal/conversions.hpp>

#include <fmt/format.h>

#include <array>
#include <string_view>
#include <utility>

namespace ottla::kafka {

namespace {

/// The partitioners that need no further value.
const std::array named_partitioners{
  std::pair{std::string_view{"murmur2"}, partitioner{murmur2{}}},
  std::pair{std::string_view{"md5"}, partitioner{md5{}}},
  std::pair{std::string_view{"random"}, partitioner{kafka::random{}}},
  std::pair{std::string_view{"round_robin"}, partitioner{round_robin{}}}};

} // namespace

std::string read(std::optional<partitioner>& to, const raw_value& from) {
  if (const auto* text = std::get_if<std::string>(&from.data))
    for (const auto& [name, how] : named_partitioners)
      if (name == *text) {
        to = how;
        return {};
      }
  return "must be one of " + type_of(to);
}

std::string type_of(const std::optional<partitioner>&) {
  std::string names;
  for (const auto& [name, how] : named_partitioners)
    names += fmt::format("{}\"{}\"", names.empty() ? "" : ", ", name);
  return names;
}

std::string written(const std::optional<partitioner>&) {
  return ""; // the settings without a file have no partitioner
}

} // namespace ottla::kafka
