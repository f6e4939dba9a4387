#include <ottla/configuration/internal/schema.hpp>
#include <ottla/configuration/reference.hpp>

#include <fmt/format.h>

namespace ottla::kafka {

namespace {

std::string in_code(const std::string& text) {
  return text.empty() ? "" : fmt::format("`{}`", text);
}

} // namespace

std::string settings_reference() {
  std::string text = "| key | variable | type | default | meaning |\n|---|---|---|---|---|\n";
  for (const auto& each : connection_schema())
    text
      += fmt::format("| `{}{}` | `…_{}{}` | {} | {} | {} |\n", each.key,
                     each.is_table ? ".KEY" : "", variable_of(each.key),
                     each.is_table ? "_KEY" : "", each.type, in_code(each.initial), each.meaning);
  return text;
}

} // namespace ottla::kafka
