#include "job.hpp"

#include <algorithm>
#include <utility>

job::job(options wanted, std::string run, text_size measured)
  : how{std::move(wanted)},
    size{measured},
    store{std::make_shared<count_store>(std::move(run), measured.lines)},
    started_{std::chrono::steady_clock::now()},
    last_move_{started_} {}

std::uint64_t job::sendable() const {
  const auto done = kills.load();
  return done >= how.kills ? size.lines : kill_point(done + 1);
}

std::uint64_t job::kill_point(std::uint64_t index) const {
  return size.lines * index / (how.kills + 1);
}

void job::see(const ottla::process_event& event) {
  if (event.what != ottla::process_event::kind::started)
    return;
  const std::lock_guard lock{guard_};
  if (seen_paths_.insert(event.path).second)
    return;
  ++restarts_;
  if (event.path.find("/worker/") != std::string::npos)
    ++worker_restarts_;
}

std::uint64_t job::restarts() const {
  const std::lock_guard lock{guard_};
  return restarts_;
}

std::uint64_t job::worker_restarts() const {
  const std::lock_guard lock{guard_};
  return worker_restarts_;
}

std::chrono::milliseconds job::longest_gap() const {
  const std::lock_guard lock{guard_};
  return longest_gap_;
}

void job::moved() {
  const auto now = std::chrono::steady_clock::now();
  const auto consumed = store->consumed();
  const std::lock_guard lock{guard_};
  if (consumed != consumed_before_) {
    longest_gap_ = std::max(
      longest_gap_, std::chrono::duration_cast<std::chrono::milliseconds>(now - last_move_));
    consumed_before_ = consumed;
    last_move_ = now;
  } else if (sent == consumed) {
    last_move_ = now; // no line is in flight: no gap
  }
}

std::chrono::milliseconds job::standstill() const {
  const std::lock_guard lock{guard_};
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now()
                                                               - last_move_);
}

void job::fail_input(std::string why) {
  const std::lock_guard lock{guard_};
  input_failure_ = std::move(why);
}

std::string job::input_failure() const {
  const std::lock_guard lock{guard_};
  return input_failure_;
}

std::chrono::milliseconds job::elapsed() const {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now()
                                                               - started_);
}
