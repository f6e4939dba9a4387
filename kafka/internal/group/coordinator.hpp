#pragma once

#include <ottla/actors/process.hpp>
#include <ottla/kafka/consumer/group_requests.hpp>
#include <ottla/kafka/internal/group/assignment_offer.hpp>
#include <ottla/kafka/internal/group/commit_ledger.hpp>
#include <ottla/kafka/internal/group/group_context.hpp>
#include <ottla/kafka/internal/group/group_messages.hpp>
#include <ottla/kafka/internal/group/join_deadline.hpp>
#include <ottla/kafka/internal/group/membership_end.hpp>
#include <ottla/kafka/internal/group/missing_topics.hpp>
#include <ottla/kafka/internal/group/pending_revoke.hpp>
#include <ottla/kafka/internal/group/rejoin_backoff.hpp>
#include <ottla/supervision/internal/stop_deadline.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace ottla::kafka {

/// Health's name for a rejected authorization. An assignment of partitions clears the fault.
inline constexpr std::string_view authorization_health = "authorization";

/// Health's name for settings that the brokers reject: a session timeout beyond their limits, or an
/// assignor that the other members do not know. An assignment of partitions or a successful commit
/// clears the fault.
inline constexpr std::string_view settings_health = "settings";

/// The member of the consumer group, or a consumer without a group: groupless_handle says how. Owns
/// the Kafka handle and the states of the assigned partitions, answers rebalances, and commits
/// acknowledged offsets. The membership ends with this process. A crash of another process of the
/// member causes no rebalance. The model is brod's group coordinator, which Elsa uses.
class coordinator : public process {
public:
  coordinator(caf::actor_config& config, process_context context, group_context_ptr group);

private:
  /// A look-up of log ends, and the requests that wait for it.
  struct lag_question {
    std::vector<topic_partition> of;
    std::vector<caf::response_promise> askers;
  };

  caf::behavior set_up() override;
  void shutdown(const exit_reason& why) override;
  void terminated() override;

  // -- the Kafka handle: coordinator_handle.cpp

  /// Opens a handle, which joins the group once the topics are known. Returns the error, or nullopt
  /// if the handle is open.
  std::optional<error> open();
  result<std::unique_ptr<consumer_handle>> open_consumer();
  /// Ends the membership, and opens the next handle after a pause. This process continues. In a
  /// stop, ends this process instead. After an abort, opens no handle.
  void replace_handle(rejoin_cause why, const std::string& text);
  void note_pause(rejoin_cause why, const std::string& text, std::chrono::nanoseconds pause);
  void open_next(std::uint64_t pause);
  /// Updates the join_deadline: whether the member is joining, and whether its heartbeats are
  /// answered.
  void check_membership();
  /// Notes whether the handle has delivered a message of the assigned partitions.
  void note_deliveries();
  /// Reports this process as healthy to its supervisor once the handle has proved that it works.
  void check_progress();
  void replace_if_stuck();
  void handle(const partition_failed& event);

  // -- events and commits: coordinator.cpp

  void handle_events();
  void handle(const committed& event);
  void handle(const closed& event);
  std::optional<token> commit(const std::vector<topic_partition>& partitions);
  /// Sends a regular commit of the kept_partitions(). False if nothing needs a commit.
  bool commit_kept();
  std::vector<topic_partition> assigned_partitions() const;
  /// The assigned partitions, except partitions of a drained revoke, which has its own commit.
  std::vector<topic_partition> kept_partitions() const;
  void regular_work();
  std::chrono::nanoseconds time() { return now().time_since_epoch(); }
  void commit_if_due();
  void close();
  void close_overdue();

  // -- topics, and the subscription: coordinator_subscription.cpp

  void describe_topics();
  void note_topics(const topics_described& found);
  /// Notes the partitions that a consumer without a group wants and that do not exist.
  void note_missing_partitions(const std::vector<topic_info>& known);
  caf::result<subscription> add_topics(const subscribe_topics& request);
  caf::result<paused_topics> handle(const pause_topics& request);
  caf::result<paused_topics> handle(const resume_topics& request);

  // -- reports to health: coordinator_health.cpp

