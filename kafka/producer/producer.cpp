#include <ottla/kafka/internal/driver/produce_target.hpp>
#include <ottla/kafka/internal/producer/chunk_plan.hpp>
#include <ottla/kafka/internal/producer/produce_answers.hpp>
#include <ottla/kafka/internal/producer/producer_gate.hpp>
#include <ottla/kafka/producer/producer.hpp>
#include <ottla/registry/name_table.hpp>

#include <fmt/format.h>

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ottla::kafka {

namespace {

using gate_ptr = std::shared_ptr<producer_gate>;

gate_ptr gate_in(const name_table* table, std::string_view name) {
  if (table == nullptr)
    return nullptr;
  const auto value = table->meta(name);
  const auto* gate = value_as<gate_ptr>(value);
  return gate == nullptr ? nullptr : *gate;
}

/// The name of a connection is the part before the first '/'. A process of the connection also
/// finds the producer without that part.
gate_ptr find_gate(const directory& names, std::string_view name) {
  const auto slash = name.find('/');
  if (slash != std::string_view::npos)
    return gate_in(name_table::find(names, name.substr(0, slash)).get(), name.substr(slash + 1));
  return gate_in(dynamic_cast<const name_table*>(&names), name);
}

produced no_producer(const std::string& name, std::size_t records) {
  return refused_answer(records,
                        {.code = errc::closed,
                         .retriable = true,
                         .text = fmt::format("no connection has the producer \"{}\"", name)});
}

} // namespace

/// A producer's name, and the gate that was found last.
///
/// Thread safety: call from any thread.
class producer::look_up {
public:
  explicit look_up(process_ref named) : named_{std::move(named)} {}

  /// Null if there is no such producer.
  gate_ptr find() {
    const std::scoped_lock guard{lock_};
    if (gate_ && gate_->is_running())
      return gate_;
    // Another connection may have taken the name.
    if (const auto& names = named_.names())
      if (auto found = find_gate(*names, named_.name()))
        gate_ = std::move(found);
    return gate_;
  }

  const std::string& name() const noexcept { return named_.name(); }

private:
  const process_ref named_;
  std::mutex lock_;
  gate_ptr gate_;
};

producer::producer(process_ref named) : target_{std::make_shared<look_up>(std::move(named))} {}

namespace {

struct asked {
  std::future<produced> answer;
  gate_ptr gate;
  token which = 0;
};

asked submit(gate_ptr gate, const std::string& name, produce what, producer_gate::time deadline,
             when_full how, producer_gate::pace pace) {
  const auto promise = std::make_shared<std::promise<produced>>();
  asked result{.answer = promise->get_future(), .gate = std::move(gate)};
  if (!result.gate)
    promise->set_value(no_producer(name, what.records.size()));
  else
    result.which = result.gate->submit(
      std::move(what),
      how == when_full::wait ? producer_gate::on_full::block : producer_gate::on_full::refuse,
      deadline, [promise](produced answer) { promise->set_value(std::move(answer)); }, pace);
  return result;
}

error deadline_passed(const ordered_records& what) {
  return {.code = errc::timed_out,
          .retriable = true,
          .text = name_of_target(what.topic, what.partition)
                  + ": the deadline passed before the records were sent"};
}

produce chunk_of(const chunk_plan& plan, const ordered_records& what) {
  const auto chunk = plan.chunk();
  return {
    .topic = what.topic, .records = {chunk.begin(), chunk.end()}, .partition = what.partition};
}

void note_answer(chunk_plan& plan, const produced& answer) {
  std::vector<chunk_plan::failure> failures;
  for (const auto& each : answer.failures)
    failures.push_back({each.index, each.why, each.may_be_stored});
  plan.answered(std::move(failures));
}

/// Produces the chunks of a plan one after the other without a blocked thread. The receiver of the
/// pending chunk's answer owns the object, and so one thread uses it at a time.
class ordered_send : public std::enable_shared_from_this<ordered_send> {
public:
  using receiver = std::function<void(produced_in_order)>;

  ordered_send(std::function<gate_ptr()> find, std::string name, ordered_records what,
               producer_gate::time deadline, receiver answer)
    : find_{std::move(find)},
      name_{std::move(name)},
      what_{std::move(what)},
      plan_{std::move(what_.records), what_.chunk_bytes},
      deadline_{deadline},
      answer_{std::move(answer)} {}

  void begin(producer_gate::time now) {
    if (!plan_.is_over() && deadline_ <= now)
      plan_.refused(deadline_passed(what_));
    send_next();
  }

private:
  void send_next() {
    if (plan_.is_over()) {
      answer_(std::move(plan_).outcome());
      return;
    }
    auto chunk = chunk_of(plan_, what_);
    if (const auto gate = find_())
      gate->submit(
        std::move(chunk),
        std::exchange(is_first_, false) ? producer_gate::on_full::park
                                        : producer_gate::on_full::park_always,
        deadline_, [me = shared_from_this()](const produced& answer) { me->answered(answer); },
        producer_gate::pace::at_once);
    else
      answered(no_producer(name_, chunk.records.size()));
  }

  void answered(const produced& answer) {
    note_answer(plan_, answer);
    send_next();
  }

  const std::function<gate_ptr()> find_;
  const std::string name_;
  ordered_records what_;
  chunk_plan plan_;
  const producer_gate::time deadline_;
  const receiver answer_;
  bool is_first_ = true;
};

producer_gate::time after(saturating<std::chrono::nanoseconds> within) {
  return saturating_add(std::chrono::steady_clock::now(),
                        std::chrono::steady_clock::duration{within});
}

} // namespace

produced producer::produce(kafka::produce what, saturating<std::chrono::nanoseconds> within,
                           when_full how) const {
  const auto deadline = after(within);
  auto asked = submit(target_ ? target_->find() : nullptr, target_ ? target_->name() : "",
                      std::move(what), deadline, how, producer_gate::pace::at_once);
  // The shared producer may end before it reaches the deadline.
  if (deadline != producer_gate::time::max() && asked.which != 0
      && asked.answer.wait_until(deadline) == std::future_status::timeout)
    asked.gate->give_up(asked.which);
  return asked.answer.get();
}

produced_in_order producer::produce_in_order(ordered_records what,
                                             saturating<std::chrono::nanoseconds> within) const {
  const auto deadline = after(within);
  const bool is_limited = deadline != producer_gate::time::max();
  chunk_plan plan{std::move(what.records), what.chunk_bytes};
  while (!plan.is_over()) {
    const auto left
      = is_limited ? deadline - std::chrono::steady_clock::now() : deadline.time_since_epoch();
    if (left <= producer_gate::time::duration::zero()) {
      plan.refused(deadline_passed(what));
      break;
    }
    note_answer(plan, produce(chunk_of(plan, what), left, when_full::wait));
  }
  return std::move(plan).outcome();
}

void producer::produce_in_order(caf::event_based_actor* self, ordered_records what,
                                saturating<std::chrono::nanoseconds> within,
                                std::uint64_t tag) const {
  auto answer = [to = caf::actor_cast<caf::actor>(self), tag](produced_in_order outcome) {
    outcome.tag = tag;
    post(to, std::move(outcome));
  };
  auto find = [target = target_] { return target ? target->find() : nullptr; };
  const auto now = self->clock().now();
  const auto deadline = saturating_add(now, std::chrono::steady_clock::duration{within});
  std::make_shared<ordered_send>(std::move(find), target_ ? target_->name() : "", std::move(what),
                                 deadline, std::move(answer))
    ->begin(now);
}

std::future<produced> producer::send(kafka::produce what,
                                     saturating<std::chrono::nanoseconds> within,
                                     when_full how) const {
  return submit(target_ ? target_->find() : nullptr, target_ ? target_->name() : "",
                std::move(what), after(within), how, producer_gate::pace::lingering)
    .answer;
}

void producer::send(caf::event_based_actor* self, kafka::produce what,
                    saturating<std::chrono::nanoseconds> within, std::uint64_t tag,
                    when_full how) const {
  auto answer = [to = caf::actor_cast<caf::actor>(self), tag](produced what_happened) {
    what_happened.tag = tag;
    post(to, std::move(what_happened));
  };
  const auto gate = target_ ? target_->find() : nullptr;
  if (!gate) {
    answer(no_producer(target_ ? target_->name() : "", what.records.size()));
    return;
  }
  gate->submit(std::move(what),
               how == when_full::wait ? producer_gate::on_full::park
                                      : producer_gate::on_full::refuse,
               saturating_add(self->clock().now(), std::chrono::steady_clock::duration{within}),
               std::move(answer));
}

} // namespace ottla::kafka
