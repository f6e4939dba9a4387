#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>

namespace ottla::kafka {

// All sizes that follow from group_consumer::memory_bytes. docs/decisions/0033 has the reasons.

/// Approximate memory of a fetched message besides its key and value, in bytes. Measured with
/// librdkafka 2.0.
inline constexpr std::size_t bytes_beside_message = 256;

/// How much a consumer fetches ahead. The limits are fixed when the consumer's handle is opened,
/// before the size of messages is known. Sizes are in bytes and count keys and values. Only
/// shared_bytes and bytes_each also count bytes_beside_message.
struct fetch_memory {
  /// The driver stops fetching into a queue that holds more than this. The limit applies to the
  /// shared queue, and to the queue of a partition that is held up because its inbox is full, see
  /// fetch_pool. librdkafka: queued.max.messages.kbytes.
  std::size_t queue_bytes = 4 * 1024 * 1024;
  /// Upper bound for one partition's part of a broker's response. If the first batch is larger, the
  /// broker returns only that batch. Kafka: max.partition.fetch.bytes. librdkafka:
  /// fetch.message.max.bytes.
  std::size_t part_bytes = 1024 * 1024;
  /// Upper bound for a broker's response. Kafka: fetch.max.bytes.
  std::size_t answer_bytes = 8 * 1024 * 1024;
  /// Upper bound for the fetched messages that wait in inboxes, over all partitions. Includes a
  /// reserve for each partition that has messages or is held up, see prefetch_limit.
  std::size_t shared_bytes = 64 * 1024 * 1024;
  /// Memory for the fetched messages of one partition. Used if the sum for all partitions exceeds
  /// `shared_bytes`. If zero, the memory is fixed.
  std::size_t bytes_each = 0;

  /// Bytes that the driver may still fetch for a partition that is held up.
  constexpr std::size_t reserve_bytes() const noexcept { return queue_bytes + part_bytes; }

  /// The upper bound for this many partitions: `shared_bytes`, or more if `bytes_each` gives more.
  constexpr std::size_t shared_by(std::size_t partitions) const noexcept {
    const auto all = partitions * bytes_each;
    return std::max(shared_bytes, all - std::min(all, queue_bytes + answer_bytes));
  }
};

/// One partition's share of the budget. The share pays for messages that the driver fetches ahead,
/// and for the window of messages that are delivered and not acknowledged.
struct memory_share {
  std::size_t bytes = 0;
  /// The limits that the consumer's handle was opened with.
  fetch_memory fetching = {};
  /// This partition's part of fetch_memory::shared_by.
  std::size_t lent_bytes = 0;

  /// Upper bound for the bytes that the driver holds for this partition while every partition has a
  /// backlog. `bytes_each` is the size of a message, including bytes_beside_message. In the worst
  /// case the partition's queue is full, the partition's parts of two more responses wait behind
  /// the queue, and the partition's inbox is full.
  constexpr std::size_t prefetched(std::size_t bytes_each) const noexcept {
    constexpr std::size_t around_message = 7; // minimum in a response
    constexpr std::size_t fewest = 1'000;
    const auto limit = fetching.queue_bytes;
    const auto size = std::max(bytes_each, bytes_beside_message + 1) - bytes_beside_message;
    const auto queued = std::min(limit / size, std::max(limit / bytes_beside_message, fewest));
    const auto part = fetching.part_bytes / (size + around_message);
    const auto inbox = lent_bytes - std::min(lent_bytes, fetching.reserve_bytes());
    return (queued + 2 * part) * bytes_each + inbox;
  }

