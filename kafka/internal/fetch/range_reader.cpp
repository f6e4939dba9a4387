#include <ottla/actors/saturating.hpp>
#include <ottla/kafka/internal/fetch/range_reader.hpp>
#include <ottla/kafka/internal/fetch/stream_check.hpp>

#include <algorithm>
#include <utility>
#include <variant>

namespace ottla::kafka {

namespace {

/// After this time without a message, the reader checks its partitions. The driver also reads the
/// errors of its connections at each take. Otherwise the errors pile up.
constexpr std::chrono::milliseconds longest_sleep{1'000};

std::vector<std::chrono::system_clock::time_point> times_of(const stream_settings& what) {
  std::vector<std::chrono::system_clock::time_point> times;
  if (const auto* from = std::get_if<since>(&what.from))
    times.push_back(from->when);
  if (const auto* until = std::get_if<before>(&what.until))
    times.push_back(until->when);
  return times;
}

std::chrono::milliseconds until_deadline(const reader_handle& clock,
                                         std::chrono::milliseconds deadline) {
  return std::max(deadline - clock.elapsed(), std::chrono::milliseconds::zero());
}

} // namespace

result<std::unique_ptr<range_reader>> range_reader::open(driver& with, const stream_settings& what,
                                                         std::chrono::milliseconds within) {
  if (auto fault = fault_of_stream(what, within))
    return error{.code = errc::bad_setting, .text = *std::move(fault)};
  auto opened
    = with.open_reader({.read_committed = what.read_committed, .ahead_bytes = what.ahead_bytes});
  if (!opened)
    return opened.error();
  auto handle = *std::move(opened);
  const auto deadline = std::min<std::chrono::milliseconds>(within, longest_within);
  std::vector<topic_partition> partitions;
  if (what.partitions.empty()) {
    const auto count = handle->count_partitions(what.topic, deadline);
    if (!count)
      return count.error();
    for (std::int32_t partition = 0; partition < *count; ++partition)
      partitions.push_back({what.topic, partition});
  }
  for (const auto partition : what.partitions)
    partitions.push_back({what.topic, partition});
  auto logs = handle->look_up(partitions, times_of(what), until_deadline(*handle, deadline));
  if (!logs)
    return logs.error();
  std::vector<partition_range> ranges;
  for (const auto& log : *logs)
    ranges.push_back(choose_range(log, what.from, what.until));
  return std::unique_ptr<range_reader>{
    new range_reader{std::move(handle), what, *std::move(logs), std::move(ranges)}};
}

result<std::unique_ptr<range_reader>>
range_reader::resume(driver& with, const stream_settings& what,
                     std::span<const partition_progress> from) {
  auto opened
    = with.open_reader({.read_committed = what.read_committed, .ahead_bytes = what.ahead_bytes});
  if (!opened)
    return opened.error();
  std::vector<log_offsets> logs;
  std::vector<partition_range> ranges;
  for (const auto& each : from) {
    logs.push_back({.at = each.at, .begin = each.first, .end = each.end});
    ranges.emplace_back(each.first, each.end).reached(each.next);
  }
  return std::unique_ptr<range_reader>{
    new range_reader{*std::move(opened), what, std::move(logs), std::move(ranges)}};
}

range_reader::range_reader(std::unique_ptr<reader_handle> handle, const stream_settings& what,
                           std::vector<log_offsets> logs, std::vector<partition_range> ranges)
  : handle_{std::move(handle)}, what_{what}, logs_{std::move(logs)}, ranges_{std::move(ranges)} {
  for (std::size_t i = 0; i < logs_.size(); ++i)
    progress_.push_back({.at = logs_[i].at,
                         .first = ranges_[i].first(),
                         .end = ranges_[i].end(),
                         .next = ranges_[i].next()});
  const auto to_read = std::ranges::count(ranges_, false, &partition_range::is_done);
  handle_->share_among(std::min<std::size_t>(static_cast<std::size_t>(to_read), most_at_once));
}

void range_reader::start_more() {
  while (!failure_ && waiting_ < ranges_.size() && now_.size() < most_at_once) {
    const auto index = waiting_++;
    if (ranges_[index].is_done())
      continue;
    auto queue = handle_->start({.at = logs_[index].at, .offset = ranges_[index].next()});
    if (!queue) {
      fail(queue.error());
      return;
    }
    now_.push_back({index, *std::move(queue)});
    now_.back().queue->wake_on_message([this] { woken_.set(); });
  }
}

std::optional<range_part> range_reader::next(std::chrono::milliseconds patience, std::size_t most) {
  const auto deadline = saturating_add(handle_->elapsed(), patience);
  for (;;) {
    if (auto part = poll(most, deadline))
      return part;
    if (failure_ || now_.empty())
      break;
    const auto left = until_deadline(*handle_, deadline);
    if (woken_.wait(std::min(left, longest_sleep)))
      continue;
    const auto rest = until_deadline(*handle_, deadline);
    if (rest > rest.zero())
      check_silent_partitions(rest);
    if (!failure_ && left <= longest_sleep)
      fail(handle_->explain_silence(logs_[now_.front().index].at, patience));
  }
  now_.clear();
  if (!std::exchange(ended_, true))
    report_progress();
  return std::nullopt;
}

std::optional<range_part> range_reader::next_ready(std::size_t most) {
  return failure_ ? std::nullopt : poll(most, std::nullopt);
}

std::optional<range_part> range_reader::poll(std::size_t most,
                                             std::optional<std::chrono::milliseconds> deadline) {
  for (;;) {
    start_more();
    if (failure_ || now_.empty())
      return std::nullopt;
    woken_.clear();
    if (interrupted_) {
      fail({.code = errc::closed, .retriable = true, .text = "the read was interrupted"});
      return std::nullopt;
    }
    for (auto tries = now_.size(); tries > 0 && !failure_; --tries) {
      next_up_ = next_up_ < now_.size() ? next_up_ : 0;
      auto& one = now_[next_up_];
      if (auto part = take_from(one, most, deadline)) {
        if (ranges_[one.index].is_done())
          now_.erase(now_.begin() + static_cast<std::ptrdiff_t>(next_up_));
        else
          ++next_up_;
        return part;
      }
      if (ranges_[one.index].is_done())
        now_.erase(now_.begin() + static_cast<std::ptrdiff_t>(next_up_));
      else
        ++next_up_;
    }
    const bool may_start = now_.empty() || waiting_ < ranges_.size();
    if (failure_ || !may_start || now_.size() == most_at_once)
      return std::nullopt;
  }
}

std::optional<range_part>
range_reader::take_from(reading& one, std::size_t most,
                        std::optional<std::chrono::milliseconds> deadline) {
  auto& range = ranges_[one.index];
  auto got = one.queue->take(most);
  const auto count = range.take(got.messages);
  if (got.end)
    range.reached(*got.end);
  note_progress(one.index);
  if (count > 0) {
    report_progress();
    // A failure stays in the queue. The next take returns it.
    return range_part{.memory = std::move(got.memory),
                      .messages = got.messages.first(count),
                      .from = &logs_[one.index].at};
  }
  if (got.failed && !range.is_done()) {
    // A failure stays in the queue, so next() takes it again.
    if (deadline)
      recover(
        one, *got.failed,
        std::min<std::chrono::milliseconds>(until_deadline(*handle_, *deadline), longest_within));
  } else if (got.more) {
    woken_.set();
  }
  return std::nullopt;
}

void range_reader::recover(reading& one, const error& why, std::chrono::milliseconds within) {
  auto& range = ranges_[one.index];
  if (why.code != errc::offset_out_of_range) {
    fail(why);
    return;
  }
  const std::vector<topic_partition> which{logs_[one.index].at};
  const auto log = handle_->look_up(which, {}, within);
  if (!log)
    fail(log.error());
  else if (!range.trim(log->front().begin))
    fail(why);
  else if (!range.is_done())
    one.queue->seek(range.next());
  note_progress(one.index);
  woken_.set();
}

void range_reader::check_silent_partitions(std::chrono::milliseconds within) {
  std::vector<topic_partition> which;
  for (const auto& one : now_)
    which.push_back(logs_[one.index].at);
  const auto found = handle_->look_up(which, {}, std::min(within, longest_sleep));
  if (!found && (found.error().code == errc::unknown_topic || !found.error().retriable))
    fail(found.error());
}

void range_reader::report_progress() {
  if (!what_.on_progress)
    return;
  try {
    what_.on_progress(progress_);
  } catch (...) {
    // The caller does not get the records of this batch.
    if (!ended_)
      fail({.text = "on_progress threw an exception"});
    throw;
  }
}

void range_reader::note_progress(std::size_t index) {
  progress_[index].next = ranges_[index].next();
}

void range_reader::fail(error why) {
  failure_ = std::move(why);
}

} // namespace ottla::kafka
