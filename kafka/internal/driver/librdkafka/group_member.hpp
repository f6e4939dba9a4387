#pragma once

#include <ottla/actors/background_work.hpp>
#include <ottla/kafka/internal/driver/consumer_handle.hpp>
#include <ottla/kafka/internal/driver/librdkafka/commits.hpp>
#include <ottla/kafka/internal/driver/librdkafka/event_box.hpp>
#include <ottla/kafka/internal/driver/librdkafka/fetch_source.hpp>
#include <ottla/kafka/internal/driver/librdkafka/handle.hpp>
#include <ottla/kafka/internal/driver/librdkafka/log_and_error_reader.hpp>
#include <ottla/kafka/internal/driver/librdkafka/lookup_thread.hpp>
#include <ottla/kafka/internal/driver/librdkafka/offset_lookup.hpp>
#include <ottla/kafka/internal/driver/librdkafka/owned.hpp>
#include <ottla/kafka/internal/driver/librdkafka/partition_list.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ottla::kafka {

/// A rebalance that the member has not answered yet.
struct unanswered_rebalance {
  token answer = 0;
  bool assigning = false;
  bool lost = false;
  rebalance_protocol protocol = rebalance_protocol::eager;
  partition_list partitions;
};

/// Answers an assignment or a revocation without keeping any of its partitions.
void refuse(rd_kafka_t* native, const unanswered_rebalance& what);

/// Whether a closing member may leave this event unanswered. A close withdraws an assignment that
/// is not answered yet. After the withdrawal, librdkafka either expects no answer, or sends a
/// revocation and expects one answer. Do not answer a belated event at once, because librdkafka's
/// group object may have terminated already. librdkafka drops calls to a terminated group object
/// without a reply, so the caller would wait forever.
bool is_belated(rd_kafka_event_t* event, bool answered_while_closing) noexcept;

/// The state that a destroyed group_member leaves to the reaper.
struct departing_member {
  std::shared_ptr<handle> of;
  std::unique_ptr<event_box<consumer_event>> events; // outlives the resolver
  std::unique_ptr<lookup_thread> resolver;
  std::optional<unanswered_rebalance> unanswered;
  bool closing = false;
  /// Whether the member must unsubscribe before the close, see group_member::leaves_silently.
  bool leaves_silently = false;
  /// Whether a rebalance was answered since the member began to close.
  bool answered_while_closing = false;
  /// The last belated event, see is_belated.
  owned_event belated = nullptr;
  bool unfit_to_be_destroyed = false;
};

/// Leaves the group, waits until every batch of messages is released, and destroys the handle. Both
/// waits have deadlines, and end early if the work is cut short. Blocks.
void depart(departing_member member, const background_work& work);

/// A librdkafka consumer in a group, driven by its events.
class group_member final : public consumer_handle {
public:
  /// Takes ownership of all arguments. `threads` are the interceptors of the native handle.
  /// fetch_pool explains `pauses`.
  group_member(rd_kafka_t* native, std::unique_ptr<interceptors> threads,
               const fetch_memory& memory, std::unique_ptr<offset_lookup> lookup,
               pausing pauses = {});
  ~group_member() override;

  void wake_on_event(waker wake) override;
  std::optional<consumer_event> next_event() override;
  void subscribe(std::span<const std::string> topics) override;
  std::vector<std::unique_ptr<partition_queue>> assign(token answer,
                                                       std::span<const position> from) override;
  void unassign(token answer, std::span<const topic_partition> partitions) override;
  token commit(std::span<const position> next) override;
  token resolve(std::span<const topic_partition> partitions, begin_offset otherwise,
                begin_offset when_missing) override;
  token look_up_ends(std::span<const topic_partition> partitions) override;
  bool is_joining() const override;
  std::uint64_t heartbeats_answered() const override;
  void close() override;

private:
  std::optional<consumer_event> translate(rd_kafka_event_t* event);
  consumer_event on_rebalance(rd_kafka_event_t* event);
  std::optional<consumer_event> on_close();

  void accept(std::span<const position> from);
  void hand_over(const partition_list& list);
  /// Seeks with epochs, because librdkafka does not check the epochs of an assignment.
  void check_epochs(std::span<const position> from);
  /// Returns whether librdkafka rejoins as soon as the assignment is answered. Forces that rejoin
  /// if librdkafka has forgotten the generation.
  bool prepare_rejoin();
  void close_sources(std::span<const topic_partition> partitions);
  void close_all_sources();
  bool is_unanswered(token answer, bool assigning) const noexcept;
  void answered();
  /// Whether librdkafka would close this member without a LeaveGroup request. Without the request,
  /// the group waits for the member's session timeout. librdkafka omits the request for a
  /// cooperative member that owns no partition. If the member unsubscribes first, librdkafka sends
  /// the request as soon as the current rebalance is over.
  bool leaves_silently() const;
  /// Begins a wanted close once every rebalance is answered and leaves_silently() is false.
  void close_if_ready();
  void begin_close();
  void note_fitness();
  void watch_joins();
  void report(const error& what);
  token next_token() noexcept { return ++last_token_; }

  std::shared_ptr<handle> handle_;
  std::unique_ptr<event_box<consumer_event>> events_;
  log_and_error_reader reader_;
  /// The resolver's pending look-ups share this object.
  std::shared_ptr<offset_lookup> lookup_;
  commits commits_;
  std::unique_ptr<lookup_thread> resolver_;
  std::map<topic_partition, std::weak_ptr<fetch_source>> sources_;
  std::optional<unanswered_rebalance> unanswered_;
  owned_event belated_;
  bool answered_while_closing_ = false;
  token last_token_ = 0;
  /// Number of JoinGroup requests that were sent before the last revocation was answered.
  std::optional<std::uint64_t> gave_back_in_;
  /// True from a resubscription during a rebalance until the next rebalance event.
  bool subscribed_anew_ = false;
  /// Number of partitions that the group has assigned, including an unanswered assignment.
  std::size_t owned_ = 0;
  bool was_assigned_ = false;
  bool unfit_to_be_destroyed_ = false;
  enum class closing_state { open, wanted, begun, over } closing_ = closing_state::open;
};

} // namespace ottla::kafka
