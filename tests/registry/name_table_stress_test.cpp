#include <ottla/actors/kept_ref.hpp>
#include <ottla/registry/registry.hpp>

#include "support/patience.hpp"
#include "support/stranger.hpp"

#include <doctest/doctest.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

using namespace ottla;
using namespace ottla::test;

namespace {

// With a sanitizer everything takes ten times as long.
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
constexpr int usual_steps = 2'000;
#else
constexpr int usual_steps = 10'000;
#endif

int steps() {
  return std::getenv("OTTLA_LONG") != nullptr ? 50 * usual_steps : usual_steps;
}

/// An actor system whose actors all end with it.
struct crowd {
  ~crowd() {
    for (const auto& each : all)
      kill(each);
  }

  caf::actor one() {
    all.push_back(spawn_stranger(system));
    return all.back();
  }

  struct quiet : caf::actor_system_config {
    quiet() {
      init_message_types();
      set_scheduler(*this, scheduling::sharing);
    }
  };
  quiet config;
  caf::actor_system system{config};
  std::vector<caf::actor> all;
};

/// A name that moves from holder to holder. One thread moves the name. Any thread may look it up.
struct moving {
  static constexpr std::size_t most = 8;

  std::string name;
  std::array<caf::actor, most> holders;
  /// The number of the newest claim. Holder n % most has the n-th claim.
  std::atomic<std::uint64_t> claims = 0;
  /// All claims below this number were released.
  std::atomic<std::uint64_t> released = 0;

  const caf::actor& holder_of(std::uint64_t claim) const { return holders[claim % most]; }
};

struct findings {
  std::atomic<int> lost = 0;
  std::atomic<int> stale = 0;
  std::atomic<int> torn = 0;
  std::atomic<int> wrong_list = 0;
};

/// A holder that had released the name before the look-up began is stale. A holder of another name
/// is torn.
void check_found(const moving& name, const caf::actor& found, std::uint64_t released_before,
                 findings& note) {
  if (!found)
    return;
  const auto claims = name.claims.load();
  for (auto claim = released_before; claim <= claims; ++claim)
    if (name.holder_of(claim) == found)
      return;
  for (const auto& each : name.holders)
    if (each == found) {
      ++note.stale;
      return;
    }
  ++note.torn;
}

} // namespace

