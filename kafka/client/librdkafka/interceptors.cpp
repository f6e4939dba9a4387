#include <ottla/kafka/client/librdkafka/fetched_batch.hpp>
#include <ottla/kafka/client/librdkafka/interceptors.hpp>

namespace ottla::kafka {

interceptors intercept(rd_kafka_conf_t* conf, std::size_t prefetch_bytes) {
  interceptors made{.spent = std::make_unique<spent_messages>(destroy_messages),
                    .joins = std::make_unique<join_watch>(),
                    .fetches = nullptr};
  free_before_answers(conf, *made.spent);
  watch_for_joins(conf, *made.joins);
  if (rd_kafka_version() < 0x020200ff) {
    made.fetches = std::make_unique<fetch_watch>(prefetch_bytes);
    watch_for_fetches(conf, *made.fetches);
  }
  return made;
}

} // namespace ottla::kafka
