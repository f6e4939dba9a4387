#pragma once

#include <ottla/kafka/internal/driver/producer_handle.hpp>
#include <ottla/kafka/producer/produce.hpp>

#include <cstddef>
#include <optional>

namespace ottla::kafka {

/// The answer to a produce that was not accepted.
produced refused_answer(std::size_t records, const error& why);

/// The answer to a produce that was reported completely.
produced reported_answer(std::size_t records, delivered report);

/// The answer to a produce whose reports are missing at the end of the producer. The handle has
/// accepted the first `handed_over` records, so they may be stored. The others are not stored for
/// the reason `why`, if there is one.
produced interrupted_answer(const outgoing& batch, std::size_t handed_over,
                            const std::optional<error>& why);

/// The answer to a produce whose deadline has come. If `may_be_stored`, all records are unknown.
produced overdue_answer(const outgoing& batch, bool may_be_stored);

} // namespace ottla::kafka
