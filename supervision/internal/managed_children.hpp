#pragma once

#include <ottla/supervision/child_spec.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

namespace ottla {

/// The children of a process manager, and which of them to start. Outlives the manager, so that its
/// replacement knows the children that were added at run time.
///
/// Thread safety: call from any thread. A manager that is killed and its replacement may use the
/// same object.
class managed_children {
public:
  using spec_ptr = std::shared_ptr<const child_spec>;

  /// One life of the dynamic supervisor. Its number is unique in the tree.
  struct incarnation {
    std::weak_ptr<const void> tree = {};
    std::uint64_t number = 0;
  };

  enum class state : std::uint8_t {
    unknown,
    /// Waits for its first start, or for the next try.
    startable,
    starting,
    /// Started under the present supervisor, which decides about restarts.
    started,
    kept_down,
  };

  state state_of(const std::string& id) const;

  /// Whether this spec is the present spec of its id.
  bool has(const spec_ptr& what) const;

  /// Adds a child to start. Changes nothing if the id is known.
  void add(spec_ptr what);

  /// Adds a child to start, in place of a child with the same id.
  void replace(spec_ptr what);

  /// The child is not started until it is replaced. Returns false if the id is unknown.
  bool keep_down(const std::string& id);

  /// The manager now uses this dynamic supervisor, which has children with these ids. A child
  /// without a process becomes startable if the supervisor is new, or if its start was never
  /// confirmed.
  void attach(const incarnation& to, const std::set<std::string>& present);

  /// The children to start now, in the order of their addition. They become `starting`.
  std::vector<spec_ptr> take_startable();

  // The outcome of a start. These functions change nothing if the child is not `starting` from this
  // spec any more.

  void started(const spec_ptr& what);
  /// The next take_startable repeats the start.
  void not_started(const spec_ptr& what);
  /// The id becomes unknown.
  void forget(const spec_ptr& what);

private:
  struct child {
    spec_ptr spec = nullptr;
    state now = state::startable;
  };
  using place = std::uint64_t;

  child* find(const std::string& id);
  child* find_starting(const spec_ptr& what);

  mutable std::mutex guard_;
  /// In the order of their addition.
  std::map<place, child> all_;
  std::map<std::string, place> places_;
  place last_place_ = 0;
  incarnation last_supervisor_;
};

} // namespace ottla
