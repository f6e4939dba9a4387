#pragma once

#include <ottla/kafka/client/events.hpp>
#include <ottla/kafka/client/librdkafka/event_box.hpp>
#include <ottla/kafka/client/librdkafka/handle.hpp>
#include <ottla/kafka/client/librdkafka/topic_starts.hpp>

#include <librdkafka/rdkafka.h>

#include <map>
#include <optional>
#include <vector>

namespace ottla::kafka {

/// What a member of a group has asked to commit, until it is answered.
///
/// What is asked for while it joins waits until it has. The broker would look at it after the
/// request to join, where the generation it is sent with is over. It would be refused, and up to
/// 2.9 librdkafka forgets its new generation then (librdkafka#4908): the member loses its
/// partitions, and others handle again what it could not commit. (Only a cooperative member has
/// something to commit while it joins.)
///
/// Thread safety: one thread at a time.
class commits {
public:
  /// Failures are posted to `events`. What `starts` knows of a topic is committed with its offsets.
  /// All three must outlive this.
  commits(handle& of, event_box<consumer_event>& events, const topic_starts& starts) noexcept
    : handle_{of}, events_{events}, starts_{starts} {}

  void ask(token asked, std::vector<position> next);

  /// The answer to one of them; nothing: it was none.
  std::optional<committed> answered(rd_kafka_event_t* event);

  /// It has joined: what has waited is sent.
  void joined();

  /// It has lost what it was assigned: what has waited is not sent any more, as others go on there.
  void lost();

  /// Of those without an answer one, which will have none; nothing: there is none left.
  std::optional<committed> give_up_one();

private:
  void send(token asked);
  void fail(token asked, rd_kafka_resp_err_t why);

  handle& handle_;
  event_box<consumer_event>& events_;
  const topic_starts& starts_;
  std::map<token, std::vector<position>> unanswered_;
  std::vector<token> waiting_;
};

} // namespace ottla::kafka
