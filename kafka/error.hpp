#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace ottla::kafka {

/// Kinds of failures at the border to Kafka, as far as a program can act on them. The broker's own
/// code and wording are in error::text.
enum class errc : std::uint8_t {
  /// No broker answered within the time given. Trying again can help.
  unreachable = 1,
  /// A request was sent and not answered in time. It may have been carried out.
  timed_out,
  /// Bad credentials or a refused TLS handshake. Trying again does not help.
  authentication_failed,
  /// The principal may not do this. Trying again does not help.
  not_authorized,
  /// The topic or partition does not exist (yet).
  unknown_topic,
  /// create_topic: the topic exists already.
  topic_exists,
  /// A setting, named in the text, is not valid.
  bad_setting,
  /// The record is larger than the producer or the broker allows.
  record_too_large,
  /// The group is being rebalanced: the commit was not stored. Its records come again, unless a
  /// later commit covers them.
  rebalance_in_progress,
  /// This member, generation or producer was replaced by a newer one.
  fenced,
  /// The wanted offset was deleted, or never existed.
  offset_out_of_range,
  /// The handle is closing or was closed: nothing was done.
  closed,
  /// Too little of producer_settings::buffer_bytes is free for this produce: nothing was sent.
  /// Trying again later can help, unless the produce alone is larger than the buffer.
  buffer_full,
  /// Anything else; see the text.
  other,
};

std::string_view to_string(errc code) noexcept;

/// One failure, as Kafka reports it.
struct error {
  errc code = errc::other;
  /// Trying the same again can help.
  bool retriable = false;
  /// The handle that reported the error is finished; a new handle is needed.
  bool fatal = false;
  /// For people: lower case, values quoted, no secret.
  std::string text = {};
};

/// `unknown_topic: …text…`
std::string to_string(const error& what);

} // namespace ottla::kafka
