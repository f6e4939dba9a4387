#pragma once

#include <ottla/kafka/fetch/partition_progress.hpp>
#include <ottla/kafka/fetch/stream_process.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace ottla::kafka {

/// How far the reader of a stream process has confirmed the stream, and the part that is not
/// confirmed yet. Outlives the process, so that the next process resumes here.
///
/// Thread safety: one process at a time.
class stream_position {
public:
  struct read_on {};
  struct refused {
    std::string why;
  };
  /// The answer to a request: an earlier part again, a part that is still to be read, or a refusal.
  using reply = std::variant<stream_part, read_on, refused>;

  /// Decides the answer. `after` confirms a part, see next_part_request::after.
  reply decide(std::optional<std::uint64_t> after);

  /// Notes a new part, and gives it the next number. Call only after decide() has returned read_on.
  /// The ranges of the first part stay the same for all readers.
  stream_part offer(stream_part part);

  /// Releases the messages of the part that is not confirmed. The part can still be confirmed. To
  /// repeat the part, the next reader reads it again. The part may then end at another offset.
  void release_messages() {
    if (offered_ && !offered_->is_end) {
      offered_->messages = {};
      must_reread_ = true;
    }
  }

  /// The progress of all confirmed parts. Empty before the first part.
  const std::vector<partition_progress>& confirmed() const noexcept { return confirmed_; }

private:
  std::uint64_t confirmed_parts_ = 0;
  std::vector<partition_progress> confirmed_;
  std::optional<stream_part> offered_;
  bool must_reread_ = false; ///< the messages of offered_ are released
};

} // namespace ottla::kafka
