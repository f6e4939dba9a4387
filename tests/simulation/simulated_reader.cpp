#include "simulated_reader.hpp"

#include <ottla/kafka/internal/driver/offset_reset.hpp>

#include "simulated_queue.hpp"

#include <utility>
#include <variant>

namespace ottla::kafka::simulation {

namespace {

/// The queue of a partition that is read without a group. The partition is given up with its queue.
class groupless_queue : public simulated_queue {
public:
  groupless_queue(scene& on, std::size_t member, topic_partition which,
                  std::shared_ptr<fetch_state> state)
    : simulated_queue{std::move(state)}, on_{on}, member_{member}, which_{std::move(which)} {}
  ~groupless_queue() override {
    on_.log.line("m{}   ends {}", member_, to_string(which_));
    on_.checks.given_up(member_, which_);
  }
  groupless_queue(const groupless_queue&) = delete;
  groupless_queue& operator=(const groupless_queue&) = delete;

private:
  scene& on_;
  std::size_t member_;
  topic_partition which_;
};

error not_simulated() {
  return {.text = "not simulated"};
}

std::int64_t offset_of(const simulated_log& log, const begin_offset& rule) {
  if (const auto* number = std::get_if<at_offset>(&rule))
    return number->offset;
  return std::holds_alternative<latest>(rule) ? log.stable_end() : log.begin();
}

} // namespace

simulated_reader::simulated_reader(simulated_cluster& of, std::size_t member,
                                   std::shared_ptr<known_beginnings> beginnings)
  : of_{of}, member_{member}, beginnings_{std::move(beginnings)} {
  ++of_.on().consumers;
}

simulated_reader::~simulated_reader() {
  --of_.on().consumers;
}

result<std::unique_ptr<partition_queue>> simulated_reader::start(const position& from) {
  auto& on = of_.on();
  auto where = (*beginnings_)[from.at];
  on.checks.demand(where.offset == from.offset, "an assignment begins at the resolved offset",
                   "m{} {} at {}, resolved {}", member_, to_string(from.at), from.offset,
                   where.offset);
  where.at = from.at;
  where.offset = from.offset;
  if (on.mishap(on.how.doomed_handles)) {
    on.log.line("m{}   cannot begin {}", member_, to_string(from.at));
    on.checks.start_failed(member_, where);
    return error{.text = "simulated"};
  }
  on.log.line("m{}   begins {} at {}", member_, to_string(from.at), from.offset);
  on.checks.assigned(member_, where, 0);
  auto state = std::make_shared<fetch_state>(of_, member_, from.at, from.offset);
  state->open();
  return std::unique_ptr<partition_queue>{
    std::make_unique<groupless_queue>(on, member_, from.at, std::move(state))};
}

result<std::int32_t> simulated_reader::count_partitions(const std::string&,
                                                        std::chrono::milliseconds) {
  return not_simulated();
}

result<std::vector<log_offsets>>
simulated_reader::look_up(std::span<const topic_partition>,
                          std::span<const std::chrono::system_clock::time_point>,
                          std::chrono::milliseconds) {
  return not_simulated();
}

error simulated_reader::explain_silence(const topic_partition&, std::chrono::milliseconds) {
  return not_simulated();
}

beginning simulated_lookup::find_beginning(const wanted_beginning& what,
                                           const begin_offset& when_missing) const {
  auto& on = of_.on();
  if (!of_.reachable(member_) || on.mishap(on.how.failed_resolves))
    return {.at = what.at,
            .failed = error{.code = errc::timed_out, .retriable = true, .text = "simulated"}};
  const auto& log = of_.log(what.at);
  const group_state kept{.committed = what.kept};
  const log_range range{.low = log.begin(), .high = log.end()};
  auto at
    = begin_at(what.at, kept, range, offset_of(log, first_choice(what.at, kept, what.otherwise)));
  if (at.missing)
    begin_instead(at, offset_of(log, when_missing));
  on.checks.resolved(member_, at, range, what.kept < 0 && on.newer.contains({member_, what.at}));
  on.log.line("m{}   resolves {} to {}", member_, to_string(what.at), at.offset);
  (*beginnings_)[what.at] = at;
  return at;
}

std::vector<beginning> simulated_lookup::find_beginnings(std::span<const wanted_beginning> wanted,
                                                         const begin_offset& when_missing) {
  std::vector<beginning> found;
  for (const auto& one : wanted)
    found.push_back(find_beginning(one, when_missing));
  return found;
}

std::vector<position> simulated_lookup::find_ends(std::span<const topic_partition> partitions) {
  std::vector<position> ends;
  for (const auto& one : partitions)
    ends.push_back({one, of_.log(one).stable_end()});
  return ends;
}

} // namespace ottla::kafka::simulation
