#pragma once

#include <ottla/registry/name_events.hpp>
#include <ottla/registry/registry.hpp>

#include "stage.hpp"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace ottla::test {

/// Records the notifications of a registry, as in `t + name value` and `t - name`.
class eavesdropper : public process {
public:
  eavesdropper(caf::actor_config& config, process_context context,
               std::shared_ptr<std::vector<std::string>> heard)
    : process{config, std::move(context)}, heard_{std::move(heard)} {}

private:
  caf::behavior set_up() override {
    return {
      [this](const name_registered& what) {
        const auto* value = value_as<std::string>(what.value);
        heard_->push_back(what.registry + " + " + what.name + (value ? " " + *value : ""));
      },
      [this](const name_unregistered& what) {
        heard_->push_back(what.registry + " - " + what.name);
      },
    };
  }

  std::shared_ptr<std::vector<std::string>> heard_;
};

/// A stage with a name table and two processes that may claim names.
struct two_claimants : stage {
  two_claimants() = default;
  two_claimants(std::string registry, key_rule keys) : table{std::move(registry), keys} {}

  name_table table;
  const caf::actor a = start(child("a")).process;
  const caf::actor b = start(child("b")).process;
};

/// Like two_claimants, with a table in which several processes may hold the same name.
struct two_subscribers : two_claimants {
  two_subscribers() : two_claimants{"topics", key_rule::duplicate} {}
};

/// A stage with a name table, mounted as `t`, and the spec of the registry that cleans the table.
struct registry_stage : stage {
  explicit registry_stage(key_rule keys = key_rule::unique)
    : table{std::make_shared<name_table>("t", keys)} {
    names->mount("t", table);
  }

  child_spec registry_child(std::vector<process_ref> listeners = {}) const {
    return {.id = "registry",
            .start = ottla::start<registry>(table, std::move(listeners)),
            .name = "registry"};
  }

  child_spec listener() const {
    return {.id = "listener", .start = ottla::start<eavesdropper>(heard), .name = "listener"};
  }

  std::string what_was_heard() const {
    std::string all;
    for (const auto& line : std::exchange(*heard, {}))
      all += (all.empty() ? "" : ", ") + line;
    return all;
  }

  std::shared_ptr<name_table> table;
  std::shared_ptr<std::vector<std::string>> heard = std::make_shared<std::vector<std::string>>();
};

} // namespace ottla::test
