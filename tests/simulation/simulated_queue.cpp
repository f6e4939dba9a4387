#include "simulated_queue.hpp"

#include <algorithm>
#include <utility>

namespace ottla::kafka::simulation {

namespace {

using namespace std::chrono_literals;

/// Fetching stops while at least this many records wait. One fetch returns at most as many records.
/// librdkafka limits the records that it fetches ahead, too.
constexpr std::size_t most_waiting = 40;

} // namespace

void simulated_batch::add(const topic_partition& from, const log_entry& one) {
  const auto& key = texts_.emplace_back(one.key);
  const auto& value
    = texts_.emplace_back(fmt::format("{}@{}#{}", to_string(from), one.offset, one.serial));
  messages_.emplace_back(one.offset, key, value, this, nullptr);
}

fetch_state::fetch_state(simulated_cluster& of, std::size_t member, topic_partition which,
                         std::int64_t from)
  : of_{of},
    on_{of.on()},
    member_{member},
    which_{std::move(which)},
    fetched_{from},
    expected_{from} {}

void fetch_state::open() {
  closed_ = false;
  of_.watch(which_, shared_from_this());
  fetch_soon(on_.latency());
}

void fetch_state::close() {
  closed_ = true;
  wake_ = nullptr;
  waiting_.clear();
}

void fetch_state::fetch_if_idle() {
  if (!fetching_)
    fetch_soon(on_.latency());
}

void fetch_state::fetch_soon(moment delay) {
  if (closed_ || stopped_ || failed_)
    return;
  fetching_ = true;
  on_.clock.after(delay, [weak = weak_from_this(), run = run_] {
    if (const auto state = weak.lock(); state && state->run_ == run) {
      state->fetching_ = false;
      state->fetch();
    }
  });
}

void fetch_state::fetch() {
  if (closed_ || stopped_ || failed_)
    return;
  if (!of_.reachable(member_)) {
    fetch_soon(on_.within(50, 150));
    return;
  }
  const auto& log = of_.log(which_);
  if (!log.holds(fetched_)) {
    fail(errc::offset_out_of_range);
    return;
  }
  if (on_.mishap(on_.how.failed_fetches)) {
    fail(errc::not_authorized);
    return;
  }
  if (waiting_.size() >= most_waiting)
    return; // The next take resumes fetching.
  const auto most = on_.mishap(on_.how.small_fetches) ? on_.random.between(1, 3)
                                                      : static_cast<std::int64_t>(most_waiting);
  const auto found = log.read(fetched_, static_cast<std::size_t>(most));
  if (found.empty()) {
    reach_end(log.stable_end()); // The next append resumes fetching.
    return;
  }
  const bool was_empty = waiting_.empty();
  waiting_.insert(waiting_.end(), found.begin(), found.end());
  fetched_ = found.back().offset + 1;
  if (was_empty || on_.mishap(on_.how.spurious_wakes))
    ring();
  if (fetched_ < log.stable_end())
    fetch_soon(on_.latency());
}

bool fetch_state::refuse() {
  if (closed_ || stopped_ || failed_)
    return false;
  fail(errc::not_authorized);
  return true;
}

void fetch_state::reach_end(std::int64_t end) {
  // The committed offset can be beyond the stable end. The member then waits at that offset.
  if (fetched_ > end)
    return;
  fetched_ = end;
  if (std::exchange(end_, end) != end)
    ring();
}

void fetch_state::fail(errc code) {
  stopped_ = code == errc::offset_out_of_range;
  failed_ = error{.code = code, .retriable = false, .fatal = false, .text = "simulated"};
  on_.log.line("m{}   fetching {} at {} fails: {}", member_, to_string(which_), fetched_,
               to_string(code));
  ring();
}

void fetch_state::ring() {
  if (on_.mishap(on_.how.lost_wakes))
    return;
  if (on_.mishap(on_.how.late_wakes)) {
    on_.clock.after(on_.within(0, 30), [weak = weak_from_this()] {
      if (const auto state = weak.lock(); state && state->wake_)
        state->wake_();
    });
    return;
  }
  if (wake_)
    wake_();
}

fetched fetch_state::take(std::size_t most) {
  if (closed_)
    return {};
  auto count = std::min(most, waiting_.size());
  // librdkafka drops records that were fetched twice, so a take can return fewer records than were
  // waiting.
  if (count > 1 && on_.mishap(on_.how.small_fetches))
    count = static_cast<std::size_t>(on_.random.between(1, static_cast<std::int64_t>(count)));
  auto batch = std::make_shared<simulated_batch>(on_);
  for (auto left = count; left > 0; --left) {
    batch->add(which_, waiting_.front());
    expected_ = waiting_.front().offset + 1;
    waiting_.pop_front();
  }
  fetched answer{.memory = batch, .messages = batch->messages(), .bytes = 10 * count};
  answer.more = !waiting_.empty() || (count > 0 && count == most);
  if (waiting_.empty())
    answer.failed = failed_;
  if (waiting_.empty() && !failed_ && end_ >= 0 && std::exchange(told_end_, end_) != end_) {
    answer.end = end_;
    on_.checks.reached(member_, which_, end_);
  }
  if (count > 0)
    on_.log.line("m{}   takes {} of {} up to {}", member_, count, to_string(which_), expected_);
  on_.checks.taken(member_, which_, answer.messages);
  fetch_if_idle();
  return answer;
}

void fetch_state::wake_on_message(waker wake) {
  wake_ = std::move(wake);
  if (wake_ && (!waiting_.empty() || failed_ || end_ != told_end_))
    wake_();
}

void fetch_state::seek(std::int64_t offset) {
  on_.log.line("m{}   seek {} to {}", member_, to_string(which_), offset);
  if (offset == expected_ && !failed_)
    return;
  on_.checks.sought(member_, which_, offset);
  waiting_.clear();
  failed_.reset();
  end_ = told_end_ = -1;
  fetched_ = expected_ = offset;
  ++run_;
  fetching_ = false;
  fetch_soon(on_.latency());
}

} // namespace ottla::kafka::simulation
