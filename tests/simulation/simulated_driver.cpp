#include "simulated_driver.hpp"

#include <ottla/kafka/internal/driver/consumer_handle_settings.hpp>
#include <ottla/kafka/producer/producer_settings.hpp>

#include "simulated_membership.hpp"
#include "simulated_producer.hpp"

#include <utility>

namespace ottla::kafka::simulation {

namespace {

class simulated_consumer : public consumer_handle {
public:
  explicit simulated_consumer(scene& on, std::shared_ptr<membership> member)
    : on_{on}, membership_{std::move(member)} {
    ++on_.consumers;
  }
  ~simulated_consumer() override {
    --on_.consumers;
    membership_->depart();
  }
  simulated_consumer(const simulated_consumer&) = delete;
  simulated_consumer& operator=(const simulated_consumer&) = delete;

  void wake_on_event(waker wake) override { membership_->wake_on_event(std::move(wake)); }
  std::optional<consumer_event> next_event() override { return membership_->next_event(); }
  void subscribe(std::span<const std::string>) override { membership_->subscribe(); }
  std::vector<std::unique_ptr<partition_queue>> assign(token answer,
                                                       std::span<const position> from) override {
    return membership_->assign(answer, from);
  }
  void unassign(token answer, std::span<const topic_partition> partitions) override {
    membership_->unassign(answer, partitions);
  }
  token commit(std::span<const position> next) override { return membership_->commit(next); }
  token resolve(std::span<const topic_partition> partitions, begin_offset otherwise,
                begin_offset when_missing) override {
    return membership_->resolve(partitions, otherwise, when_missing);
  }
  token look_up_ends(std::span<const topic_partition> partitions) override {
    return membership_->look_up_ends(partitions);
  }
  bool is_joining() const override { return membership_->is_joining(); }
  std::uint64_t heartbeats_answered() const override { return membership_->heartbeats_answered(); }
  void close() override { membership_->close(); }

private:
  scene& on_;
  std::shared_ptr<membership> membership_;
};

error unreachable() {
  return {.code = errc::unreachable, .retriable = true, .text = "simulated"};
}

} // namespace

std::variant<std::unique_ptr<consumer_handle>, error>
simulated_driver::open_consumer(const consumer_handle_settings& settings) {
  auto& on = of_.on();
  if (on.up && on.mishap(on.how.refused_opens))
    return unreachable();
  on.log.line("m{}   opens a consumer", member_);
  on.checks.opened(member_, on.clock.now(), on.how.only_handles_fail());
  auto member = std::make_shared<membership>(of_, member_, settings);
  of_.opened(member_, member);
  if (on.mishap(on.how.doomed_handles))
    on.clock.after(on.within(0, 300), [weak = std::weak_ptr{member}] {
      if (const auto doomed = weak.lock())
        doomed->fail(true);
    });
  return std::make_unique<simulated_consumer>(on, std::move(member));
}

std::variant<std::unique_ptr<producer_handle>, error>
simulated_driver::open_producer(const producer_settings& settings,
                                const std::vector<topic_producer_settings>&) {
  auto& on = of_.on();
  if (on.up && on.mishap(on.how.refused_opens))
    return unreachable();
  return std::make_unique<simulated_producer>(of_, member_, settings);
}

result<std::unique_ptr<reader_handle>> simulated_driver::open_reader(const reader_settings&) {
  auto& on = of_.on();
  if (on.up && on.mishap(on.how.refused_opens))
    return unreachable();
  on.log.line("m{}   opens a reader", member_);
  return std::unique_ptr<reader_handle>{
    std::make_unique<simulated_reader>(of_, member_, beginnings_)};
}

void simulated_driver::look_up(extra_settings, lookup_work work) {
  auto& on = of_.on();
  const auto delay = of_.reachable(member_) ? on.latency() : on.within(100, 800);
  // The lambda must not use this driver, which may be destroyed before the work.
  on.clock.after(delay,
                 [&of = of_, member = member_, beginnings = beginnings_, work = std::move(work)] {
                   simulated_lookup session{of, member, beginnings};
                   work(session);
                 });
}

broker_view simulated_driver::view_brokers() {
  if (of_.reachable(member_))
    return {.silent_for = std::chrono::milliseconds{0}};
  return {};
}

void simulated_driver::ask_brokers(std::chrono::milliseconds within, std::stop_token,
                                   brokers_receiver answer) {
  auto& on = of_.on();
  const auto delay = of_.reachable(member_) ? on.latency() : within;
  // The lambda must not use this driver, which may be destroyed before the answer.
  on.clock.after(delay, [&of = of_, member = member_, answer = std::move(answer)] {
    answer(of.reachable(member) ? std::nullopt : std::optional{unreachable()});
  });
}

void simulated_driver::describe_topics(std::vector<std::string> topics, topics_receiver answer) {
  auto& on = of_.on();
  const auto delay = of_.reachable(member_) ? on.latency() : on.within(200, 800);
  on.clock.after(
    delay, [&of = of_, member = member_, topics = std::move(topics), answer = std::move(answer)] {
      if (of.reachable(member))
        answer(of.describe(topics));
      else
        answer(unreachable());
    });
}

} // namespace ottla::kafka::simulation
