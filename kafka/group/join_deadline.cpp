#include <ottla/kafka/group/join_deadline.hpp>

#include <algorithm>

namespace ottla::kafka {

namespace {

constexpr int most_session_timeouts = 16;

} // namespace

void join_deadline::assigned() noexcept {
  since_ = never;
  patience_ = session_timeout_;
}

void join_deadline::is_joining(std::chrono::nanoseconds now) noexcept {
  since_ = now;
}

void join_deadline::missed(std::chrono::nanoseconds now) noexcept {
  if (since_ == never)
    since_ = now;
}

void join_deadline::gave_up() noexcept {
  since_ = never;
  patience_ = std::min(2 * patience_, most_session_timeouts * session_timeout_);
}

} // namespace ottla::kafka
