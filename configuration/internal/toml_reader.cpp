#include <ottla/configuration/internal/toml_hazards.hpp>
#include <ottla/configuration/internal/toml_reader.hpp>
#include <ottla/kafka/internal/settings/name_limits.hpp>

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <toml++/toml.h>
#include <utility>

namespace ottla::kafka {

namespace {

constexpr std::string_view connections = "connections";

/// Removes what toml++ quotes, because a value may be a password. Keeps single punctuation marks.
std::string without_quotes(std::string_view description) {
  std::string kept;
  for (std::size_t at = 0; at < description.size(); ++at) {
    kept += description[at];
    if (description[at] != '\'')
      continue;
    const bool is_punctuation
      = at + 2 < description.size() && description[at + 2] == '\''
        && std::string_view{"=[]{},.:#\"'"}.find(description[at + 1]) != std::string_view::npos;
    if (is_punctuation) {
      kept += description.substr(at + 1, 2);
      at += 2;
      continue;
    }
    // The quoted text may contain quotes, so everything up to the last quote is removed.
    const auto end = description.rfind('\'');
    if (end == at)
      return kept + "…";
    kept += "…'";
    at = end;
  }
  return kept;
}

place place_of(const toml::source_region& where, std::string_view name) {
  return {where.begin.line, where.begin.column,
          fmt::format("{}:{}:{}", name, where.begin.line, where.begin.column)};
}

class toml_reader {
public:
  explicit toml_reader(std::string_view name) : name_{name} {}

  read_settings take() { return std::move(read_); }

  void read_root(const toml::table& root) {
    for (const auto& [key, value] : root) {
      if (key.str() != connections)
        complain(key.source(), fmt::format("{} is not a known key; the nearest is {}",
                                           shown(std::string{key.str()}), connections));
      else if (const auto* all = value.as_table())
        read_connections(*all);
      else
        complain(key.source(), "connections must be a table");
    }
  }

private:
  void read_connections(const toml::table& all) {
    for (const auto& [key, value] : all) {
      const std::string name{key.str()};
      written_ = fmt::format("{}.{}", connections, shown(name));
      connection_ = name;
      if (const auto* settings = value.as_table()) {
        add({}, raw_value{.data = empty_table{}}, key.source());
        read_table(*settings, {});
      } else {
        complain(key.source(), written_ + " must be a table");
      }
    }
  }

  void read_table(const toml::table& from, const std::string& prefix) {
    for (const auto& [key, value] : from) {
      const auto path
        = prefix.empty() ? std::string{key.str()} : fmt::format("{}.{}", prefix, key.str());
      if (const auto* below = value.as_table(); below != nullptr && !below->empty())
        read_table(*below, path);
      else
        add(path, value_of(value), key.source());
    }
  }

  static raw_value value_of(const toml::node& node) {
    if (const auto* text = node.as_string())
      return {.data = text->get()};
    if (const auto* number = node.as_integer())
      return {.data = number->get()};
    if (const auto* number = node.as_floating_point())
      return {.data = number->get()};
    if (const auto* yes = node.as_boolean())
      return {.data = yes->get()};
    if (node.is_table())
      return {.data = empty_table{}};
    const auto* array = node.as_array();
    if (array == nullptr)
      return {};
    raw_value::list texts;
    for (const auto& each : *array)
      if (const auto* text = each.as_string())
        texts.push_back(text->get());
      else
        return {};
    return {.data = std::move(texts)};
  }

  void add(const std::string& path, raw_value value, const toml::source_region& where) {
    read_.settings.push_back({.connection = connection_,
                              .key = path,
                              .value = std::move(value),
                              .where = place_of(where, name_),
                              .written = path.empty() ? written_ : written_ + '.' + shown(path)});
  }

  void complain(const toml::source_region& where, const std::string& why) {
    read_.faults.push_back({place_of(where, name_), why});
  }

  std::string_view name_;
  /// The connection that is read, as it is and for texts.
  std::string connection_;
  std::string written_;
  read_settings read_;
};

} // namespace

read_settings read_toml(std::string_view text, std::string_view name) {
  if (const auto hazard = find_toml_hazard(text))
    return {.faults = {{{hazard->line, hazard->column,
                         fmt::format("{}:{}:{}", name, hazard->line, hazard->column)},
                        std::string{hazard->text}}}};
  const auto parsed = toml::parse(text);
  if (!parsed) {
    const auto& fault = parsed.error();
    return {.faults
            = {{place_of(fault.source(), name), shown(without_quotes(fault.description()))}}};
  }
  toml_reader reader{name};
  reader.read_root(parsed.table());
  return reader.take();
}

} // namespace ottla::kafka
