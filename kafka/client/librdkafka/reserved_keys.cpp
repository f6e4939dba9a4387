#include <ottla/kafka/client/librdkafka/reserved_keys.hpp>

#include <algorithm>
#include <array>

namespace ottla::kafka {

namespace {

struct reserved_key {
  std::string_view key;
  std::string_view why;
};

constexpr std::string_view acked_only = "only what was acknowledged is committed";
constexpr std::string_view begin = "where to begin is resolved before fetching, see begin_offset";
constexpr std::string_view brokers = "set client_settings::brokers";
constexpr std::string_view linger = "set producer_settings::linger";
constexpr std::string_view delivery_timeout = "set producer_settings::delivery_timeout";
constexpr std::string_view metadata = "set client_settings::metadata_interval";
constexpr std::string_view buffer = "set producer_settings::buffer_bytes";

constexpr auto reserved_keys = std::to_array<reserved_key>({
  {"auto.commit.enable", acked_only},
  {"auto.commit.interval.ms", acked_only},
  {"auto.offset.reset", begin},
  {"bootstrap.servers", brokers},
  {"client.id", "set client_settings::client_id"},
  {"default_topic_conf", "it is of no use as a text"},
  {"delivery.report.only.error", "every record is reported"},
  {"delivery.timeout.ms", delivery_timeout},
  {"enable.auto.commit", acked_only},
  {"enable.auto.offset.store", acked_only},
  {"enable.idempotence", "set producer_settings::idempotent"},
  {"enable.partition.eof", "the runtime reads the ends of partitions itself"},
  {"enabled_events", "the runtime chooses its events"},
  {"fetch.min.bytes", "set consumer_settings::fetch_min_bytes"},
  {"fetch.wait.max.ms", "set consumer_settings::fetch_wait"},
  {"group.id", "set consumer_settings::group"},
  {"group.instance.id", "set consumer_settings::instance"},
  {"group.protocol", "only the classic protocol is known here"},
  {"heartbeat.interval.ms", "set consumer_settings::heartbeat_interval"},
  {"interceptors", "it is of no use as a text"},
  {"linger.ms", linger},
  {"log.queue", "nobody reads that queue"},
  {"max.poll.interval.ms", "set consumer_settings::max_poll_interval"},
  {"message.timeout.ms", delivery_timeout},
  {"metadata.broker.list", brokers},
  {"metadata.max.age.ms", metadata},
  {"offset.store.method", acked_only},
  {"opaque", "it is of no use as a text"},
  {"partition.assignment.strategy", "set consumer_settings::strategy"},
  {"queue.buffering.max.kbytes", buffer},
  {"queue.buffering.max.ms", linger},
  {"queued.max.messages.kbytes", "set consumer_settings::memory"},
  {"session.timeout.ms", "set consumer_settings::session_timeout"},
  {"topic.metadata.refresh.interval.ms", metadata},
  {"transactional.id", "transactions are not supported"},
});

static_assert(std::ranges::is_sorted(reserved_keys, {}, &reserved_key::key));

} // namespace

std::optional<std::string_view> why_reserved(std::string_view key) {
  // Those of clients in other languages, which librdkafka itself does not know.
  if (key.starts_with("go.") || key.starts_with("dotnet."))
    return "it is for another client";
  if (key.ends_with("_cb"))
    return "callbacks are the runtime's own";
  const auto found = std::ranges::lower_bound(reserved_keys, key, {}, &reserved_key::key);
  if (found == reserved_keys.end() || found->key != key)
    return std::nullopt;
  return found->why;
}

} // namespace ottla::kafka
