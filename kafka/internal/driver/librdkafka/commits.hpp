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

/// Commits of a group member that have no answer yet.
///
/// A broker may reject a commit that arrives after the member's JoinGroup request, since the
/// commit's generation may be over. After the rejection, librdkafka up to 2.9 forgets the new
/// generation, and a cooperative member loses its partitions (librdkafka#4908). So a commit waits
/// in two cases:
/// - The member joins. A join lasts from the JoinGroup request until the assignment event.
/// - The member is cooperative, librdkafka is 2.9 or older, and librdkafka may be about to join,
///   because a heartbeat or metadata response can trigger a join. librdkafka does not expose these
///   responses. So each commit waits until librdkafka has processed all earlier responses and has
///   sent the requests that these responses trigger, see join_probes. The wait takes about 100
///   microseconds.
///
/// librdkafka never joins while a rebalance is unanswered. So commits are sent at once during a
/// rebalance if the member has a generation.
///
/// Thread safety: one thread at a time.
class commits {
public:
  /// Posts failures to `events`. The metadata of each committed offset is the topic's entry in
  /// `starts`. The leader epoch of each committed offset is the epoch of the record before that
  /// offset. All arguments must outlive this object. Call close() and release() before the native
  /// handle is destroyed.
  commits(handle& of, event_box<consumer_event>& events, const topic_starts& starts,
          const leader_epochs& epochs);

  void ask(token asked, std::vector<position> next);

  /// Reads the answers to probes. Call after each ring of the bell of `events`.
  void read_probes();

  /// Reads the answer to a commit. Returns nullopt if no pending commit belongs to the event, or if
  /// the commit is sent again without epochs.
  std::optional<committed> answered(rd_kafka_event_t* event);

  /// Call when a rebalance event arrives. Sends waiting commits if the member has a generation.
  /// Otherwise the commits wait until the next join is over.
  void rebalance_told(bool has_generation);

  /// Call when the rebalance is answered. `joins_again` is true if librdkafka rejoins at once.
  void rebalance_answered(bool joins_again);

  /// Call when the member has lost its partitions. Waiting commits fail, because other members may
  /// consume these partitions already.
  void lost();

  /// Call before the member closes. Sends waiting commits at once, because a commit that may be
  /// rejected is better than no commit. After close(), commits are sent only while a rebalance is
  /// unanswered. librdkafka aborts the process if a commit arrives just after the consumer has
  /// closed.
  void close();

  /// Call close() first. After release() the native handle may be destroyed.
  void release() noexcept;

  /// Abandons one commit that will get no answer, and returns the failure of that commit. Returns
  /// nullopt if no commit is left.
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
  /// Queue for the answers to probes. These answers must not arrive in the member's own queue,
  /// which is checked for pending rebalances. Null if this member needs no probes.
  owned_queue probe_answers_;
  join_probes probes_;
};

} // namespace ottla::kafka
