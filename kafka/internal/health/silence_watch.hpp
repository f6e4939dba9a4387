#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace ottla::kafka {

/// Finds processes that hang: each is asked for a sign of life every two seconds, and is silent
/// when an answer has not come for ten. A replacement under the same name is asked anew.
///
/// Times count from any fixed point.
class silence_watch {
public:
  struct silence {
    std::string name;
    std::chrono::nanoseconds lasts{};
  };

  /// Whether to ask `process`, which has the name now. If so, call asked(). False while a question
  /// is open, and for two seconds after each question.
  bool is_to_ask(std::string_view name, std::uint64_t process, std::chrono::nanoseconds now) const;
  void asked(std::string_view name, std::uint64_t process, std::chrono::nanoseconds now);

  /// The process answered or died.
  void answered(std::string_view name, std::uint64_t process);

  /// No process has the name.
  void gone(std::string_view name);

  /// To be called every half second. Without enough calls, as after a computer's sleep, no process
  /// counts as silent.
  void checked();

  /// Sorted by name.
  std::vector<silence> silent(std::chrono::nanoseconds now) const;

private:
  struct question {
    std::uint64_t process = 0;
    std::chrono::nanoseconds asked_at{};
    bool is_open = true;
    /// Calls of checked() since the question.
    int checks = 0;
  };

  std::map<std::string, question, std::less<>> questions_;
};

} // namespace ottla::kafka
