#pragma once

#include <ottla/actors/process.hpp>
#include <ottla/kafka/group/group_context.hpp>
#include <ottla/kafka/group/messages.hpp>

#include <map>
#include <memory>
#include <optional>
#include <vector>

namespace ottla::kafka {

/// The member of the consumer group: it owns the Kafka handle, and the records of the partitions
/// it is assigned. Answers rebalances, commits what is acknowledged. Its end is the end of the
/// membership; nothing below it costs the group a rebalance. (brod's group coordinator, in Elsa.)
class coordinator : public process {
public:
  coordinator(caf::actor_config& config, process_context context, group_context_ptr group);

private:
  struct pending_assign {
    assigned what;
    token resolving = 0;
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

  caf::behavior set_up() override;
  void shutdown(const exit_reason& why) override;
  void terminated() override;

  attached attach_manager(const attach_request& who);
  void look_at_events();
  void handle(const assigned& event);
  void handle(const revoked& event);
  void handle(const committed& event);
  void handle(const resolved& event);
  void handle(const ends_known& event);
  void handle(const client_failed& event);
  void handle(const closed& event);

  void handle(const partition_failed& event);
  void resolve_beginnings();
  void begin_revoke(const revoked& event);
  void drain_overdue(kafka::round number);
  void revoke_drained(kafka::round number);
  void finish_revoke();
  void let_go(const std::vector<topic_partition>& partitions, bool lost);
  /// Nothing: all is committed already.
  std::optional<token> commit(const std::vector<topic_partition>& partitions);
  std::vector<topic_partition> assigned_partitions() const;
  void regular_work();
  void close();

  /// Without a manager nothing is missed: the next one asks for all of it when it attaches.
  template <class News>
  void tell_manager(News news) {
    if (auto manager = caf::actor_cast<caf::actor>(manager_))
      cast(this, manager, std::move(news));
  }

  group_context_ptr group_;
  std::unique_ptr<consumer> consumer_;
  caf::actor_addr manager_;
  std::int32_t generation_ = -1;
  std::map<topic_partition, record_ptr> records_;
  /// What the broker holds, as far as we know.
  std::map<topic_partition, std::int64_t> committed_;
  std::optional<token> commit_in_flight_;
  std::optional<pending_assign> assigning_;
  std::optional<pending_revoke> revoking_;
  kafka::round last_round_ = 0;
  std::optional<exit_reason> stop_reason_;
  bool closing_ = false;
};

} // namespace ottla::kafka
