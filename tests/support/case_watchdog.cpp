// Ends the test program when a case hangs, and prints the name of the case. Without the watchdog,
// the whole suite would time out minutes later without naming the case.

#include "long_run.hpp"
#include "patience.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <unistd.h>

namespace {

using steady = std::chrono::steady_clock;

/// OTTLA_CASE_SECONDS also overrides the timeouts that cases set.
double limit_of(const doctest::TestCaseData& which) {
  if (std::getenv("OTTLA_CASE_SECONDS") != nullptr)
    return ottla::test::seconds_a_case();
  if (ottla::test::long_run())
    return 3'600;
  return std::max(which.m_timeout, ottla::test::seconds_a_case());
}

class case_watchdog final : public doctest::IReporter {
public:
  explicit case_watchdog(const doctest::ContextOptions&) {}

  ~case_watchdog() override {
    {
      const std::scoped_lock lock{guard_};
      done_ = true;
    }
    changed_.notify_one();
    if (thread_.joinable())
      thread_.join();
  }

  void test_case_start(const doctest::TestCaseData& which) override {
    const auto seconds = limit_of(which);
    const std::scoped_lock lock{guard_};
    name_ = std::string{which.m_test_suite} + ": " + which.m_name;
    ends_at_
      = steady::now()
        + std::chrono::duration_cast<steady::duration>(std::chrono::duration<double>(seconds));
    if (!thread_.joinable())
      thread_ = std::thread{[this] { watch(); }};
    changed_.notify_one();
  }

  void test_case_end(const doctest::CurrentTestCaseStats&) override {
    const std::scoped_lock lock{guard_};
    ends_at_.reset();
    changed_.notify_one();
  }

  void report_query(const doctest::QueryData&) override {}
  void test_run_start() override {}
  void test_run_end(const doctest::TestRunStats&) override {}
  void test_case_reenter(const doctest::TestCaseData&) override {}
  void test_case_exception(const doctest::TestCaseException&) override {}
  void subcase_start(const doctest::SubcaseSignature&) override {}
  void subcase_end() override {}
  void log_assert(const doctest::AssertData&) override {}
  void log_message(const doctest::MessageData&) override {}
  void test_case_skipped(const doctest::TestCaseData&) override {}

private:
  void watch() {
    std::unique_lock lock{guard_};
    while (!done_) {
      if (!ends_at_)
        changed_.wait(lock);
      else if (steady::now() >= *ends_at_)
        give_up();
      else
        changed_.wait_until(lock, *ends_at_);
    }
  }

  [[noreturn]] void give_up() const {
    // Keep what the case has printed. A case that hangs while it prints holds the lock.
    if (ftrylockfile(stdout) == 0)
      std::fflush(stdout);
    const auto text = "\nTEST CASE HANGS: " + name_ + '\n';
    static_cast<void>(!write(stderr_, text.data(), text.size()));
    std::_Exit(EXIT_FAILURE);
  }

  /// The stderr of the run, because a case may have replaced stderr with a full pipe.
  const int stderr_ = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
  std::mutex guard_;
  std::condition_variable changed_;
  std::string name_;
  std::optional<steady::time_point> ends_at_;
  bool done_ = false;
  std::thread thread_;
};

} // namespace

REGISTER_LISTENER("case_watchdog", 1, case_watchdog);
