#pragma once

#include <ottla/kafka/internal/memory_budget.hpp>

#include <algorithm>
#include <cstddef>

namespace ottla::kafka {

/// How much a consumer fetches ahead. Sizes are in bytes and count keys and values. Only
/// shared_bytes also counts bytes_beside_message.
struct fetch_memory {
  /// The driver stops fetching into a queue that holds more than this. The limit applies to the
  /// queue that partitions share, and to the queue of a partition that is held up. librdkafka:
  /// queued.max.messages.kbytes.
  std::size_t queue_bytes = 4 * 1024 * 1024;
  /// Most that a broker's answer brings for one partition. A larger batch comes alone. Kafka:
  /// max.partition.fetch.bytes (librdkafka: fetch.message.max.bytes).
  std::size_t part_bytes = 1024 * 1024;
  /// Most that a broker's answer brings. Kafka: fetch.max.bytes.
  std::size_t answer_bytes = 8 * 1024 * 1024;
  /// Most memory of fetched messages that nobody has taken, for all partitions together. Includes
  /// bytes_beside_message.
  std::size_t shared_bytes = 64 * 1024 * 1024;
  /// Memory for fetched messages that each partition adds, once the sum for all partitions exceeds
  /// `shared_bytes`. Zero: the memory is fixed.
  std::size_t bytes_each = 0;

  /// What the driver may still fetch for a partition that is held up.
  constexpr std::size_t reserve_bytes() const noexcept { return queue_bytes + part_bytes; }

  /// The limit on untaken messages for this many partitions together.
  constexpr std::size_t shared_by(std::size_t partitions) const noexcept {
    const auto all = partitions * bytes_each;
    return std::max(shared_bytes, all - std::min(all, queue_bytes + answer_bytes));
  }
};

/// Plans two fifths of the budget for this many partitions. All partitions can be held up with a
/// full queue at the same time. On top of that, each inbox may always hold a quarter of
/// `part_bytes`. A member that is assigned fewer partitions keeps to their budget in the same way.
///
/// A queue takes more than one part of an answer. Otherwise a partition with a backlog would fill
/// the shared queue with each answer, and librdkafka would request nothing until the queue is
/// emptied.
constexpr fetch_memory plan_fetch_memory(const memory_budget& budget, std::size_t partitions) {
  constexpr std::size_t kib = 1024;
  const auto memory = budget.of(partitions);
  const auto all = memory / 5 * 2;
  const auto each = all / std::max<std::size_t>(partitions, 1);
  fetch_memory plan;
  plan.answer_bytes = std::clamp(memory / 32, 1024 * kib, 16 * 1024 * kib);
  const auto largest_part = std::clamp(plan.answer_bytes / 8, 1024 * kib, 2048 * kib);
  plan.part_bytes = std::clamp(std::max(each / 8 * 3, std::min(each / 32 * 15, 128 * kib)),
                               64 * kib, largest_part);
  plan.queue_bytes
    = std::clamp(each - std::min(each, plan.part_bytes), plan.part_bytes / 8 * 9, 4096 * kib);
  const auto least = budget.least / 5 * 2;
  plan.shared_bytes = least - std::min(least / 2, plan.queue_bytes + plan.answer_bytes);
  plan.bytes_each = std::min(each, budget.each / 5 * 2);
  return plan;
}

} // namespace ottla::kafka
