#include <ottla/kafka/admin/records.hpp>
#include <ottla/kafka/internal/admin/ask.hpp>

namespace ottla::kafka {

result<std::vector<records_deleted>> delete_records(const cluster_settings& cluster,
                                                    const std::vector<records_before>& records,
                                                    saturating<std::chrono::milliseconds> within) {
  return ask(cluster, delete_records_request{.records = records, .within = within});
}

} // namespace ottla::kafka
