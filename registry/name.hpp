#pragma once

#include <ottla/actors/check_name.hpp>

#include <concepts>
#include <string>
#include <string_view>

namespace ottla {

namespace detail {

void add_part(std::string& name, std::string_view part);

template <std::integral Number>
void add_part(std::string& name, Number part) {
  add_part(name, std::string_view{std::to_string(part)});
}

} // namespace detail

/// Joins the parts of a structured name: `name_of("worker", topic, 3)` is `worker/orders/3`. Throws
/// std::invalid_argument if a part is empty or contains a '/', since different parts could then
/// give the same name.
template <class... Parts>
std::string name_of(const Parts&... parts) {
  std::string name;
  (detail::add_part(name, parts), ...);
  return name;
}

/// The common prefix of all names that start with these parts: `below("worker", topic)` is
/// `worker/orders/`.
template <class... Parts>
std::string below(const Parts&... parts) {
  return name_of(parts...) + '/';
}

} // namespace ottla
