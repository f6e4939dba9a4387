#pragma once

#include <ottla/actors/caf.hpp>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace ottla {

/// The living processes that a supervisor has started. It is shared with the supervisor's own
/// supervisor, which after the death of this one waits until all of them are gone too, so that a
/// replacement never meets a name, or a Kafka handle, that is still held.
///
/// Thread safety: written by its supervisor only; read by the one above only after that one's DOWN,
/// which orders the two.
class offspring {
public:
  struct member {
    caf::actor process;
    std::shared_ptr<offspring> its;
    /// The name it was started with, empty for none.
    std::string name;
  };

  void add(member one) { members_.push_back(std::move(one)); }

  void remove(const caf::actor_addr& process) {
    std::erase_if(members_, [&](const member& one) { return one.process.address() == process; });
  }

  const std::vector<member>& members() const noexcept { return members_; }

  std::vector<member> take() { return std::exchange(members_, {}); }

private:
  std::vector<member> members_;
};

} // namespace ottla
