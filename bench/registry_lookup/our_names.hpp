#pragma once

#include <ottla/registry/registry.hpp>

#include <memory>
#include <string>

namespace bench {

/// A registry with its process, behind the interface of locked_map.
class our_names {
public:
  explicit our_names(caf::actor_system& system);
  ~our_names();
  our_names(const our_names&) = delete;
  our_names& operator=(const our_names&) = delete;

  /// Claims the name as a supervisor does for its child.
  void take(const std::string& name, const caf::actor& who) { table_->claim_held(name, who); }

  void give_back(const std::string& name, const caf::actor& who) {
    table_->release(name, who.address());
  }

  template <class Use>
  bool visit(const std::string& name, Use use) const {
    return table_->visit(name, use);
  }

  caf::actor whereis(const std::string& name) const { return table_->whereis(name); }

  const std::shared_ptr<ottla::name_table>& table() const noexcept { return table_; }

  /// Waits until the registry's process has handled all writes.
  void settle();

private:
  caf::actor_system& system_;
  std::shared_ptr<ottla::name_table> table_ = std::make_shared<ottla::name_table>();
  caf::actor registry_;
};

/// Claims names as processes without a supervisor do.
class our_names_of_strangers : public our_names {
public:
  using our_names::our_names;

  void take(const std::string& name, const caf::actor& who) { table()->claim(name, who); }
};

} // namespace bench
