#pragma once

#include <ottla/actors/directory.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace ottla::kafka {

/// The names below a prefix of another directory, as a directory. With the prefix
/// `consumer/orders/` the name `coordinator` is `consumer/orders/coordinator` in the other
/// directory. So the processes of a consumer find each other under the names of a group's
/// processes.
///
/// Thread safety: call from any thread.
class scoped_names final : public directory {
public:
  scoped_names(std::shared_ptr<directory> all, std::string prefix)
    : all_{std::move(all)}, prefix_{std::move(prefix)} {}

  caf::actor whereis(std::string_view name) const override { return all_->whereis(whole(name)); }
  bool visit(std::string_view name, process_visitor use) const override {
    return all_->visit(whole(name), use);
  }
  std::shared_ptr<const registration> keep(std::string_view name) const override {
    return all_->keep(whole(name));
  }
  caf::actor claim(std::string_view name, const caf::actor& who) override {
    return all_->claim(whole(name), who);
  }
  caf::actor claim_held(std::string_view name, const caf::actor& who) override {
    return all_->claim_held(whole(name), who);
  }
  void release(std::string_view name, const caf::actor_addr& who) override {
    all_->release(whole(name), who);
  }

private:
  std::string whole(std::string_view name) const { return prefix_ + std::string{name}; }

  const std::shared_ptr<directory> all_;
  const std::string prefix_;
};

} // namespace ottla::kafka
