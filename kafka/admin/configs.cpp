#include <ottla/kafka/admin/configs.hpp>
#include <ottla/kafka/internal/admin/ask.hpp>

namespace ottla::kafka {

result<std::vector<config_entry>> describe_configs(const cluster_settings& cluster,
                                                   const config_owner& owner,
                                                   saturating<std::chrono::milliseconds> within) {
  return ask(cluster, describe_configs_request{.owner = owner, .within = within});
}

result<void> alter_configs(const cluster_settings& cluster, const config_owner& owner,
                           const std::vector<config_change>& changes,
                           saturating<std::chrono::milliseconds> within) {
  return ask(cluster, alter_configs_request{.owner = owner, .changes = changes, .within = within});
}

} // namespace ottla::kafka
