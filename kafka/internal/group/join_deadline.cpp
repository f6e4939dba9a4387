#include <ottla/kafka/internal/group/join_deadline.hpp>

#include <algorithm>

namespace ottla::kafka {

namespace {

constexpr int most_session_timeouts = 16;

} // namespace

void join_deadline::waits(std::chrono::nanoseconds now) noexcept {
  since_ = now;
  silent_since_ = never;
}

void join_deadline::assigned() noexcept {
  since_ = silent_since_ = never;
  patience_ = session_timeout_;
}

void join_deadline::is_joining(std::chrono::nanoseconds now) noexcept {
  since_ = now;
  silent_since_ = never;
}

void join_deadline::missed(std::chrono::nanoseconds now) noexcept {
  if (since_ == never)
    since_ = now;
}

void join_deadline::heartbeat_missed(std::chrono::nanoseconds now) noexcept {
  if (silent_since_ == never)
    silent_since_ = now;
}

void join_deadline::no_broker_answers(std::chrono::nanoseconds now) noexcept {
  if (since_ != never)
    since_ = now;
  if (silent_since_ != never)
    silent_since_ = now;
}

void join_deadline::gave_up() noexcept {
  since_ = silent_since_ = never;
  patience_ = std::min(2 * patience_, most_session_timeouts * session_timeout_);
}

} // namespace ottla::kafka
