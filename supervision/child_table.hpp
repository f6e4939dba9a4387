#pragma once

#include <ottla/actors/exit_reason.hpp>
#include <ottla/actors/process_label.hpp>
#include <ottla/supervision/backoff.hpp>
#include <ottla/supervision/child_spec.hpp>
#include <ottla/supervision/tree_node.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace ottla {

/// A child of a supervisor, whether it runs or not.
struct child_row {
  /// Who asked for the pending start.
  enum class cause : std::uint8_t {
    supervisor,
    /// A start_child request: the child is removed if the start fails.
    start_child,
    restart_child,
  };

  std::shared_ptr<const child_spec> spec = nullptr;
  std::shared_ptr<const process_label> label = nullptr;
  child_status status = child_status::down;
  /// Key of the current run, see parent::key; 0 if there is none.
  std::uint64_t running = 0;
  std::size_t restarts = 0;
  exit_reason last_end = {};
  /// Null without restart_delay and give_up_after.
  std::unique_ptr<backoff> delays = nullptr;
  /// The restart waits until this time.
  std::chrono::nanoseconds not_before{};
  cause started_by = cause::supervisor;

  const std::string& id() const noexcept { return spec->id; }
  /// Never restarted, and forgotten once it is down.
  bool temporary() const noexcept { return spec->restart == restart_policy::temporary; }
};

/// The children of a supervisor in the order of their starts, found by id.
class child_table {
public:
  child_row& add(child_row row);
  void erase(const child_row& row);

  child_row* find(std::string_view id);

  bool empty() const noexcept { return rows_.empty(); }
  std::size_t size() const noexcept { return rows_.size(); }
  child_row& back() noexcept { return rows_.back(); }
  auto begin() noexcept { return rows_.begin(); }
  auto end() noexcept { return rows_.end(); }
  auto begin() const noexcept { return rows_.begin(); }
  auto end() const noexcept { return rows_.end(); }

  std::vector<std::string> ids() const;
  void clear();

private:
  std::list<child_row> rows_;
  /// The keys point into the rows' specs.
  std::unordered_map<std::string_view, std::list<child_row>::iterator> by_id_;
};

} // namespace ottla
