#include <ottla/kafka/internal/admin/merged_configs.hpp>
#include <ottla/kafka/internal/settings/name_limits.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace ottla::kafka {

result<std::map<std::string, std::string>> merge_configs(const config_owner& owner,
                                                         std::span<const config_entry> now,
                                                         std::span<const config_change> changes) {
  const auto own
    = std::holds_alternative<topic_configs>(owner) ? config_source::topic : config_source::broker;
  std::map<std::string, std::string> merged;
  for (const auto& each : now) {
    if (each.source != own
        || std::ranges::find(changes, each.name, &config_change::name) != changes.end())
      continue;
    if (!each.value)
      return error{.code = errc::not_supported,
                   .text
                   = fmt::format("librdkafka before 2.2 can only replace all configs of {}, and "
                                 "would remove its secret config \"{}\"",
                                 to_string(owner), shown(each.name))};
    merged.emplace(each.name, *each.value);
  }
  for (const auto& each : changes)
    if (each.value)
      merged.emplace(each.name, *each.value);
  return merged;
}

} // namespace ottla::kafka
