#include <ottla/kafka/internal/group/membership_end.hpp>

#include <algorithm>

namespace ottla::kafka {

namespace {

using namespace std::chrono_literals;

/// Limits of the wait until the group confirms the leave. After the wait, the seam continues the
/// leave in the background. No message is lost, so a stop does not spend all its time on a broker
/// that hangs.
constexpr std::chrono::nanoseconds shortest_leave = 900ms;
constexpr std::chrono::nanoseconds longest_leave = 10s;

bool has_failed(const committed& what) {
  return what.failed || std::ranges::any_of(what.positions, [](const auto& one) {
           return one.failed.has_value();
         });
}

bool may_succeed_later(const committed& what) {
  if (what.failed)
    return what.failed->retriable;
  return std::ranges::all_of(what.positions,
                             [](const auto& one) { return !one.failed || one.failed->retriable; });
}

} // namespace

membership_end::step membership_end::after_commit(const committed& last, const pending& now) const {
  if (!is_stopping_ || now.revoke || now.commit)
    return step::wait;
  if (is_closing_)
    return step::await_leave;
  if (!has_failed(last))
    return step::commit;
  return may_succeed_later(last) ? step::commit_later : step::close;
}

membership_end::step membership_end::after_pause(const pending& now) const {
  return is_closing_ ? step::wait : after_commit({}, now);
}

membership_end::step membership_end::at_half_time(const pending& now) const noexcept {
  const bool waits_for_join = now.commit && now.join && !now.revoke;
  return is_stopping_ && !is_closing_ && waits_for_join ? step::close : step::wait;
}

membership_end::step
membership_end::at_leave_deadline(const pending& now,
                                  std::chrono::nanoseconds leave_within) const noexcept {
  // A group coordinator that waits for other members to join does not hang.
  const bool waits_for_others = is_stopping_ && !has_left_ && now.join;
  return waits_for_others && leave_within > leave_within.zero() ? step::await_leave : step::end;
}

std::chrono::nanoseconds membership_end::leave_within(std::chrono::nanoseconds left,
                                                      bool brokers_away) const noexcept {
  const bool is_urgent = !is_stopping_ || brokers_away;
  const auto share
    = is_urgent ? shortest_leave : std::clamp(left / 4, shortest_leave, longest_leave);
  return std::min(left, share);
}

} // namespace ottla::kafka
