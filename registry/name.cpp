#include <ottla/registry/name.hpp>

#include <fmt/format.h>

#include <stdexcept>

namespace ottla {

void detail::add_part(std::string& name, std::string_view part) {
  if (part.empty())
    throw std::invalid_argument{
      fmt::format("a part of a name must not be empty, got \"\" after \"{}\"", name)};
  if (part.find('/') != std::string_view::npos)
    throw std::invalid_argument{
      fmt::format("a part of a name must not contain '/', got \"{}\"", part)};
  if (!name.empty())
    name += '/';
  name += part;
}

} // namespace ottla
