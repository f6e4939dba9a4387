#pragma once

#include <ottla/actors/caf.hpp>
#include <ottla/actors/process_ref.hpp>
#include <ottla/actors/saturating.hpp>
#include <ottla/kafka/producer/in_order.hpp>
#include <ottla/kafka/producer/produce.hpp>

#include <chrono>
#include <cstdint>
#include <future>
#include <memory>

namespace ottla::kafka {

/// What happens to records that do not fit into the free part of producer_settings::buffer_bytes.
enum class when_full : std::uint8_t {
  /// The caller waits for room until its deadline. Callers get room in the order of their calls.
  /// Callers also wait while the connection's producer restarts.
  wait,
  /// The records are rejected at once with errc::buffer_full.
  refuse,
};

/// A reference to the producer of a connection. Hands records to the Kafka client on the thread of
/// the caller, so no mailbox limits the throughput. Works again after each restart of the
/// connection, without a new look-up by the program.
///
/// In a thread:
///
///     kafka::producer orders{app.find("orders/producer")};
///     auto done = orders.produce({.topic = "orders", .records = {{.value = "a book"}}}, 30s);
///     fmt::print("{} stored\n", done.stored);
///
/// In a process whose directory is the application's, and which handles the message `produced`:
///
///     orders_ = kafka::producer{ottla::process_ref{context().names, "orders/producer"}};
///     orders_.send(this, {.topic = "orders", .records = {…}}, 30s, ++last_tag_);
///
/// Every call gets one answer, with the outcome of each record, at its deadline at the latest. This
/// also holds if the producer crashes, the program stops, the buffer is full or no broker answers.
/// An outcome that is not known at that time is `unknown`. Records that a call has handed to the
/// Kafka client may be stored after the deadline.
///
/// Memory: records count against producer_settings::buffer_bytes from the call until Kafka has
/// answered. Records of actors that wait for room may use another eighth of buffer_bytes. Beyond
/// that, records of waiting actors are rejected with errc::buffer_full too. A blocked thread holds
/// its own records.
///
/// Thread safety: call from any thread. Copies share one look-up.
class producer {
public:
  producer() = default;
  /// The name of the producer's process, as in app.find("orders/producer"). The connection may
  /// start later. The calls reject records with errc::closed while no connection has that name.
  explicit producer(process_ref named);

  /// Produces the records and waits for their outcome, for up to `within`. Blocks, so call it on a
  /// thread of the program, never in an actor.
  produced produce(kafka::produce what, saturating<std::chrono::nanoseconds> within,
                   when_full how = when_full::wait) const;

  /// Produces the records in chunks of fewer than `chunk_bytes` bytes. A chunk is sent when all
  /// records of the chunk before are stored. At the first failure, returns the unsent records in
  /// order. Waits for room while the buffer is full. `within` limits the whole call. Blocks, like
  /// produce(). (Elsa.produce.)
  produced_in_order produce_in_order(ordered_records what,
                                     saturating<std::chrono::nanoseconds> within) const;

  /// Hands the records over and returns. Only when_full::wait can block. The future becomes ready
  /// after `within` at the latest.
  std::future<produced> send(kafka::produce what, saturating<std::chrono::nanoseconds> within,
                             when_full how = when_full::wait) const;

  /// Hands over the records of an actor, and never blocks. The actor gets one message `produced`
  /// with this tag, after `within` at the latest. With when_full::wait, records that do not fit are
  /// handed over later.
  void send(caf::event_based_actor* self, kafka::produce what,
            saturating<std::chrono::nanoseconds> within, std::uint64_t tag = 0,
            when_full how = when_full::refuse) const;

private:
  class look_up;
  std::shared_ptr<look_up> target_;
};

} // namespace ottla::kafka
