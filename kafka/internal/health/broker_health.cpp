#include <ottla/kafka/internal/health/broker_health.hpp>

#include <algorithm>
#include <string>
#include <utility>

namespace ottla::kafka {

namespace {

using namespace std::chrono_literals;

constexpr auto pause_between_questions = 1s;
/// Time for which the driver keeps its resources after the last question.
constexpr auto kept_for = 30s;

} // namespace

broker_health::action broker_health::check(const broker_view& seen, time_point now) {
  seen_ = seen;
  if (seen.silent_for && *seen.silent_for < longest_silence) {
    heard_at_ = std::max(heard_at_.value_or(time_point::min()), now - *seen.silent_for);
    if (!asking_)
      unanswered_.reset();
    if (keeps_asking_ && !asking_ && now - asked_at_ >= kept_for) {
      keeps_asking_ = false;
      return action::stop_asking;
    }
    return action::none;
  }
  if (asking_ || (keeps_asking_ && now - asked_at_ < pause_between_questions))
    return action::none;
  asking_ = keeps_asking_ = true;
  asked_at_ = now;
  return action::ask;
}

void broker_health::answered(std::optional<error> why, time_point now) {
  asking_ = false;
  unanswered_ = std::move(why);
  if (!unanswered_)
    heard_at_ = now;
}

std::optional<error> broker_health::complaint() const {
  if (unanswered_)
    return unanswered_;
  if (seen_.failing.empty())
    return std::nullopt;
  std::string text;
  for (const auto& fault : seen_.failing)
    text += (text.empty() ? "" : "; ") + fault;
  return error{.code = errc::unreachable, .retriable = true, .text = std::move(text)};
}

} // namespace ottla::kafka
