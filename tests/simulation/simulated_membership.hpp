#pragma once

#include <ottla/kafka/internal/driver/consumer_handle.hpp>
#include <ottla/kafka/internal/driver/consumer_handle_settings.hpp>
#include <ottla/kafka/internal/driver/offset_reset.hpp>

#include "simulated_cluster.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace ottla::kafka::simulation {

/// The client's side of a group: heartbeats, offers, revokes, and recovery after the broker has
/// removed this member. Simulates the work of librdkafka's own threads.
class membership : public std::enable_shared_from_this<membership> {
public:
  membership(simulated_cluster& of, std::size_t member, consumer_handle_settings settings);

  std::size_t member() const noexcept { return member_; }

  // -- from the consumer

  void wake_on_event(waker wake);
  std::optional<consumer_event> next_event();
  void subscribe();
  std::vector<std::unique_ptr<partition_queue>> assign(token answer,
                                                       std::span<const position> from);
  void unassign(token answer, std::span<const topic_partition> partitions);
  token commit(std::span<const position> next);
  token resolve(std::span<const topic_partition> partitions, begin_offset otherwise,
                begin_offset when_missing);
  token look_up_ends(std::span<const topic_partition> partitions);
  /// The group has this member's request to join, and waits for the other members.
  bool is_joining() const { return joining_ && id_ != 0 && reaches_group(); }
  std::uint64_t heartbeats_answered() const noexcept { return heartbeats_; }
  /// The member reaches the group's coordinator, and the coordinator knows the member.
  bool is_in_group() const { return reaches_group() && of_.group().knows(id_); }
  void close();
  /// The handle is destroyed.
  void depart();

  // -- from chaos

  void fail(bool fatal);
  /// Another member uses this member's instance id.
  void fence();

  // -- from the group

  /// All members have joined. `share` has the partitions of this member.
  void sync(std::int32_t generation, const std::set<topic_partition>& share);

private:
  struct offer {
    token answer = 0;
    std::vector<topic_partition> partitions;
    /// The beginnings that resolve has returned since the offer.
    std::map<topic_partition, beginning> beginnings = {};
  };
  struct request {
    token answer = 0;
    std::vector<topic_partition> partitions;
    bool lost = false;
  };

  bool cooperative() const noexcept;
  bool reaches_group() const {
    return of_.reachable(member_) && of_.coordinator_address() == address_;
  }
  bool busy() const noexcept { return offer_.has_value() || request_.has_value(); }
  void push(consumer_event event);
  void join_soon(moment delay);
  void beat();
  void beat_once();
  void give(std::vector<topic_partition> partitions);
  void ask_back(std::vector<topic_partition> partitions, bool lost);
  void rebalance();
  void lose(const char* why);
  void go_on();
  void begin_close();
  void finish_close();
  /// Commits with the member id and the generation at the time of the request.
  void apply_commit(token asked, simulated_group::member_id id, std::int32_t generation,
                    std::vector<position> next);
  void answer_commit(token asked, std::vector<position> next, std::optional<error> failed);
  std::int64_t offset_of(const topic_partition& which, const begin_offset& rule) const;
  beginning begin_of(const topic_partition& which, const beginning_rules& rules) const;
  void after(moment delay, void (membership::*then)());

  simulated_cluster& of_;
  scene& on_;
  std::size_t member_;
  /// Address of the group's coordinator when the handle was opened.
  std::size_t address_;
  consumer_handle_settings settings_;
  waker wake_;
  std::deque<consumer_event> events_;
  token last_token_ = 0;
  simulated_group::member_id id_ = 0;
  std::int32_t generation_ = -1;
  std::uint64_t sync_ = 0; ///< number of joins: answers to earlier joins are ignored
  bool joining_ = false;
  bool beating_ = false;
  bool rejoin_ = false;
  bool lost_ = false; ///< gives up all partitions after the answer to the open offer or request
  bool over_poll_ = false;
  bool closing_ = false;
  bool closed_ = false;
  bool departed_ = false;
  moment heard_{};
  std::uint64_t heartbeats_ = 0; ///< number of answered heartbeats
  moment polled_{};
  moment last_apply_{}; ///< requests and answers keep their order, as over one connection
  moment last_answer_{};
  std::set<topic_partition> owned_;
  std::vector<topic_partition> to_give_;
  std::map<topic_partition, std::weak_ptr<fetch_state>> fetching_;
  std::optional<offer> offer_;
  std::optional<request> request_;
  std::map<token, std::vector<position>> commits_;
};

} // namespace ottla::kafka::simulation
