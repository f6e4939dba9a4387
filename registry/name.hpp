#pragma once

#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>

namespace ottla {

/// Longest name in a registry, in bytes.
inline constexpr std::size_t longest_name = 300;

/// Throws std::invalid_argument, quoting the name, for one that is empty, longer than longest_name
/// or holds control characters.
void check_name(std::string_view name);

namespace detail {

void add_part(std::string& name, std::string_view part);

template <std::integral Number>
void add_part(std::string& name, Number part) {
  add_part(name, std::string_view{std::to_string(part)});
}

} // namespace detail

/// A structured name: `name_of("worker", topic, 3)` is `worker/orders/3`. Throws
/// std::invalid_argument for a part that is empty or holds a '/': two names could be one.
template <class... Parts>
std::string name_of(const Parts&... parts) {
  std::string name;
  (detail::add_part(name, parts), ...);
  return name;
}

/// The prefix of all names with these parts and more: `below("worker", topic)` is `worker/orders/`.
template <class... Parts>
std::string below(const Parts&... parts) {
  return name_of(parts...) + '/';
}

} // namespace ottla
