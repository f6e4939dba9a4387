#include <ottla/supervision/internal/managed_children.hpp>

#include <doctest/doctest.h>

#include <memory>
#include <string>

using namespace ottla;

namespace {

using state = managed_children::state;

managed_children::spec_ptr child(const std::string& id) {
  return std::make_shared<const child_spec>(child_spec{.id = id});
}

/// The ids to start, as in `a b`.
std::string taken(managed_children& from) {
  std::string result;
  for (const auto& each : from.take_startable())
    result += (result.empty() ? "" : " ") + each->id;
  return result;
}

struct remembered {
  managed_children::spec_ptr add(const std::string& id) {
    auto what = child(id);
    all.add(what);
    return what;
  }

  void start_all() {
    for (const auto& each : all.take_startable())
      all.started(each);
  }

  std::shared_ptr<int> tree = std::make_shared<int>();
  managed_children all;
};

} // namespace

TEST_SUITE("managed_children") {
  TEST_CASE_FIXTURE(remembered, "new children start once, in the order of their addition") {
    add("b");
    add("a");
    CHECK(all.state_of("b") == state::startable);
    CHECK(taken(all) == "b a");
    CHECK(all.state_of("b") == state::starting);
    CHECK(taken(all) == "");
    add("c");
    add("a");
    CHECK(taken(all) == "c");
    CHECK(all.state_of("d") == state::unknown);
  }

  TEST_CASE_FIXTURE(remembered, "a failed start is repeated, and a successful one is not") {
    const auto a = add("a");
    const auto b = add("b");
    all.take_startable();
    all.not_started(a);
    all.started(b);
    CHECK(taken(all) == "a");
  }

  TEST_CASE_FIXTURE(remembered, "a new supervisor starts all children that it does not have") {
    add("a");
    add("b");
    all.attach({tree, 1}, {});
    start_all();
    all.attach({tree, 2}, {"b"});
    CHECK(taken(all) == "a");
    CHECK(all.state_of("b") == state::started);
  }

  TEST_CASE_FIXTURE(remembered,
                    "a new manager under the same supervisor starts only what was never started") {
    add("a");
    add("b");
    all.attach({tree, 1}, {});
    const auto specs = all.take_startable();
    all.started(specs[0]);
    add("c");
    // Neither a, which has ended since, nor the unconfirmed b has a process.
    all.attach({tree, 1}, {});
    CHECK(taken(all) == "b c");
    all.attach({tree, 1}, {"b"});
    CHECK(taken(all) == "c");
  }

  TEST_CASE_FIXTURE(remembered,
                    "the supervisor of another tree is new, even with the same number") {
    add("a");
    all.attach({tree, 1}, {});
    start_all();
    all.attach({std::make_shared<int>(), 1}, {});
    CHECK(taken(all) == "a");
  }

  TEST_CASE_FIXTURE(remembered, "a child that is kept down starts only after it is replaced") {
    add("a");
    all.attach({tree, 1}, {});
    start_all();
    CHECK(all.keep_down("a"));
    CHECK_FALSE(all.keep_down("b"));
    add("a");
    all.attach({tree, 2}, {});
    CHECK(taken(all) == "");
    CHECK(all.state_of("a") == state::kept_down);
    const auto replacement = child("a");
    all.replace(replacement);
    CHECK(all.has(replacement));
    CHECK(taken(all) == "a");
  }

  TEST_CASE_FIXTURE(remembered,
                    "the outcome of a start counts only for the spec that was started") {
    const auto old = add("a");
    all.take_startable();
    const auto replacement = child("a");
    all.replace(replacement);
    all.take_startable();
    CHECK_FALSE(all.has(old));
    all.started(old);
    all.not_started(old);
    all.forget(old);
    CHECK(all.state_of("a") == state::starting);
    all.forget(replacement);
    CHECK(all.state_of("a") == state::unknown);
    add("a");
    CHECK(taken(all) == "a");
  }
}
