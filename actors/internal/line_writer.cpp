#include <ottla/actors/internal/line_writer.hpp>
#include <ottla/actors/saturating.hpp>

#include <algorithm>
#include <utility>

namespace ottla::detail {

namespace {

std::string notice_of(std::size_t dropped) {
  return "ottla: " + std::to_string(dropped) + (dropped == 1 ? " line was" : " lines were")
         + " dropped here because stderr accepted no output\n";
}

} // namespace

void line_writer::add(std::string_view line) noexcept {
  const std::lock_guard lock{guard_};
  try {
    std::string text{line.substr(0, longest_line)};
    text += line.size() > longest_line ? " ...\n" : "\n";
    // The notice replaces the dropped lines, so the notice comes before this line.
    std::string notice = dropped_ > 0 && !failing_ ? notice_of(dropped_) : std::string{};
    if (closed_ || !has_room(notice.size() + text.size())) {
      ++dropped_;
      return;
    }
    if (!notice.empty()) {
      queue(std::move(notice));
      dropped_ = 0;
    }
    queue(std::move(text));
    work_.notify_one();
  } catch (...) {
    ++dropped_; // no memory
  }
}

bool line_writer::flush(std::chrono::nanoseconds within) noexcept {
  std::unique_lock lock{guard_};
  try_again_ = dropped_ > 0;
  work_.notify_one();
  const auto patience = stuck_ ? within.zero() : std::min(within, longest_wait);
  const bool all = progress_.wait_for(lock, patience, [this] { return !has_work(); });
  stuck_ = !all;
  return all && dropped_ == 0;
}

void line_writer::run() noexcept {
  std::unique_lock lock{guard_};
  for (;;) {
    work_.wait(lock, [this] { return closed_ || has_work(); });
    if (!has_work())
      return;
    try {
      write_next(lock);
    } catch (...) {
      ++dropped_; // no memory
      try_again_ = false;
    }
    progress_.notify_all();
  }
}

void line_writer::close() noexcept {
  const std::lock_guard lock{guard_};
  closed_ = true;
  work_.notify_all();
}

bool line_writer::has_room(std::size_t bytes) const noexcept {
  return waiting_.size() < most_lines && bytes_ + bytes <= most_bytes;
}

bool line_writer::has_work() const noexcept {
  return writing_ || !waiting_.empty() || (dropped_ > 0 && !closed_ && (!failing_ || try_again_));
}

void line_writer::queue(std::string line) {
  const auto bytes = line.size();
  waiting_.push_back(std::move(line));
  bytes_ += bytes;
}

void line_writer::write_next(std::unique_lock<std::mutex>& lock) {
  // The report of dropped lines comes before the line that follows them. Lines queued before the
  // drop are written first, unless the last write failed.
  const auto told = failing_ || waiting_.empty() ? dropped_ : 0;
  const auto notice
    = (broken_off_ ? std::string{"\n"} : std::string{}) + (told > 0 ? notice_of(told) : "");
  std::string line;
  if (!waiting_.empty()) {
    line = std::move(waiting_.front());
    waiting_.pop_front();
    bytes_ -= line.size();
  }
  const auto text = notice + line;
  try_again_ = false;
  writing_ = true;
  lock.unlock();
  const auto result = write_(text);
  lock.lock();
  writing_ = false;
  failing_ = result.failed;
  if (result.written > 0) {
    stuck_ = false;
    broken_off_ = text[result.written - 1] != '\n';
  }
  if (result.written >= notice.size())
    dropped_ -= told;
  if (result.written < text.size() && !line.empty())
    ++dropped_;
}

} // namespace ottla::detail
