#include <ottla/kafka/fetch/fetch.hpp>
#include <ottla/kafka/internal/driver/librdkafka_driver.hpp>
#include <ottla/kafka/internal/fetch/fetch_from.hpp>

namespace ottla::kafka {

result<fetched_records> fetch(const cluster_settings& cluster, const fetch_settings& what,
                              saturating<std::chrono::milliseconds> within) {
  return fetch_from(*make_librdkafka_driver(cluster), what, within);
}

} // namespace ottla::kafka
