#include <ottla/kafka/internal/driver/librdkafka_driver.hpp>
#include <ottla/kafka/internal/driver/send_once.hpp>
#include <ottla/kafka/producer/produce_once.hpp>

#include <utility>

namespace ottla::kafka {

result<produced> produce_once(const cluster_settings& cluster, const std::string& topic,
                              std::vector<record> records,
                              saturating<std::chrono::milliseconds> within) {
  return send_once(*make_librdkafka_driver(cluster), topic, std::move(records), within);
}

} // namespace ottla::kafka
