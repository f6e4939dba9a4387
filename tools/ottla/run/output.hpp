#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace command {

/// The standard output, with a buffer. Unlike stdio, tells a closed pipe from a failure.
///
/// Thread safety: none, except for cancel().
class output {
public:
  enum class state : std::uint8_t {
    good,
    /// The reader has closed the pipe, as `head` does. Nothing more can be shown, and that is no
    /// failure.
    closed,
    /// The output cannot be written, for example because a disk is full. fault() says why.
    failed,
  };

  /// Does not own the descriptor.
  explicit output(int descriptor);
  ~output();
  output(const output&) = delete;
  output& operator=(const output&) = delete;

  /// Ignored if the state is not good. May block while a pipe is full.
  void write(std::string_view text);
  void flush();

  /// Ends each write that waits for the reader of a pipe or a terminal, now and later. The state is
  /// then `closed`. Call from any thread.
  void cancel() noexcept;

  state now() const noexcept { return state_; }
  bool is_good() const noexcept { return state_ == state::good; }
  const std::string& fault() const noexcept { return fault_; }

private:
  const int descriptor_;
  const int cancelled_;
  std::string buffer_;
  state state_ = state::good;
  std::string fault_;
};

} // namespace command
