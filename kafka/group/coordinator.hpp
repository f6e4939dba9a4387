#pragma once

#include <ottla/actors/process.hpp>
#include <ottla/kafka/group/group_context.hpp>
#include <ottla/kafka/group/handle_restarts.hpp>
#include <ottla/kafka/group/join_deadline.hpp>
#include <ottla/kafka/group/messages.hpp>
#include <ottla/kafka/group_requests.hpp>
#include <ottla/supervision/detail/stop_deadline.hpp>

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

/// What a refused authorization is called in health; it is over when partitions are assigned.
inline constexpr std::string_view authorization_health = "authorization";

/// What settings that the brokers refuse are called in health (a session timeout beyond their
/// limits, an assignor that the other members do not know); over when partitions are assigned or
/// something is committed.
inline constexpr std::string_view settings_health = "settings";

/// The member of the consumer group: it owns the Kafka handle, and the records of the partitions
/// it is assigned. Answers rebalances, commits what is acknowledged. Its end is the end of the
/// membership; nothing below it costs the group a rebalance. (brod's group coordinator, in Elsa.)
class coordinator : public process {
public:
  coordinator(caf::actor_config& config, process_context context, group_context_ptr group);

private:
  struct pending_assign {
    assigned what;
    /// Look-ups of beginnings that are not answered.
    std::set<token> resolving;
    std::map<topic_partition, beginning> found;
  };

  struct pending_revoke {
    kafka::round number = 0;
    revoked what;
    bool drained = false;
    /// Some worker did not finish in time.
    bool overdue = false;
    /// The last commit before the partitions go.
    std::optional<token> committing;
  };

  /// What the broker holds for a partition, as far as we know.
  struct stored_offset {
    /// Nothing below it needs to be committed.
    std::int64_t next = 0;
    /// It was committed, by whomever; otherwise it is where we began.
    bool is_committed = false;
    /// The first offset that was delivered.
    std::int64_t beginning = 0;
  };

  /// A look-up of ends, and who waits for it.
  struct lag_question {
    std::vector<topic_partition> of;
    std::vector<caf::response_promise> askers;
  };

  caf::behavior set_up() override;
  void shutdown(const exit_reason& why) override;
  void terminated() override;

  // -- the handle: coordinator.cpp

  /// Nothing: it is open, and joins the group once its topics are known.
  std::optional<error> open();
  /// Ends the membership without ending this process, and opens the next handle after a pause.
  void replace_handle(handle_end why, const std::string& text);
  void note_pause(handle_end why, const std::string& text, std::chrono::nanoseconds pause);
  void open_next(std::uint64_t pause);
  /// Reads whether the member joins and whether its heartbeats are answered, for join_deadline.
  void look_at_membership();
  /// Notes whether the handle delivered a message of the partitions that are assigned now.
  void note_deliveries();
  /// Tells its supervisor once the handle is known to work.
  void look_at_progress();
  void replace_if_stuck();
  void describe_topics();
  void note_topics(const topics_described& found);
  void note_start();
  void note_no_partitions();
  void note_brokers(const error& why);
  void note_commit(const topic_partition& of);
  void note_failed_commit(const topic_partition& of, const error& why);
  /// Whether to ask for the topics again.
  bool in_doubt() const;
  void look_at_events();
  void handle(const committed& event);
  void handle(const client_failed& event);
  void handle(const client_logged& event);
  void handle(const closed& event);
  void handle(const partition_failed& event);
  std::optional<token> commit(const std::vector<topic_partition>& partitions);
  std::vector<topic_partition> assigned_partitions() const;
  /// All but those that are given back, with a commit of their own.
  std::vector<topic_partition> kept_partitions() const;
  bool is_drained(const topic_partition& which) const;
  void regular_work();
  std::chrono::nanoseconds time() { return now().time_since_epoch(); }
  void commit_if_due();
  void close();
  void close_overdue();

  // -- what it owes when it ends: coordinator_end.cpp