  /// Bytes for the window of messages of this size. The window gets the bytes that prefetched()
  /// leaves, less an eighth of the share, and at most half of the share. The eighth is for copies
  /// of messages that wait long for their acknowledgement, and for responses that a few
  /// unacknowledged messages pin. With messages of 256 bytes in 32 or more partitions nothing is
  /// left, so the window has a minimum of a sixteenth of the share. At this minimum, most windows
  /// hold one batch.
  constexpr std::size_t window(std::size_t bytes_each) const noexcept {
    const auto other = std::min(prefetched(bytes_each) + bytes / 8, bytes);
    return std::clamp(bytes - other, bytes / 16, bytes / 2);
  }
};

/// How many bytes a member of a group may keep. The budget covers fetched messages, and delivered
/// messages that are not acknowledged. Everything that limits memory is computed here.
///
///     of(partitions)           the budget
///     fetching(partitions)     two fifths of the budget, as limits for the driver
///     share(assigned, planned) one partition's part of the budget
///     memory_share::window     the part of a share for delivered messages
struct memory_budget {
  /// The budget of a member with few partitions.
  std::size_t least = std::size_t{256} * 1024 * 1024;
  /// Budget for each partition, used if the sum over all partitions is larger than `least`. With a
  /// smaller budget, a response would bring less data of each partition, while its cost grows with
  /// the number of partitions. Measured: docs/results/skewed_partitions.md.
  std::size_t each = std::size_t{8} * 1024 * 1024;
  /// Upper limit for any number of partitions. `least` wins if it is larger.
  std::size_t most = std::size_t{2} * 1024 * 1024 * 1024;

  /// Minimum of memory_share::bytes for any number of partitions.
  static constexpr std::size_t least_share = 2 * 64 * 1024;

  /// The budget of a member with this many partitions.
  constexpr std::size_t of(std::size_t partitions) const noexcept {
    return std::max(least, std::min(partitions * each, most));
  }

  /// Plans two fifths of the budget for messages that are fetched ahead. The plan covers the case
  /// that all partitions are held up with full queues. In addition, each inbox may always hold a
  /// quarter of `part_bytes`. If fewer partitions are assigned than planned, the fetched messages
  /// stay within two fifths of the budget for the assigned partitions.
  ///
  /// `queue_bytes` is larger than `part_bytes`. Otherwise a partition with a backlog would
  /// fill the shared queue with each response, and librdkafka would request nothing until the queue
  /// is emptied.
  constexpr fetch_memory fetching(std::size_t partitions) const noexcept {
    constexpr std::size_t kib = 1024;
    const auto memory = of(partitions);
    const auto each_fetches = fetched_of(memory) / std::max<std::size_t>(partitions, 1);
    fetch_memory plan;
    plan.answer_bytes = std::clamp(memory / 32, 1024 * kib, 16 * 1024 * kib);
    const auto largest_part = std::clamp(plan.answer_bytes / 8, 1024 * kib, 2048 * kib);
    plan.part_bytes
      = std::clamp(std::max(each_fetches / 8 * 3, std::min(each_fetches / 32 * 15, 128 * kib)),
                   64 * kib, largest_part);
    plan.queue_bytes = std::clamp(each_fetches - std::min(each_fetches, plan.part_bytes),
                                  plan.part_bytes / 8 * 9, 4096 * kib);
    const auto fewest = fetched_of(least);
    plan.shared_bytes = fewest - std::min(fewest / 2, plan.queue_bytes + plan.answer_bytes);
    plan.bytes_each = std::min(each_fetches, fetched_of(each));
    return plan;
  }

  /// The share of each assigned partition. `assigned` is at least 1. The handle was opened with the
  /// limits of fetching(planned).
  constexpr memory_share share(std::size_t assigned, std::size_t planned) const noexcept {
    const auto limits = fetching(planned);
    return {.bytes = std::max(least_share, of(assigned) / assigned),
            .fetching = limits,
            .lent_bytes = limits.shared_by(assigned) / assigned};
  }

private:
  static constexpr std::size_t fetched_of(std::size_t memory) noexcept { return memory / 5 * 2; }
};

/// The default budget, or a fixed budget for any number of partitions.
constexpr memory_budget make_memory_budget(std::optional<std::size_t> fixed) noexcept {
  return fixed ? memory_budget{.least = *fixed, .each = 0} : memory_budget{};
}

} // namespace ottla::kafka
