#include <ottla/kafka/client/librdkafka/group_member.hpp>
#include <ottla/kafka/client/librdkafka/membership.hpp>

#include <chrono>
#include <cstdio>

namespace ottla::kafka {

namespace {

using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;

constexpr auto longest_leaving = 10s;
constexpr auto longest_pinned = 30s;

void refuse_next(const handle& of, std::chrono::milliseconds within) {
  auto* event = rd_kafka_queue_poll(of.events(), static_cast<int>(within.count()));
  if (event == nullptr)
    return;
  if (rd_kafka_event_type(event) == RD_KAFKA_EVENT_REBALANCE) {
    refuse(of.native(),
           {.assigning = rd_kafka_event_error(event) == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS,

            .protocol = protocol_of(of.native()),
            .partitions = partition_list{
              rd_kafka_topic_partition_list_copy(rd_kafka_event_topic_partition_list(event))}});
  }
  rd_kafka_event_destroy(event);
}

// False: past the deadline, or the handle is broken for good.
bool leave(departing_member& member) {
  const auto& of = *member.of;
  if (rd_kafka_consumer_closed(of.native()) != 0)
    return true;
  if (member.unanswered)
    refuse(of.native(), *member.unanswered);
  member.unanswered.reset();
  if (!member.closing)
    if (auto* failure = rd_kafka_consumer_close_queue(of.native(), of.events())) {
      rd_kafka_error_destroy(failure);
      return false;
    }
  const auto until = clock::now() + longest_leaving;
  while (rd_kafka_consumer_closed(of.native()) == 0) {
    if (clock::now() >= until)
      return false;
    refuse_next(of, 100ms);
  }
  return true;
}

} // namespace

void refuse(rd_kafka_t* native, const unanswered_rebalance& what) {
  if (what.protocol == rebalance_protocol::eager) {
    rd_kafka_assign(native, nullptr);
    return;
  }
  // An empty assignment answers an offer of partitions; one that closes wants nothing of it.
  const auto nothing = make_partition_list(std::span<const topic_partition>{});
  auto* failure = what.assigning ? rd_kafka_incremental_assign(native, nothing.get())
                                 : rd_kafka_incremental_unassign(native, what.partitions.get());
  if (failure != nullptr)
    rd_kafka_error_destroy(failure);
}

void depart(departing_member member) {
  const bool left = leave(member);
  member.resolver.reset();
  if (!member.of->pinned().wait_for_none(clock::now() + longest_pinned)) {
    std::fprintf(stderr,
                 "ottla: a Kafka consumer is left undestroyed: %zu batches of its messages are "
                 "still held after %lld s\n",
                 member.of->pinned().count(),
                 static_cast<long long>(std::chrono::seconds{longest_pinned}.count()));
    return;
  }
  if (member.unfit_to_be_destroyed)
    return; // has left its group; what is lost is some idle threads
  member.of->destroy(left ? 0 : RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
}

} // namespace ottla::kafka
