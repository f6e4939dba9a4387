#include <ottla/kafka/admin/cluster.hpp>
#include <ottla/kafka/internal/admin/ask.hpp>

namespace ottla::kafka {

result<cluster_description> describe_cluster(const cluster_settings& cluster,
                                             saturating<std::chrono::milliseconds> within) {
  return ask(cluster, describe_cluster_request{.within = within});
}

} // namespace ottla::kafka
