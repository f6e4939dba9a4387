#include "producing_caller.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace ottla::kafka::simulation {

namespace {

using namespace std::chrono_literals;

/// How late an answer may be. The gate pauses for 1 ms between two looks at its deadlines.
constexpr moment slack = 2ms;

} // namespace

/// One call and its answers.
struct producing_callers::asked {
  std::size_t member = 0;
  std::vector<std::string> values;
  bool in_order = false;
  when_full how = when_full::wait;
  moment within{};
  std::size_t chunk_bytes = 0;

  moment began{};
  moment answered{};
  std::size_t answers = 0;
  /// By the index of the value.
  std::vector<record_state> states;
  std::vector<record_place> places;
};

class producing_callers::caller : public caf::event_based_actor {
public:
  caller(caf::actor_config& config, scene& on, producer to, std::shared_ptr<asked> what)
    : caf::event_based_actor{config}, on_{on}, to_{std::move(to)}, what_{std::move(what)} {}

  caf::behavior make_behavior() override {
    what_->began = on_.clock.now();
    std::vector<record> records;
    for (const auto& value : what_->values)
      records.push_back({.value = value});
    if (what_->in_order)
      to_.produce_in_order(
        this, {.topic = "out", .records = std::move(records), .chunk_bytes = what_->chunk_bytes},
        what_->within, tag);
    else
      to_.send(this, {.topic = "out", .records = std::move(records)}, what_->within, tag,
               what_->how);
    return {
      [this](const produced& answer) { note(answer); },
      [this](const produced_in_order& answer) { note(answer); },
    };
  }

private:
  static constexpr std::uint64_t tag = 7;

  void begin_answer(std::uint64_t with) {
    ++what_->answers;
    what_->answered = on_.clock.now();
    on_.checks.demand(with == tag, "an answer has the tag of its call", "m{} {}", what_->member,
                      with);
  }

  void note(const produced& answer) {
    begin_answer(answer.tag);
    what_->states.clear();
    for (std::size_t index = 0; index < what_->values.size(); ++index)
      what_->states.push_back(answer.state_of(index));
    what_->places = answer.places;
    on_.checks.demand(answer.stored + answer.failures.size() == what_->values.size(),
                      "a call is answered for each record", "m{}: {} and {} of {}", what_->member,
                      answer.stored, answer.failures.size(), what_->values.size());
  }

  void note(const produced_in_order& answer) {
    begin_answer(answer.tag);
    what_->states.assign(what_->values.size(), record_state::stored);
    const auto mark = [this](const std::vector<record>& records, record_state as) {
      auto last = what_->values.begin();
      for (const auto& each : records) {
        const auto found = std::find(last, what_->values.end(), *each.value);
        on_.checks.demand(found != what_->values.end(),
                          "unsent records are returned in the order of the call", "m{} {}",
                          what_->member, *each.value);
        if (found == what_->values.end())
          return;
        what_->states[static_cast<std::size_t>(found - what_->values.begin())] = as;
        last = found + 1;
      }
    };
    mark(answer.not_stored, record_state::not_stored);
    mark(answer.unknown, record_state::unknown);
    on_.checks.demand(
      answer.stored + answer.not_stored.size() + answer.unknown.size() == what_->values.size(),
      "a call is answered for each record", "m{}: {}, {} and {} of {}", what_->member,
      answer.stored, answer.not_stored.size(), answer.unknown.size(), what_->values.size());
  }

  scene& on_;
  producer to_;
  std::shared_ptr<asked> what_;
};

producing_callers::~producing_callers() {
  for (const auto& each : callers_)
    kill(each);
}

void producing_callers::call(const producer& to, std::size_t member,
                             std::vector<std::string> values) {
  auto what = std::make_shared<asked>();
  what->member = member;
  what->in_order = on_.random.chance(300);
  what->how = on_.random.chance(600) ? when_full::wait : when_full::refuse;
  what->within = on_.within(1, on_.random.chance(500) ? 50 : 3'000);
  // A record counts about 15 bytes.
  what->chunk_bytes = static_cast<std::size_t>(on_.random.between(20, 80));
  what->values = std::move(values);
  callers_.push_back(caf::actor_cast<caf::actor>(system_.spawn<caller>(std::ref(on_), to, what)));
  calls_.push_back(std::move(what));
}

void producing_callers::check() const {
  for (const auto& each : calls_)
    check(*each);
}

void producing_callers::check(const asked& one) const {
  auto& checks = on_.checks;
  const auto& first = one.values.empty() ? std::string{"nothing"} : one.values.front();
  checks.demand(one.answers == 1, "each call of a producer gets one answer", "m{} {}: {} answers",
                one.member, first, one.answers);
  if (one.answers != 1)
    return;
  checks.demand(one.answered <= one.began + one.within + slack,
                "the answer of a call comes at its deadline at the latest",
                "m{} {}: asked at {} us for {} us, answered at {} us", one.member, first,
                one.began.count(), one.within.count(), one.answered.count());
  for (std::size_t index = 0; index < one.values.size(); ++index) {
    const auto found = on_.stored_records.find(one.values[index]);
    const bool is_stored = found != on_.stored_records.end();
    const auto state = one.states.at(index);
    checks.demand(state == record_state::unknown || is_stored == (state == record_state::stored),
                  "whether a record is stored agrees with the answer to its call", "m{} {}",
                  one.member, one.values[index]);
    if (is_stored && state == record_state::stored && !one.places.empty())
      checks.demand(one.places.at(index) == found->second,
                    "the place of a stored record is its place in the log", "m{} {}", one.member,
                    one.values[index]);
  }
  if (one.in_order)
    check_order(one);
}

void producing_callers::check_order(const asked& one) const {
  std::int64_t last = -1;
  for (std::size_t index = 0; index < one.values.size(); ++index) {
    const auto found = on_.stored_records.find(one.values[index]);
    if (found == on_.stored_records.end())
      continue;
    on_.checks.demand(found->second.offset > last, "records in order are stored in order", "m{} {}",
                      one.member, one.values[index]);
    last = found->second.offset;
  }
}

} // namespace ottla::kafka::simulation
