#pragma once

#include <ottla/kafka/internal/driver/events.hpp>
#include <ottla/kafka/internal/driver/librdkafka/event_box.hpp>
#include <ottla/kafka/internal/driver/librdkafka/handle.hpp>
#include <ottla/kafka/internal/driver/librdkafka/join_probes.hpp>
#include <ottla/kafka/internal/driver/librdkafka/leader_epochs.hpp>
#include <ottla/kafka/internal/driver/librdkafka/owned.hpp>
#include <ottla/kafka/internal/driver/librdkafka/topic_starts.hpp>

#include <librdkafka/rdkafka.h>

#include <map>
#include <optional>
#include <vector>

namespace ottla::kafka {

/// The commits of a group member that have no answer yet.
///
/// A broker rejects a commit that arrives after the member's JoinGroup request, since the commit's
/// generation is over. Up to 2.9 librdkafka then forgets the new generation, and the member loses
/// its partitions (librdkafka#4908). So a commit waits
/// - while the member joins: from the JoinGroup request until the assignment event,
/// - while librdkafka may be about to join: a heartbeat or metadata response can trigger a join.
/// librdkafka does not expose these responses. So each commit waits until librdkafka has processed
/// all earlier responses and sent the requests that they trigger, see join_probes. That takes some
/// 100 microseconds.
///
/// librdkafka never joins while a rebalance is unanswered. Commits are then sent at once, unless
/// the member has no generation.
///
/// Thread safety: one thread at a time.
class commits {
public:
  /// Posts failures to `events`. Commits what `starts` knows about a topic as metadata of the
  /// topic's offsets, and with each offset the epoch of the record before it. All arguments must
  /// outlive this object. Call close() and release() before the native handle is destroyed.
  commits(handle& of, event_box<consumer_event>& events, const topic_starts& starts,
          const leader_epochs& epochs);

  void ask(token asked, std::vector<position> next);

  /// Reads the answers to probes. Call whenever the bell of `events` has rung.
  void read_probes();

  /// Reads the answer to a commit. nullopt: no pending commit belongs to the event.
  std::optional<committed> answered(rd_kafka_event_t* event);

  /// A rebalance event arrived and is unanswered. Sends waiting commits if the member has a
  /// generation. Otherwise they wait for the next join.
  void rebalance_told(bool has_generation);

  /// Call when the rebalance is answered. `joins_again`: librdkafka rejoins at once.
  void rebalance_answered(bool joins_again);

  /// The member lost its partitions. Waiting commits fail instead of being sent, since other
  /// members resume there.
  void lost();

  /// Call before the member closes. Sends waiting commits: a late commit is better than none. Later
  /// commits are sent only while a rebalance is unanswered, because librdkafka aborts the process
  /// if a commit arrives just after the close.
  void close();

  /// Call close() first. Afterwards the native handle may be destroyed.
  void release() noexcept;

  /// Gives up one commit that will get no answer, and returns its failure. nullopt: no commit is
  /// left.
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
  const leader_epochs& epochs_;
  bool sends_epochs_ = true;
  std::map<token, std::vector<position>> unanswered_;
  std::vector<token> waiting_;
  bool in_rebalance_ = false;
  bool closes_ = false;
  /// Probe responses have their own queue, so that a check of the member's queue for a rebalance
  /// does not see them. Null if this member needs no probes.
  owned_queue probe_answers_;
  join_probes probes_;
};

} // namespace ottla::kafka
