#include <ottla/kafka/internal/admin/offset_arithmetic.hpp>

#include <algorithm>
#include <limits>

namespace ottla::kafka {

namespace {

std::int64_t saturating_sum(std::int64_t offset, std::int64_t shift) noexcept {
  using limits = std::numeric_limits<std::int64_t>;
  if (shift > 0 && offset > limits::max() - shift)
    return limits::max();
  if (shift < 0 && offset < limits::min() - shift)
    return limits::min();
  return offset + shift;
}

} // namespace

std::int64_t lag_of(std::int64_t committed, const log_range& log) noexcept {
  return std::max<std::int64_t>(log.high - std::max(committed, log.low), 0);
}

bool allows_reset(consumer_group_state state) noexcept {
  return state == consumer_group_state::empty || state == consumer_group_state::dead;
}

result<std::int64_t> reset_offset(const reset_point& to, const reset_basis& basis) {
  // A log that shrinks between two look-ups would break the order that clamp needs.
  const auto low = basis.log.low;
  const auto high = std::max(basis.log.high, low);
  if (std::holds_alternative<earliest>(to))
    return low;
  if (std::holds_alternative<latest>(to))
    return high;
  if (std::holds_alternative<since>(to))
    return basis.since_time < 0 ? high : std::clamp(basis.since_time, low, high);
  if (const auto* number = std::get_if<at_offset>(&to))
    return std::clamp(number->offset, low, high);
  if (!basis.committed)
    return error{.code = errc::offset_out_of_range,
                 .text = "the group has no committed offset to shift"};
  return std::clamp(saturating_sum(*basis.committed, std::get<shift_by>(to).offsets), low, high);
}

} // namespace ottla::kafka
