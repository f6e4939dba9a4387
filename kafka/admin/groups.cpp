#include <ottla/kafka/admin/groups.hpp>
#include <ottla/kafka/internal/admin/ask.hpp>

namespace ottla::kafka {

result<group_list> list_groups(const cluster_settings& cluster,
                               saturating<std::chrono::milliseconds> within) {
  return ask(cluster, list_groups_request{.within = within});
}

result<std::vector<group_description>>
describe_groups(const cluster_settings& cluster, const std::vector<std::string>& groups,
                saturating<std::chrono::milliseconds> within) {
  return ask(cluster, describe_groups_request{.groups = groups, .within = within});
}

result<std::vector<partition_offset>>
fetch_committed_offsets(const cluster_settings& cluster, const std::string& group,
                        saturating<std::chrono::milliseconds> within) {
  return ask(cluster, fetch_committed_offsets_request{.group = group, .within = within});
}

result<std::vector<partition_lag>> fetch_lag(const cluster_settings& cluster,
                                             const std::string& group,
                                             saturating<std::chrono::milliseconds> within) {
  return ask(cluster, fetch_lag_request{.group = group, .within = within});
}

result<std::vector<partition_reset>> reset_offsets(const cluster_settings& cluster,
                                                   const group_reset& what,
                                                   saturating<std::chrono::milliseconds> within) {
  return ask(cluster, reset_offsets_request{.what = what, .within = within});
}

result<std::vector<group_outcome>> delete_groups(const cluster_settings& cluster,
                                                 const std::vector<std::string>& groups,
                                                 saturating<std::chrono::milliseconds> within) {
  return ask(cluster, delete_groups_request{.groups = groups, .within = within});
}

} // namespace ottla::kafka
