#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace ottla::kafka {

/// Finds processes that hang. Asks each process for a sign of life every two seconds. A process is
/// silent if it has not answered for ten seconds. For a replacement under the same name, the ten
/// seconds start again.
///
/// Times count from any fixed point.
class silence_watch {
public:
  struct silence {
    std::string name;
    std::chrono::nanoseconds lasts{};
  };

  /// Whether to ask `process`, which owns the name now. If true, call asked(). False while a
  /// question is pending, and for two seconds after each question.
  bool is_to_ask(std::string_view name, std::uint64_t process, std::chrono::nanoseconds now) const;
  void asked(std::string_view name, std::uint64_t process, std::chrono::nanoseconds now);

  /// The process answered or died.
  void answered(std::string_view name, std::uint64_t process);

  /// No process owns the name.
  void gone(std::string_view name);

  /// Call this every half second. If calls are missing, for example after a suspend of the
  /// computer, no process counts as silent.
  void checked();

  /// Sorted by name.
  std::vector<silence> silent(std::chrono::nanoseconds now) const;

private:
  struct question {
    std::uint64_t process = 0;
    std::chrono::nanoseconds asked_at{};
    bool is_open = true;
    /// Number of calls of checked() since the question.
    int checks = 0;
  };

  std::map<std::string, question, std::less<>> questions_;
};

} // namespace ottla::kafka
