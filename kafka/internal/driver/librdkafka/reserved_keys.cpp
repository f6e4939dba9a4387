#include <ottla/kafka/internal/driver/librdkafka/reserved_keys.hpp>

#include <algorithm>
#include <array>

namespace ottla::kafka {

namespace {

struct reserved_key {
  std::string_view key;
  std::string_view why;
};

constexpr std::string_view acked_only = "ottla commits only acknowledged offsets";
constexpr std::string_view begin = "set group_consumer.begin and group_consumer.when_missing";
constexpr std::string_view brokers = "set connection.brokers";
constexpr std::string_view commit_interval = "set group_consumer.commit_interval";
constexpr std::string_view linger = "set connection.producing.linger";
constexpr std::string_view delivery_timeout = "set connection.producing.delivery_timeout";
constexpr std::string_view metadata = "set connection.metadata_interval";
constexpr std::string_view buffer = "set connection.producing.buffer_bytes";
constexpr std::string_view no_text = "the value cannot be set as text";

constexpr auto reserved_keys = std::to_array<reserved_key>({
  {"auto.commit.enable", acked_only},
  {"auto.commit.interval.ms", commit_interval},
  {"auto.offset.reset", begin},
  {"bootstrap.servers", brokers},
  {"client.id", "set connection.client_id"},
  {"default_topic_conf", no_text},
  {"delivery.report.only.error", "ottla needs a report for every record"},
  {"delivery.timeout.ms", delivery_timeout},
  {"enable.auto.commit", acked_only},
  {"enable.auto.offset.store", acked_only},
  {"enable.idempotence", "set connection.producing.idempotent"},
  {"enable.partition.eof", "ottla needs the end events of partitions"},
  {"enabled_events", "ottla selects librdkafka's events"},
  {"fetch.wait.max.ms", "set group_consumer.fetch_wait"},
  {"group.id", "set group_consumer.group"},
  {"group.instance.id", "set group_consumer.instance"},
  {"group.protocol", "only the classic protocol is supported"},
  {"heartbeat.interval.ms", "set group_consumer.heartbeat_interval"},
  {"interceptors", no_text},
  {"internal.termination.signal", "signals belong to the application"},
  {"linger.ms", linger},
  {"log.queue", "log lines go to the observer"},
  {"max.poll.interval.ms", "set group_consumer.max_poll_interval"},
  {"message.timeout.ms", delivery_timeout},
  {"metadata.broker.list", brokers},
  {"metadata.max.age.ms", metadata},
  {"offset.store.method", acked_only},
  {"opaque", no_text},
  {"partition.assignment.strategy", "set group_consumer.strategy"},
  {"queue.buffering.max.kbytes", buffer},
  {"queue.buffering.max.ms", linger},
  {"queued.max.messages.kbytes", "set group_consumer.memory_bytes"},
  {"session.timeout.ms", "set group_consumer.session_timeout"},
  {"topic.metadata.refresh.interval.ms", metadata},
  {"transactional.id", "transactions are not supported"},
});

static_assert(std::ranges::is_sorted(reserved_keys, {}, &reserved_key::key));

const reserved_key* find(std::string_view key) {
  const auto found = std::ranges::lower_bound(reserved_keys, key, {}, &reserved_key::key);
  return found == reserved_keys.end() || found->key != key ? nullptr : &*found;
}

} // namespace

std::optional<std::string_view> why_reserved(std::string_view key) {
  // Keys of clients in other languages, which librdkafka itself does not know.
  if (key.starts_with("go.") || key.starts_with("dotnet."))
    return "the key belongs to another client";
  if (key.ends_with("_cb"))
    return "ottla sets all callbacks";
  const auto* found = find(key);
  return found == nullptr ? std::nullopt : std::optional{found->why};
}

bool is_reserved_by_name(std::string_view key) {
  return find(key) != nullptr;
}

} // namespace ottla::kafka
