#include <ottla/actors/virtual_time.hpp>
#include <ottla/registry/internal/entry.hpp>

#include "support/stranger.hpp"

#include <doctest/doctest.h>

#include <any>
#include <memory>
#include <string>
#include <utility>
#include <vector>

using namespace ottla;
using namespace ottla::detail;
using namespace ottla::test;

namespace {

/// Entries without holders. Each name is one letter.
struct entries {
  ~entries() {
    for (auto* each : all)
      entry::dispose(each);
  }

  entry* make(const std::string& name) {
    return all.emplace_back(entry::make(name, 0, {}, holding::weak, nullptr));
  }

  static std::string in_name(const entry* first) {
    std::string names;
    for (; first != nullptr; first = first->next_in_name())
      names += first->name();
    return names;
  }

  static std::string of_holder(const entry* first) {
    std::string names;
    for (; first != nullptr; first = first->next_of_holder())
      names += first->name();
    return names;
  }

  /// Makes the entries a, b, c and d, puts them in one list, and returns the first.
  entry* appended() {
    auto* const first = make("a");
    for (const auto* name : {"b", "c", "d"})
      make(name)->append_to(first);
    return first;
  }

  std::vector<entry*> all;
};

name_value value_of(int number) {
  return std::make_shared<const std::any>(number);
}

} // namespace

TEST_SUITE("entry") {
  TEST_CASE_FIXTURE(entries,
                    "an entry stores a name of up to 300 bytes, which may contain NUL bytes") {
    for (const auto& name : {std::string{"a"}, std::string{"a\0b", 3}, std::string(300, 'x')}) {
      const auto* made = make(name);
      CHECK(made->name() == name);
      CHECK(made->has_name(name));
      CHECK_FALSE(made->has_name(name + 'x'));
      CHECK_FALSE(made->has_name(name.substr(1)));
      CHECK_FALSE(made->has_name('y' + name.substr(1)));
    }
  }

  TEST_CASE_FIXTURE(entries,
                    "entries of one name are listed in the order in which they were added") {
    CHECK(in_name(appended()) == "abcd");
  }

  TEST_CASE_FIXTURE(entries, "an entry can be removed from any place of its name's list, and later "
                             "entries still come last") {
    for (std::size_t removed = 0; removed < 4; ++removed) {
      entries on;
      auto* first = on.appended();
      first = on.all[removed]->unlink_from(first);
      on.make("e")->append_to(first);
      CHECK(in_name(first) == std::string{"abcde"}.erase(removed, 1));
    }
  }

  TEST_CASE_FIXTURE(
    entries,
    "the list of a name is empty after all its entries are removed, starting from either end") {
    auto* first = appended();
    for (std::size_t index = 0; index < 4; ++index)
      first = all[index]->unlink_from(first);
    CHECK(first == nullptr);
    entries other;
    first = other.appended();
    for (std::size_t index = 4; index-- > 0;)
      first = other.all[index]->unlink_from(first);
    CHECK(first == nullptr);
  }

  TEST_CASE_FIXTURE(entries, "a removed entry still leads to the entries after it") {
    auto* const first = appended();
    auto* const second = all[1];
    second->unlink_from(first);
    CHECK(in_name(second) == "bcd");
  }

  TEST_CASE("a holder lists its newest entry first, and an entry can be removed from any place of "
            "the list") {
    for (std::size_t removed = 0; removed < 4; ++removed) {
      entries on;
      entry* first = nullptr;
      for (const auto* name : {"a", "b", "c", "d"}) {
        auto* const added = on.make(name);
        added->prepend_to(first);
        first = added;
      }
      CHECK(entries::of_holder(first) == "dcba");
      first = on.all[removed]->unlink_from_holder(first);
      CHECK(entries::of_holder(first) == std::string{"dcba"}.erase(3 - removed, 1));
    }
  }

  TEST_CASE_FIXTURE(
    entries, "exchange_value() returns the former value, or null if the entry had no value") {
    auto* const one = make("a");
    CHECK_FALSE(one->value());
    CHECK_FALSE(one->is_costly());
    CHECK(one->exchange_value(value_of(1)) == nullptr);
    CHECK(one->is_costly());
    const std::unique_ptr<name_value> former{one->exchange_value(value_of(2))};
    REQUIRE(former);
    CHECK(*value_as<int>(*former) == 1);
    CHECK(*value_as<int>(one->value()) == 2);
    delete one->exchange_value(nullptr);
    CHECK_FALSE(one->value());
  }

  TEST_CASE("dispose() releases an entry's value, and a kept entry stays readable until drop()") {
    const std::weak_ptr<const std::any> watched = [] {
      const auto value = value_of(1);
      auto* const one = entry::make("kept", 7, {}, holding::weak, value);
      one->keep();
      entry::dispose(one);
      CHECK(one->name() == "kept");
      CHECK(one->hash() == 7);
      CHECK_FALSE(one->value());
      one->drop();
      return std::weak_ptr<const std::any>{value};
    }();
    CHECK(watched.expired());
  }

  TEST_CASE("an entry returns its holder until the holder dies or end() is called") {
    for (const auto how : {holding::weak, holding::strong}) {
      CAPTURE(how == holding::strong);
      virtual_time time;
      const auto holder = spawn_stranger(time.system());
      auto* const one = entry::make("a", 0, holder, how, nullptr);
      auto* const other = entry::make("b", 0, holder, how, nullptr);
      const auto finds = [&](const entry* in) {
        caf::actor used;
        caf::actor copied;
        released_handles released;
        const bool is_used = in->with_living([&](const caf::actor& who) { used = who; }, released);
        const bool is_copied = in->copy_living(copied, released);
        CHECK(is_used == is_copied);
        CHECK(used == copied);
        return used == holder;
      };
      CHECK(finds(one));
      other->end();
      CHECK_FALSE(finds(other));
      kill(holder);
      time.run();
      CHECK_FALSE(finds(one));
      CHECK(one->holder() == holder.address());
      entry::dispose(one);
      entry::dispose(other);
    }
  }
}
