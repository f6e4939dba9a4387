#include <ottla/actors/stderr_lines.hpp>
#include <ottla/supervision/internal/leave_process.hpp>

#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <thread>

namespace ottla::detail {

namespace {

using namespace std::chrono_literals;

constexpr auto for_lines = 500ms;
constexpr auto for_stdio = 250ms;

struct flushes {
  std::mutex guard;
  std::condition_variable fewer;
  int under_way = 0;
};

/// Flushes on a separate thread, because a flush may wait for the lock of a stream.
void start_flush(const std::shared_ptr<flushes>& all, std::FILE* stream) {
  {
    const std::lock_guard lock{all->guard};
    ++all->under_way;
  }
  std::thread{[all, stream] {
    std::fflush(stream);
    const std::lock_guard lock{all->guard};
    --all->under_way;
    all->fewer.notify_all();
  }}.detach();
}

} // namespace

void leave_process(int status) noexcept {
  flush_lines(for_lines);
  try {
    const auto all = std::make_shared<flushes>();
    // Flush stdout separately: a flush of all streams blocks at the first locked stream.
    start_flush(all, stdout);
    start_flush(all, nullptr);
    std::unique_lock lock{all->guard};
    all->fewer.wait_for(lock, for_stdio, [&] { return all->under_way == 0; });
  } catch (...) {
    // Without memory or a thread for the flush, buffered output is lost.
  }
  std::_Exit(status);
}

} // namespace ottla::detail
