// How much longer does a send through a kept_ref or by name take than a send to the handle?

#include <ottla/actors/call.hpp>
#include <ottla/actors/kept_ref.hpp>

#include "registry_lookup/our_names.hpp"
#include "registry_lookup/questions.hpp"
#include "registry_lookup/registry_messages.hpp"
#include "support/load_driver.hpp"
#include "support/paired_ratio.hpp"

#include <array>
#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace bench {

namespace {

using steady = std::chrono::steady_clock;

constexpr std::size_t blocks = 300;
constexpr std::size_t sends_a_block = 1000;

class sink : public caf::event_based_actor {
public:
  using caf::event_based_actor::event_based_actor;

  caf::behavior make_behavior() override {
    return {[this](nudge) { ++nudges_; }, [](drain) { return drained{}; }};
  }

private:
  std::size_t nudges_ = 0;
};

/// Nanoseconds per send.
struct send_figures {
  double to_the_handle = 0;
  double by_kept_reference = 0;
  double by_name = 0;
  /// Medians of the differences between blocks of the same round.
  double kept_over_handle = 0;
  double name_over_handle = 0;
};

/// Sends blocks of messages in each of the ways in turn. The load driver has the only thread of its
/// system, so the sink takes no message out of its mailbox before a block is sent and timed.
class send_driver : public load_driver {
public:
  send_driver(caf::actor_config& config, std::promise<void> done, send_figures& into)
    : load_driver{config, std::move(done)}, into_{into} {}

  caf::behavior make_behavior() override {
    subject_ = caf::actor_cast<caf::actor>(home_system().spawn<sink>());
    table_->claim_held(name, subject_);
    send_all();
    return {[](drained) {}};
  }

private:
  static constexpr const char* name = "worker/orders/3";
  static constexpr std::size_t ways = 3;

  // Every other round sends in reverse order.
  void send_all() {
    const auto turn = done_ % ways;
    send_block((done_ / ways) % 2 == 0 ? turn : ways - 1 - turn);
  }

  void send_block(std::size_t way) {
    const auto begin = steady::now();
    for (std::size_t send = 0; send < sends_a_block; ++send)
      if (way == 0)
        ottla::cast(this, subject_, nudge{});
      else if (way == 1)
        ottla::cast(this, kept_, nudge{});
      else
        ottla::cast(this, named_, nudge{});
    const std::chrono::duration<double, std::nano> took = steady::now() - begin;
    took_[way].push_back(took.count() / sends_a_block);
    ottla::send_request(
      this, subject_, ottla::infinity, drain{}, [this](drained) { handled(); },
      [this](const caf::error&) { fail("the sink has ended"); });
  }

  void handled() {
    if (++done_ < ways * blocks) {
      send_all();
      return;
    }
    into_ = {.to_the_handle = estimate_median(took_[0]).median,
             .by_kept_reference = estimate_median(took_[1]).median,
             .by_name = estimate_median(took_[2]).median,
             .kept_over_handle = over_the_handle(took_[1]),
             .name_over_handle = over_the_handle(took_[2])};
    finish();
  }

  double over_the_handle(const std::vector<double>& way) const {
    std::vector<double> more;
    for (std::size_t block = 0; block < way.size(); ++block)
      more.push_back(way[block] - took_[0][block]);
    return estimate_median(std::move(more)).median;
  }

  send_figures& into_;
  std::shared_ptr<ottla::name_table> table_ = std::make_shared<ottla::name_table>();
  ottla::process_ref named_{table_, name};
  ottla::kept_ref kept_{named_};
  std::array<std::vector<double>, ways> took_;
  std::size_t done_ = 0;
};

std::vector<double> send_in_turn() {
  send_figures result;
  run_driver<send_driver>({ottla::scheduling::sharing, 1}, std::ref(result));
  return {result.kept_over_handle, result.name_over_handle, result.by_kept_reference,
          result.by_name, result.to_the_handle};
}

} // namespace

void add_kept_reference(suite& to) {
  to.add({
    .name = "1 sender",
    .measures = {{.what = "send by a kept reference, over the handle",
                  .unit = "ns",
                  .bars = {at_most(10, "")}},
                 {.what = "send by name, over the handle", .unit = "ns"},
                 {.what = "send by a kept reference", .unit = "ns"},
                 {.what = "send by name", .unit = "ns"},
                 {.what = "send to the handle", .unit = "ns"}},
    .ours = send_in_turn,
    .rounds = registry_rounds,
  });
}

} // namespace bench
