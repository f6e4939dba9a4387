#pragma once

#include <ottla/kafka/consumer/consumer.hpp>
#include <ottla/kafka/error.hpp>
#include <ottla/kafka/internal/driver/driver.hpp>

#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

namespace ottla::kafka {

/// Calls the program's consumer::store_offsets on a thread of the seam. Calls do not overlap, and
/// keep their order, even if the process that asked for one has ended.
///
/// Thread safety: call from any thread.
class offset_store : public std::enable_shared_from_this<offset_store> {
public:
  using store_function = std::function<void(std::span<const next_offset>)>;
  using receiver = std::function<void(const std::optional<error>&)>;

  explicit offset_store(store_function how) : store_{std::move(how)} {}

  /// Calls the function with `offsets`, and then `done` with the failure, if any.
  void put(driver& with, std::vector<next_offset> offsets, receiver done);

private:
  struct request {
    std::vector<next_offset> offsets;
    receiver done;
  };

  std::optional<request> next();
  void work();

  const store_function store_;
  std::mutex guard_;
  std::deque<request> waiting_;
  bool is_working_ = false;
};

} // namespace ottla::kafka
