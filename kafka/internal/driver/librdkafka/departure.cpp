#include <ottla/actors/stderr_lines.hpp>
#include <ottla/kafka/internal/driver/librdkafka/group_member.hpp>
#include <ottla/kafka/internal/driver/librdkafka/membership_queries.hpp>
#include <ottla/kafka/internal/driver/librdkafka/owned.hpp>

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

namespace ottla::kafka {

namespace {

using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;

constexpr auto longest_leaving = 10s;
/// librdkafka waits 5 s for the answer to its LeaveGroup request.
constexpr auto longest_farewell = 6s;
/// Time for the other members to rejoin. The other members rejoin at their next heartbeat.
constexpr auto longest_rebalance = 5s;
/// Time to finish a leave that was cut short. Brokers that are reachable answer sooner.
constexpr auto longest_rest = 300ms;
constexpr auto longest_pinned = 30s;

/// Null if no event came, or if the event is not a rebalance.
owned_event next_rebalance(const handle& of, std::chrono::milliseconds within) {
  owned_event event{rd_kafka_queue_poll(of.events(), static_cast<int>(within.count()))};
  if (event && rd_kafka_event_type(event.get()) != RD_KAFKA_EVENT_REBALANCE)
    event.reset();
  return event;
}

void refuse_told(const handle& of, rd_kafka_event_t* event) {
  refuse(of.native(),
         {.assigning = rd_kafka_event_error(event) == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS,
          .protocol = protocol_of(of.native()),
          .partitions = partition_list{
            rd_kafka_topic_partition_list_copy(rd_kafka_event_topic_partition_list(event))}});
}

// Unsubscribes, and waits until the member has left the group. The member leaves when the current
// rebalance is over.
void unsubscribe(departing_member& member, const background_work& work) {
  const auto& of = *member.of;
  rd_kafka_unsubscribe(of.native());
  const auto began = clock::now();
  while (has_joined(of.native()) && clock::now() - began < longest_rebalance
         && !work.is_cut_short())
    if (auto event = next_rebalance(of, 20ms))
      refuse_told(of, event.get());
}

enum class leave_outcome {
  left,
  /// The handle has failed permanently, and refuses to leave.
  refused,
  /// The close has begun, and needs an answer of a broker.
  unfinished,
};

leave_outcome leave(departing_member& member, const background_work& work) {
  const auto& of = *member.of;
  if (rd_kafka_consumer_closed(of.native()) != 0)
    return leave_outcome::left;
  if (member.unanswered) {
    refuse(of.native(), *member.unanswered);
    member.answered_while_closing = member.closing;
  }
  member.unanswered.reset();
  if (member.leaves_silently)
    unsubscribe(member, work);
  if (!member.closing)
    if (auto* failure = rd_kafka_consumer_close_queue(of.native(), of.events())) {
      rd_kafka_error_destroy(failure);
      return leave_outcome::refused;
    }
  const auto began = clock::now();
  auto until = began + longest_leaving;
  while (rd_kafka_consumer_closed(of.native()) == 0) {
    const auto now = clock::now();
    if (work.is_cut_short())
      until = std::min(until, now + longest_rest);
    if (now >= until)
      return leave_outcome::unfinished;
    // If librdkafka needed no answer, the close would have finished within longest_farewell. So
    // answer the belated event now.
    if (member.belated && now - began > longest_farewell) {
      refuse_told(of, member.belated.get());
      member.belated.reset();
    }
    auto event = next_rebalance(of, 100ms);
    if (event == nullptr)
      continue;
    if (is_belated(event.get(), member.answered_while_closing)) {
      member.belated = std::move(event);
    } else {
      refuse_told(of, event.get());
      member.answered_while_closing = true;
    }
  }
  return leave_outcome::left;
}

bool wait_for_readers(const departing_member& member, const background_work& work) {
  const auto until = clock::now() + longest_pinned;
  while (!member.of->pinned().wait_for_none(clock::now() + 100ms))
    if (clock::now() >= until || work.is_cut_short())
      return false;
  return true;
}

} // namespace

bool is_belated(rd_kafka_event_t* event, bool answered_while_closing) noexcept {
  return rd_kafka_event_type(event) == RD_KAFKA_EVENT_REBALANCE
         && (answered_while_closing
             || rd_kafka_event_error(event) == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS);
}

void refuse(rd_kafka_t* native, const unanswered_rebalance& what) {
  if (what.protocol == rebalance_protocol::eager) {
    rd_kafka_assign(native, nullptr);
    return;
  }
  // An empty assignment answers the event. A closing member accepts no partitions.
  const auto nothing = make_partition_list(std::span<const topic_partition>{});
  auto* failure = what.assigning ? rd_kafka_incremental_assign(native, nothing.get())
                                 : rd_kafka_incremental_unassign(native, what.partitions.get());
  if (failure != nullptr)
    rd_kafka_error_destroy(failure);
}

void depart(departing_member member, const background_work& work) {
  const auto began = clock::now();
  const auto outcome = leave(member, work);
  // A partition list that is still alive makes rd_kafka_destroy wait forever.
  member.unanswered.reset();
  member.resolver.reset();
  const bool is_unused = wait_for_readers(member, work);
  member.belated.reset();
  const auto passed = std::chrono::floor<std::chrono::seconds>(clock::now() - began).count();
  if (!is_unused) {
    print_line(
      "ottla: a Kafka consumer is not destroyed: " + std::to_string(member.of->pinned().count())
      + " batches of its messages are still in use after " + std::to_string(passed) + " s");
    return;
  }
  if (member.unfit_to_be_destroyed)
    return; // rd_kafka_destroy would abort the process, so the handle and its threads leak
  // rd_kafka_destroy does not end a close that has begun. It drops the request to leave, and waits
  // for the answer forever. So the handle and its threads leak.
  if (outcome == leave_outcome::unfinished && rd_kafka_consumer_closed(member.of->native()) == 0) {
    if (!work.is_cut_short())
      print_line("ottla: a Kafka consumer is not destroyed: it could not leave its group within "
                 + std::to_string(passed) + " s");
    return;
  }
  member.of->destroy(outcome == leave_outcome::refused ? RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE : 0);
}

} // namespace ottla::kafka
