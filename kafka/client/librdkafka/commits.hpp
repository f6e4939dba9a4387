#pragma once

#include <ottla/kafka/client/events.hpp>
#include <ottla/kafka/client/librdkafka/event_box.hpp>
#include <ottla/kafka/client/librdkafka/handle.hpp>
#include <ottla/kafka/client/librdkafka/join_probes.hpp>
#include <ottla/kafka/client/librdkafka/topic_starts.hpp>

#include <librdkafka/rdkafka.h>

#include <map>
#include <optional>
#include <vector>

namespace ottla::kafka {

/// What a member of a group has asked to commit, until it is answered.
///
/// A commit that a broker sees behind a request to join is refused, since the generation that it
/// was sent with is over. Up to 2.9 librdkafka then forgets the new generation, and the member
/// loses its partitions (librdkafka#4908). So commits wait
/// - while the member joins: from the request to join until it is told of its assignment,
/// - while librdkafka may be about to join, since the answer to a heartbeat or to a request for
///   metadata can have it join. librdkafka does not say what the answer was. So each commit waits
///   until librdkafka has read all answers so far, and has sent what they make it send, see
///   join_probes. That takes some 100 microseconds.
/// While a rebalance waits for its answer librdkafka never joins, and nothing waits.
///
/// Thread safety: one thread at a time.
class commits {
public:
  /// Failures are posted to `events`. What `starts` knows of a topic is committed with its offsets.
  /// All three must outlive this, `of` by more than this can use: see close().
  commits(handle& of, event_box<consumer_event>& events, const topic_starts& starts);

  void ask(token asked, std::vector<position> next);

  /// Reads the answers to probes. Call whenever the bell of `events` has rung.
  void read_probes();

  /// The answer to one of them; nothing: it was none.
  std::optional<committed> answered(rd_kafka_event_t* event);

  /// The member is told of a rebalance, which waits for its answer: what has waited is sent, unless
  /// the member has to join once more for a generation to commit in.
  void rebalance_told(bool has_generation);

  /// The rebalance has its answer, or will have it next. `joins_again`: librdkafka joins at once.
  void rebalance_answered(bool joins_again);

  /// It has lost what it was assigned: what has waited is not sent any more, as others go on there.
  void lost();

  /// The member closes next: what waits is sent, since a late commit is better than none. What is
  /// asked for later is sent only while a rebalance waits for its answer: librdkafka aborts the
  /// process where a commit comes just when it has closed.
  void close();

  /// Close first. Afterwards nothing refers to the native handle any more, which may be destroyed.
  void release() noexcept;

  /// Of those without an answer one, which will have none; nothing: there is none left.
  std::optional<committed> give_up_one();

private:
  void send_waiting();
  void send_if_safe();
  void send(token asked);
  bool send_probe();
  void fail(token asked, rd_kafka_resp_err_t why);

  handle& handle_;
  event_box<consumer_event>& events_;
  const topic_starts& starts_;
  std::map<token, std::vector<position>> unanswered_;
  std::vector<token> waiting_;
  bool in_rebalance_ = false;
  bool closes_ = false;
  /// Answers to probes have a queue of their own: whoever looks whether a rebalance waits in the
  /// member's queue is not to find them there. Null: this member needs no probes.
  queue_ref probe_answers_;
  join_probes probes_;
};

} // namespace ottla::kafka
