#include <ottla/kafka/internal/driver/librdkafka/known_keys.hpp>
#include <ottla/kafka/internal/driver/librdkafka/refusal.hpp>
#include <ottla/kafka/internal/driver/librdkafka/reserved_keys.hpp>
#include <ottla/kafka/internal/driver/librdkafka/topic_configuration.hpp>
#include <ottla/kafka/internal/settings/name_limits.hpp>

#include <fmt/format.h>

#include <array>
#include <variant>

namespace ottla::kafka {

namespace {

const char* value_of(ack_level acks) noexcept {
  switch (acks) {
    case ack_level::none: return "0";
    case ack_level::leader: return "1";
    case ack_level::all: return "all";
  }
  return "all";
}

const char* value_of(codec compression) noexcept {
  switch (compression) {
    case codec::none: return "none";
    case codec::gzip: return "gzip";
    case codec::snappy: return "snappy";
    case codec::lz4: return "lz4";
    case codec::zstd: return "zstd";
  }
  return "none";
}

std::string refusal_of_topic_key(const std::string& key, const std::string& value) {
  if (similar_key(key) == key)
    return fmt::format(
      "\"{}\" is not a key of a single topic: set it in connection.producing.extra", key);
  return refusal_of_key(key, value);
}

/// Returns an empty text if librdkafka accepts the value.
std::string set(rd_kafka_topic_conf_t* conf, const std::string& key, const std::string& value) {
  // librdkafka truncates texts at a NUL byte.
  if (key.find('\0') != std::string::npos)
    return "extra has a key that contains a NUL";
  if (value.find('\0') != std::string::npos)
    return refusal_of_value(key, value.c_str(), "the value contains a NUL");
  std::array<char, 512> why{};
  switch (rd_kafka_topic_conf_set(conf, key.c_str(), value.c_str(), why.data(), why.size())) {
    case RD_KAFKA_CONF_OK: return {};
    case RD_KAFKA_CONF_UNKNOWN: return refusal_of_topic_key(key, value);
    case RD_KAFKA_CONF_INVALID: break;
  }
  return refusal_of_value(key, value, why.data());
}

} // namespace

std::vector<std::string> configure_topic(rd_kafka_topic_conf_t* conf,
                                         const topic_producer_settings& how) {
  std::vector<std::string> refusals;
  const auto apply = [&](const std::string& key, const std::string& value) {
    if (auto refusal = set(conf, key, value); !refusal.empty())
      refusals.push_back(std::move(refusal));
  };
  if (how.acks)
    apply("acks", value_of(*how.acks));
  if (how.compression)
    apply("compression.type", value_of(*how.compression));
  // The handle may have another partitioner for other topics, so murmur2 is set explicitly. All
  // partitioners except murmur2 are callbacks.
  if (how.partitioner && std::holds_alternative<murmur2>(*how.partitioner))
    apply("partitioner", "murmur2_random");
  for (const auto& [key, value] : how.extra)
    if (const auto why = why_reserved(key))
      refusals.push_back(refusal_of_reserved_key(key, *why));
    else
      apply(key, value);
  return refusals;
}

std::vector<std::string> refused_topic_settings(const topic_producer_settings& how) {
  const owned_topic_conf conf{rd_kafka_topic_conf_new()};
  auto lines = configure_topic(conf.get(), how);
  for (auto& line : lines)
    line = fmt::format("producers: topic \"{}\": {}", shown(how.topic), line);
  return lines;
}

} // namespace ottla::kafka
