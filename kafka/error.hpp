#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace ottla::kafka {

/// Failures of Kafka, grouped by what a program can do about them. error::text has the wording of
/// librdkafka or of the broker.
enum class errc : std::uint8_t {
  /// No broker answered in time. A retry can help.
  unreachable = 1,
  /// A request or a record was not confirmed in time. The broker may have carried out the request,
  /// or may have stored the record.
  timed_out,
  /// Bad credentials or a failed TLS handshake. A retry does not help.
  authentication_failed,
  /// The principal has no permission for the request. A retry does not help.
  not_authorized,
  /// The topic or partition does not exist, or does not exist yet.
  unknown_topic,
  /// create_topic: the topic exists already.
  topic_exists,
  /// The consumer group does not exist.
  unknown_group,
  /// The consumer group has members, so its offsets cannot be reset and it cannot be deleted.
  group_not_empty,
  /// A setting is not valid. The text names the setting.
  bad_setting,
  /// The record is larger than the producer or the broker allows.
  record_too_large,
  /// The commit was not stored, since the group is rebalancing. Its messages are delivered again,
  /// unless a later commit covers them.
  rebalance_in_progress,
  /// The sender is fenced, since a newer member, generation or producer has replaced it.
  fenced,
  /// The requested offset was deleted, or never existed.
  offset_out_of_range,
  /// The Kafka handle is closing or closed. Nothing was done.
  closed,
  /// The free part of producer_settings::buffer_bytes is too small for this produce. Nothing was
  /// sent. A later retry can help, unless the produce alone is larger than the buffer.
  buffer_full,
  /// The cluster or librdkafka does not support the request. A retry does not help.
  not_supported,
  /// Any other failure; see the text.
  other,
};

std::string_view to_string(errc code) noexcept;

/// One failure, as Kafka reports it.
struct error {
  errc code = errc::other;
  /// A retry can help.
  bool retriable = false;
  /// The Kafka handle that reported the error cannot be used any more. A new handle is needed.
  bool fatal = false;
  /// Description for people, without secrets.
  std::string text = {};
  /// Kafka's name of the error, for example `TOPIC_ALREADY_EXISTS`. Empty if the error does not
  /// come from a broker.
  std::string name = {};
};

/// One line for people: `unknown_topic: …text…`
std::string to_string(const error& what);

} // namespace ottla::kafka
