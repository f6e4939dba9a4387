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
  /// The records wait for room until the deadline of the call, in the order of the calls. They also
  /// wait while the connection's producer restarts. At the deadline they are rejected with
  /// errc::buffer_full, or with errc::closed if the producer has not restarted.
  wait,
  /// The records are rejected at once with errc::buffer_full, or with errc::closed while the
  /// connection's producer restarts.
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
/// In a process that looks up names in the application's directory and handles the message
/// `produced`:
///
///     orders_ = kafka::producer{ottla::process_ref{context().names, "orders/producer"}};
///     orders_.send(this, {.topic = "orders", .records = {…}}, 30s, ++last_tag_);
///
/// Every call gets one answer with the outcome of each record. The answer comes at the deadline of
/// the call at the latest, even if the producer crashes, the program stops, the buffer is full or
/// no broker answers. A record without an outcome at that time is `unknown`. Records that a call
/// has handed to the Kafka client may be stored after the deadline.
///
/// Memory: records count against producer_settings::buffer_bytes from the time that they have room
/// until librdkafka has reported all records of the call. Actors' records that wait for room may
/// use another eighth of buffer_bytes. Beyond that limit, they are rejected with errc::buffer_full.
/// The records of one call may exceed the limit if no other records wait. The records of a blocked
/// thread and the later chunks of produce_in_order do not count until they have room.
///
/// Thread safety: call from any thread. Copies share one look-up. Calls of threads measure `within`
/// in real time, also if the connection runs in virtual time. Calls of actors use the actor's
/// clock.
class producer {
public:
  producer() = default;
  /// The name of the producer's process, as in app.find("orders/producer"). The connection may
  /// start later. While no connection has that name, calls reject their records with errc::closed.
  /// A default-constructed producer always does.
  explicit producer(process_ref named);

  /// Produces the records and waits for their outcome, for up to `within`. Blocks, so call it on a
  /// thread of the program, never in an actor.
  produced produce(kafka::produce what, saturating<std::chrono::nanoseconds> within,
                   when_full how = when_full::wait) const;

  /// Produces the records in chunks of fewer than `chunk_bytes` bytes. A chunk is sent when all
  /// records of the chunk before are stored. Stops at the first failure, and returns the records
  /// that are not stored and the records whose outcome is unknown, each in order. Waits for room
  /// while the buffer is full. `within` limits the whole call. Blocks, like produce().
  /// (Elsa.produce.)
  produced_in_order produce_in_order(ordered_records what,
                                     saturating<std::chrono::nanoseconds> within) const;

  /// Does the same for an actor, and never blocks. Call on the actor's own thread. The actor gets
  /// one message `produced_in_order` with this tag, after `within` at the latest. The chunks after
  /// the first are handed over on threads of the connection.
  void produce_in_order(caf::event_based_actor* self, ordered_records what,
                        saturating<std::chrono::nanoseconds> within, std::uint64_t tag = 0) const;

  /// Hands the records over, and returns without their outcome. With when_full::wait, blocks until
  /// the records have room, for up to `within`. The future becomes ready after `within` at the
  /// latest.
  std::future<produced> send(kafka::produce what, saturating<std::chrono::nanoseconds> within,
                             when_full how = when_full::wait) const;

  /// Hands over the records of an actor, and never blocks. Call on the actor's own thread. The
  /// actor gets one message `produced` with this tag, after `within` at the latest. With
  /// when_full::wait, records that do not fit wait in memory until they have room.
  void send(caf::event_based_actor* self, kafka::produce what,
            saturating<std::chrono::nanoseconds> within, std::uint64_t tag = 0,
            when_full how = when_full::refuse) const;

private:
  class look_up;
  std::shared_ptr<look_up> target_;
};

} // namespace ottla::kafka
