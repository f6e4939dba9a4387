#include <ottla/configuration/internal/draft.hpp>
#include <ottla/configuration/internal/nearest.hpp>
#include <ottla/configuration/internal/schema.hpp>
#include <ottla/configuration/internal/toml_reader.hpp>
#include <ottla/configuration/internal/variables.hpp>
#include <ottla/configuration/load_settings.hpp>
#include <ottla/kafka/internal/settings/name_limits.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <fstream>
#include <tuple>
#include <utility>

namespace ottla::kafka {

namespace {

constexpr std::size_t most_bytes = 1024 * 1024;

/// One connection while its settings are stored.
struct draft_connection {
  draft made = {};
  /// Where each target was set, and by which key, within one source.
  std::map<std::string, std::string> keys_of_targets = {};
  /// Where the first key of SASL or TLS stands, for faults of several keys.
  place security = {};
  /// Where the connection begins.
  place begins = {};
};

class assembly {
public:
  void store_all(const std::vector<given_setting>& settings) {
    for (auto& [name, each] : drafts_)
      each.keys_of_targets.clear();
    for (const auto& each : settings)
      store(each);
  }

  void add_connection(const std::string& name, place where) {
    drafts_.emplace(name, draft_connection{.begins = std::move(where)});
  }

  void add_faults(std::vector<placed_fault> faults) {
    for (auto& each : faults)
      faults_.push_back(std::move(each));
  }

  std::vector<std::string> names() const {
    std::vector<std::string> all;
    for (const auto& [name, each] : drafts_)
      all.push_back(name);
    return all;
  }

  loaded_settings finish() {
    loaded_settings loaded;
    for (const auto& [name, each] : drafts_) {
      for (auto& fault : each.made.faults())
        faults_.push_back({each.security, fmt::format("connections.{}: {}", shown(name), fault)});
      auto made = each.made.finished();
      made.name = name;
      loaded.connections.emplace(name, std::move(made));
    }
    std::ranges::stable_sort(faults_, {}, [](const auto& fault) {
      // Faults of variables come last.
      return std::tuple{fault.where.line == 0, fault.where.line, fault.where.column};
    });
    for (const auto& each : faults_)
      loaded.faults.push_back(fmt::format("{}: {}", each.where.text, each.why));
    if (!loaded.faults.empty())
      loaded.connections.clear();
    return loaded;
  }

private:
  void complain(const given_setting& about, const std::string& why) {
    const auto between = about.written.empty() || why.starts_with(":") ? "" : " ";
    faults_.push_back({about.where, about.written + between + why});
  }

  void store(const given_setting& given) {
    if (given.key.empty()) {
      add_connection(given.connection, given.where);
      return;
    }
    auto& into = drafts_[given.connection];
    const bool is_table = std::holds_alternative<empty_table>(given.value.data);
    if (is_table && is_known_table(given.key)) {
      note_part(into, given);
      return;
    }
    const auto* field = find_field(given.key);
    if (field == nullptr) {
      complain(given, is_known_table(given.key) ? "must be a table" : unknown(given));
      return;
    }
    note_part(into, given);
    if (const auto [first, is_new] = into.keys_of_targets.emplace(field->target, given.key);
        !is_new && !field->is_table)
      complain(given, fmt::format("must not be set together with {}", first->second));
    const auto name = field->is_table ? given.key.substr(field->key.size() + 1) : std::string{};
    if (const auto fault = field->store(*field, into.made, name, given.value); !fault.empty())
      complain(given, fault);
  }

  /// An optional part of a connection exists if one of its keys is given, or its empty table.
  static void note_part(draft_connection& into, const given_setting& given) {
    const auto is_in = [&](std::string_view table) {
      return given.key == table || given.key.starts_with(std::string{table} + '.');
    };
    if (is_in("group_consumer"))
      into.made.has_group = true;
    if (is_in("producing"))
      into.made.has_producing = true;
    if (is_in("security.tls") && given.key != "security.tls.enabled")
      into.made.has_tls = true;
    if (is_in("security.sasl"))
      into.made.has_sasl = true;
    if (is_in("security") && into.security.text.empty())
      into.security = given.where;
  }

  static std::string unknown(const given_setting& given) {
    std::vector<std::string> keys;
    for (const auto& each : connection_schema())
      keys.push_back(each.key);
    const auto similar = nearest(given.key, keys);
    if (!similar)
      return "is not a known key";
    const auto begin = given.written.substr(
      0, given.written.size() - std::min(given.written.size(), shown(given.key).size()));
    return fmt::format("is not a known key; the nearest is {}{}", begin, *similar);
  }

  std::map<std::string, draft_connection> drafts_;
  std::vector<placed_fault> faults_;
};

loaded_settings failed(const std::string& path, const std::string& why) {
  return {.faults = {fmt::format("{}: {}", shown(path), why)}};
}

} // namespace

loaded_settings parse_settings(std::string_view text, std::string_view name,
                               const environment& variables) {
  assembly all;
  auto from_file = read_toml(text, name);
  all.add_faults(std::move(from_file.faults));
  all.store_all(from_file.settings);
  for (const auto& each : named_connections(variables))
    all.add_connection(each, {.text = "OTTLA_CONNECTIONS"});
  auto from_variables = read_variables(variables, all.names());
  all.add_faults(std::move(from_variables.faults));
  all.store_all(from_variables.settings);
  return all.finish();
}

loaded_settings load_settings(const std::string& path, const environment& variables) {
  errno = 0;
  std::ifstream in{path, std::ios::binary};
  if (!in.is_open())
    return failed(path, fmt::format("cannot be read: {}", std::strerror(errno)));
  std::string text(most_bytes + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (in.bad())
    return failed(path, fmt::format("cannot be read: {}", std::strerror(errno)));
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (text.size() > most_bytes)
    return failed(path, "has more than 1 MiB");
  return parse_settings(text, path, variables);
}

} // namespace ottla::kafka
