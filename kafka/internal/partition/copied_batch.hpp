#pragma once

#include <ottla/kafka/message.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace ottla::kafka {

/// A copy of messages in separate memory. Replaces a fetched batch that stays unacknowledged for a
/// long time. The fetched batch would pin its fetch buffer, which may be a thousand times as large
/// as the messages.
class copied_batch final : public batch_memory {
public:
  static std::shared_ptr<const copied_batch> of(std::span<const message> originals);

  /// Valid while this object lives.
  std::span<const message> messages() const noexcept { return messages_; }

  std::optional<std::chrono::system_clock::time_point> timestamp(const message& of) const override;
  std::vector<header> headers(const message& of) const override;

private:
  struct own_header {
    std::string name;
    std::string value;
    bool has_value;
  };
  struct rest {
    std::optional<std::chrono::system_clock::time_point> timestamp;
    std::vector<own_header> headers;
  };

  std::unique_ptr<char[]> bytes_;
  std::vector<rest> rests_; ///< raw() of each message points to its element
  std::vector<message> messages_;
};

} // namespace ottla::kafka