  /// During a stop: commits what is not confirmed, and closes when all is, or never will be.
  void commit_or_close(const committed& last);
  /// During a stop: closes in the middle of a join, if a commit waits for the join.
  void send_last_commit();
  std::chrono::nanoseconds leave_within();
  void leave_overdue();
  /// Counts the acknowledgements in this record that are not known to be committed.
  bool is_ending() const;
  /// Acknowledged messages that are not known to be committed.
  std::int64_t unconfirmed(const topic_partition& of, partition_record& record) const;
  void note_unconfirmed(const topic_partition& of, partition_record& record);
  void report_unconfirmed();
  /// The last commit of a revoke was not answered, or failed.
  void report_lost_commit(const pending_revoke& of);
  void report_unfinished(unfinished what);

  // -- which partitions there are: coordinator_rebalance.cpp

  attached attach_manager(const attach_request& who);
  void handle(const assigned& event);
  void handle(const revoked& event);
  void handle(const resolved& event);
  /// Commits where new partitions begin. Called after all pending events, as one of them may revoke
  /// the partitions.
  void commit_beginnings();
  void resolve_beginnings();
  void resolve(const std::vector<topic_partition>& partitions, const begin_offset& otherwise);
  /// All beginnings are known.
  void accept(const assigned& offer, const std::vector<beginning>& from);
  record_ptr make_record(const beginning& from, std::int32_t generation,
                         std::unique_ptr<partition_queue> queue);
  void share_memory();
  void begin_revoke(const revoked& event);
  void drain_overdue(kafka::round number);
  void revoke_drained(kafka::round number);
  void finish_revoke();
  void tell_hook_of_end();
  void let_go(const std::vector<topic_partition>& partitions, bool lost);

  // -- what a program asks: coordinator_requests.cpp

  caf::result<subscription> add_topics(const subscribe_topics& request);
  caf::result<paused_topics> pause(const pause_topics& request);
  caf::result<paused_topics> resume(const resume_topics& request);
  caf::result<lag_report> ask_lag();
  void handle(const ends_known& event);
  committed_offsets list_committed() const;
  caf::result<group_aborted> abort();
  void abort_done();
  void fail_lag_questions(const std::string& why);
  void fail_requests();

  /// Without a manager nothing is missed: the next one asks for all of it when it attaches.
  template <class News>
  void tell_manager(News news) {
    if (auto manager = caf::actor_cast<caf::actor>(manager_))
      cast(this, manager, std::move(news));
  }

  group_context_ptr group_;
  /// Null once the group was aborted, and during the pause between two handles.
  std::unique_ptr<consumer> consumer_;
  /// How many partitions it was opened for.
  std::size_t opened_for_ = 0;
  bool is_subscribed_ = false;
  bool describing_ = false;
  /// Topics that this process has seen missing.
  std::set<std::string> new_topics_;
  caf::actor_clock::time_point described_at_ = {};
  caf::actor_addr manager_;
  std::int32_t generation_ = -1;
  std::map<topic_partition, record_ptr> records_;
  std::map<topic_partition, stored_offset> stored_;
  std::optional<token> commit_in_flight_;
  std::chrono::nanoseconds next_commit_{};
  bool has_new_beginnings_ = false;
  std::optional<pending_assign> assigning_;
  std::optional<pending_revoke> revoking_;
  kafka::round last_round_ = 0;
  std::map<token, lag_question> lag_questions_;
  std::vector<caf::response_promise> abort_questions_;
  std::optional<exit_reason> stop_reason_;
  bool closing_ = false;
  /// The group, or the handle, has confirmed that this member has left.
  bool has_left_ = false;
  /// Lets the processes that end before leave time for the last commit.
  std::optional<stop_deadline::claim> needs_time_;
  /// Of a stop: partitions and messages whose acknowledgement is not known to be committed.
  std::size_t unconfirmed_partitions_ = 0;
  std::int64_t unconfirmed_messages_ = 0;
  handle_restarts restarts_;
  join_deadline joining_;
  /// The handle's heartbeats_answered() at the last look_at_membership().
  std::uint64_t heartbeats_answered_ = 0;
  /// Pauses between two handles so far; the timers of earlier ones are void.
  std::uint64_t pauses_ = 0;
};

} // namespace ottla::kafka