  void note_start();
  void note_aborted();
  /// After an abort, notes the abort instead.
  void note_no_partitions();
  void note_brokers(const error& why);
  /// Clears the failures of partitions that are fetched again. A commit clears a failure too, but
  /// an idle partition commits nothing.
  void clear_fetch_failures();
  void note_commit(const topic_partition& of);
  void note_failed_commit(const topic_partition& of, const error& why);
  void handle(const handle_failed& event);
  void handle(const handle_logged& event);
  /// Whether to describe the topics again: the member has not subscribed, or health has a fault of
  /// the brokers or of a topic.
  bool in_doubt() const;

  // -- the end of the membership: coordinator_end.cpp

  membership_end::pending under_way() const;
  void take(membership_end::step next);
  std::chrono::nanoseconds leave_within();
  /// Whether this process was asked to end, or the application is stopping.
  bool is_ending() const;
  void note_unconfirmed(const topic_partition& of, partition_state& state);
  /// Without a group, the acknowledged offset outlives this process.
  void keep_offset(const topic_partition& of, partition_state& state);
  void report_unconfirmed();
  /// Reports acknowledged messages of a revoke whose last commit failed or was not answered.
  void report_lost_commit(const pending_revoke& of);
  void report_unfinished(unfinished what);

  // -- assignments: coordinator_rebalance.cpp

  attached attach_manager(const attach_request& who);
  void handle(const assigned& event);
  void handle(const resolved& event);
  /// Commits the first offsets of new partitions. Called after all pending events are handled,
  /// since one of the events may revoke the partitions.
  void commit_beginnings();
  void resolve_beginnings();
  /// Accepts the assignment after all first offsets are resolved.
  void accept(const assigned& offer, const std::vector<beginning>& from);
  state_ptr make_state(const beginning& from, std::int32_t generation,
                       std::unique_ptr<partition_queue> queue);
  void share_memory();

  // -- revokes: coordinator_revoke.cpp

  void handle(const revoked& event);
  void begin_revoke(const revoked& event);
  void end_overdue_drain(revoke_number number);
  void revoke_drained(revoke_number number, drain_end how);
  void finish_revoke();
  void tell_hook_of_end();
  /// After `lost`, another member may have the partitions already, so no commit is possible.
  enum class assignment_end : std::uint8_t { revoked, lost };
  void give_back(const std::vector<topic_partition>& partitions, assignment_end how);

  // -- the lag: coordinator_lag.cpp

  caf::result<lag_report> ask_lag();
  void handle(const ends_known& event);
  void fail_lag_questions(const std::string& why);

  // -- other requests of the program: coordinator_requests.cpp

  committed_offsets list_committed() const;
  caf::result<group_aborted> abort();
  void abort_done();
  void fail_requests();

  /// Drops the message if no manager lives. The next manager gets the whole state when it attaches.
  template <class News>
  void tell_manager(News news) {
    if (auto manager = caf::actor_cast<caf::actor>(manager_))
      cast(this, manager, std::move(news));
  }

  group_context_ptr group_;
  /// Null after the group was aborted, and during the pause between two handles.
  std::unique_ptr<consumer_handle> consumer_;
  /// Number of partitions that the handle was opened for.
  std::size_t opened_for_ = 0;
  bool is_subscribed_ = false;
  missing_topics missing_topics_;
  caf::actor_addr manager_;
  std::int32_t generation_ = -1;
  std::map<topic_partition, state_ptr> states_;
  /// Partitions whose fetch failure is noted in health.
  std::set<topic_partition> fetch_failures_;
  commit_ledger ledger_;
  std::optional<assignment_offer> assigning_;
  std::optional<pending_revoke> revoking_;
  revoke_number last_revoke_ = 0;
  std::map<token, lag_question> lag_questions_;
  std::vector<caf::response_promise> abort_questions_;
  std::optional<exit_reason> stop_reason_;
  membership_end ending_;
  /// While set, processes that end earlier in a stop leave time for the last commit.
  std::optional<stop_deadline::claim> needs_time_;
  /// Used in a stop. Upper bound of acknowledged messages that are not confirmed as committed, and
  /// number of partitions with such messages.
  std::size_t unconfirmed_partitions_ = 0;
  std::int64_t unconfirmed_messages_ = 0;
  rejoin_backoff rejoins_;
  join_deadline joining_;
  /// The handle's heartbeats_answered() at the last check_membership().
  std::uint64_t heartbeats_answered_ = 0;
  /// Number of the last pause between two handles. Timers of earlier pauses are stale.
  std::uint64_t pauses_ = 0;
};

} // namespace ottla::kafka
