#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace command {

/// Splits bytes into lines. The last line may have no line end.
class input_lines {
public:
  /// A line that is longer is rejected. Kafka's default for the size of a record is 1 MB.
  static constexpr std::size_t longest = std::size_t{64} * 1024 * 1024;

  void add(std::string_view bytes);
  /// No more bytes follow.
  void end() { ended_ = true; }

  /// The next line without its line end, valid until the next call of add(). nullopt if it is not
  /// complete yet.
  std::optional<std::string_view> next();

  /// Number of lines that next() has returned.
  std::uint64_t count() const noexcept { return count_; }
  /// The pending line is longer than `longest`.
  bool is_too_long() const noexcept;

private:
  std::string buffer_;
  std::size_t begin_ = 0;
  /// No line end is before this place.
  std::size_t searched_ = 0;
  std::uint64_t count_ = 0;
  bool ended_ = false;
};

} // namespace command