TEST_SUITE("name_table under stress") {
  TEST_CASE("concurrent look-ups, claims and releases return no lost, stale or torn holder") {
    constexpr int fixed_names = 50;
    constexpr std::size_t moving_names = 16;
    constexpr int writers = 3;
    crowd of;
    findings note;
    std::atomic<int> writing = writers + 1;
    std::vector<caf::actor> fixed;
    std::array<moving, moving_names> moved;
    name_table table;
    for (int number = 0; number < fixed_names; ++number) {
      fixed.push_back(of.one());
      if (number % 2 == 0)
        table.claim_held("fixed/" + std::to_string(number), fixed.back());
      else
        table.claim("fixed/" + std::to_string(number), fixed.back());
    }
    for (std::size_t number = 0; number < moving_names; ++number) {
      moved[number].name = "moving/" + std::to_string(number);
      for (auto& each : moved[number].holders)
        each = of.one();
    }
    const auto check_fixed = [&](std::uint32_t draw) {
      const auto number = draw % fixed_names;
      const auto name = "fixed/" + std::to_string(number);
      const auto found = table.whereis(name);
      note.lost += !found;
      note.torn += found && found != fixed[number];
      note.lost
        += !table.visit(name, [&](const caf::actor& who) { note.torn += who != fixed[number]; });
    };
    const auto check_moving = [&](std::uint32_t draw) {
      const auto& name = moved[draw % moving_names];
      const auto released = name.released.load();
      check_found(name, table.whereis(name.name), released, note);
    };

    std::vector<std::thread> threads;
    for (int number = 0; number < writers; ++number)
      threads.emplace_back([&, number] {
        std::minstd_rand draw(static_cast<unsigned>(number));
        for (int step = 0; step < steps(); ++step) {
          // Each writer moves only its own names.
          auto& name
            = moved[draw() % (moving_names / writers) * writers + static_cast<unsigned>(number)];
          const auto claim = name.claims.load() + 1;
          const auto& holder = name.holder_of(claim);
          name.claims = claim;
          if (step % 2 == 0)
            note.lost += table.claim(name.name, holder) != holder;
          else
            note.lost += table.claim_held(name.name, holder) != holder;
          note.lost += table.whereis(name.name) != holder;
          table.release(name.name, holder.address());
          name.released = claim + 1;
          note.stale += table.whereis(name.name) == holder;
        }
        --writing;
      });
    // One thread makes the table grow, and must find everything that it has inserted.
    threads.emplace_back([&] {
      const auto who = fixed.front();
      for (int step = 0; step < steps(); ++step) {
        table.claim("growing/" + std::to_string(step), who);
        note.lost += table.whereis("growing/" + std::to_string(step / 2)) != who;
      }
      --writing;
    });
    for (int number = 0; number < 3; ++number)
      threads.emplace_back([&, number] {
        std::minstd_rand draw(100 + static_cast<unsigned>(number));
        std::map<std::size_t, std::shared_ptr<const registration>> kept;
        while (writing != 0) {
          check_fixed(draw());
          check_moving(draw());
          const auto which = draw() % moving_names;
          const auto released = moved[which].released.load();
          auto& one = kept[which];
          caf::actor found;
          const auto keep = [&](const caf::actor& who) { found = who; };
          if (!one || !one->visit(keep))
            one = table.keep(moved[which].name);
          else
            check_found(moved[which], found, released, note);
        }
      });
    // One thread lists names.
    threads.emplace_back([&] {
      while (writing != 0)
        note.wrong_list += table.select("fixed/").size() != fixed_names;
    });
    for (auto& each : threads)
      each.join();

    CHECK(note.lost == 0);
    CHECK(note.stale == 0);
    CHECK(note.torn == 0);
    CHECK(note.wrong_list == 0);
    CHECK(table.size() == static_cast<std::size_t>(fixed_names + steps()));
  }

  TEST_CASE("a dispatch reaches every lasting holder while other holders come and go") {
    crowd of;
    std::vector<caf::actor> staying;
    name_table table{"topics", key_rule::duplicate};
    std::vector<caf::actor> passing;
    for (int number = 0; number < 8; ++number)
      passing.push_back(of.one());
    for (int number = 0; number < 8; ++number) {
      table.claim("orders", passing[static_cast<std::size_t>(number)]);
      staying.push_back(of.one());
      table.claim("orders", staying.back(), number);
    }
    std::atomic<int> writing = 4;
    std::atomic<int> missed = 0;
    std::vector<std::thread> threads;
    for (int number = 0; number < 4; ++number)
      threads.emplace_back([&, number] {
        for (int step = 0; step < steps() / 2; ++step) {
          const auto& who = passing[static_cast<std::size_t>(2 * number + step % 2)];
          table.release("orders", who.address());
          table.claim("orders", who);
        }
        --writing;
      });
    for (int number = 0; number < 4; ++number)
      threads.emplace_back([&] {
        while (writing != 0) {
          int next = 0;
          table.dispatch("orders", [&](const caf::actor&, const name_value& value) {
            if (const auto* order = value_as<int>(value))
              missed += *order != next++;
          });
          missed += next != 8;
        }
      });
    for (auto& each : threads)
      each.join();
    CHECK(missed == 0);
    CHECK(table.size() == 16);
  }

  TEST_CASE("a process is not found after its DOWN, and the registry removes its names") {
    crowd of;
    const auto table = std::make_shared<name_table>();
    auto clean = caf::actor_cast<caf::actor>(of.system.spawn<registry>(process_context{}, table));
    of.all.push_back(clean);
    caf::scoped_actor self{of.system};
    int found = 0;
    for (int round = 0; round < steps() / 10; ++round) {
      const auto who = of.one();
      for (const auto* name : {"x", "y"})
        REQUIRE(table->claim(name, who) == who);
      self->monitor(who);
      kill(who);
      self->receive([&](const caf::down_msg&) {
        found += table->whereis("x") != nullptr;
        found += table->visit("y", [](const caf::actor&) {});
      });
      of.all.pop_back();
    }
    CHECK(found == 0);
    const auto last = of.one();
    table->claim("last", last);
    self->monitor(last);
    kill(last);
    self->receive([](const caf::down_msg&) {});
    // The registry learns of the death asynchronously.
    const auto until = std::chrono::steady_clock::now() + patience();
    while (table->size() != 0 && std::chrono::steady_clock::now() < until)
      std::this_thread::yield();
    CHECK(table->size() == 0);
  }
}
