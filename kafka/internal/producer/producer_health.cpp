#include <ottla/kafka/internal/producer/producer_health.hpp>
#include <ottla/kafka/process_names.hpp>

#include <fmt/format.h>

#include <string_view>

namespace ottla::kafka {

namespace {

/// True if the record or the name of its topic is at fault, or the producer is closing. Such a
/// failure is not a fault of the producer.
bool is_fault_of_the_record(const error& what) {
  return what.code == errc::record_too_large || what.code == errc::closed
         || what.code == errc::bad_setting || what.code == errc::unknown_topic;
}

/// The subject of a topic in health reports: `producer/orders`. No process has that name.
std::string subject_of(std::string_view topic) {
  return std::string{producer_name} + '/' + std::string{topic};
}

} // namespace

void producer_health::failed(const error& what) {
  if (what.fatal)
    board_->note(health_state::degraded, std::string{producer_name}, to_string(what));
  else if (what.code == errc::unreachable || what.code == errc::authentication_failed)
    board_->note(state_of(what), std::string{brokers_health}, to_string(what));
  else if (state_of(what) == health_state::stalled)
    board_->note(health_state::stalled, std::string{producer_name}, to_string(what));
}

void producer_health::reported(const std::string& topic, std::size_t stored,
                               const std::vector<delivered::failure>& all) {
  const auto what = subject_of(topic);
  if (stored > 0) {
    board_->clear(producer_name);
    board_->clear(what);
  }
  std::size_t failures = 0;
  const error* last = nullptr;
  for (const auto& failure : all)
    if (!is_fault_of_the_record(failure.why)) {
      ++failures;
      last = &failure.why;
    }
  if (last != nullptr)
    board_->note(state_of(*last), what,
                 fmt::format("{} of {} records were not confirmed as stored: {}", failures,
                             stored + all.size(), to_string(*last)));
}

bool producer_health::is_in_doubt() const {
  return board_->holds(producer_name) || board_->holds_below(subject_of(""));
}

} // namespace ottla::kafka
