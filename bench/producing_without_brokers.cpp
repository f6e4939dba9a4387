// How much memory does a program need if it keeps producing while no broker is reachable?

#include <ottla/actors/caf.hpp>
#include <ottla/actors/process.hpp>
#include <ottla/kafka/connection.hpp>
#include <ottla/kafka/observer.hpp>
#include <ottla/kafka/producer/produce.hpp>
#include <ottla/supervision/application.hpp>

#include "support/fresh_process.hpp"
#include "support/memory_use.hpp"
#include "support/suite.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <future>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

namespace kafka = ottla::kafka;
using namespace std::chrono_literals;

constexpr std::size_t buffer_bytes = 64 * 1024 * 1024;
constexpr std::string_view weigh = "--weigh";

/// Repeatedly produces a thousand records of `size` bytes, `total` bytes in all, and never waits
/// for an answer. A pause of 1 ms after each 16th request lets the producer run.
class eager : public ottla::process {
public:
  eager(caf::actor_config& config, ottla::process_context context, std::size_t size,
        std::size_t total)
    : process{config, std::move(context)}, size_{size}, left_{total / size / count} {}

private:
  static constexpr std::size_t count = 1'000;

  caf::behavior set_up() override {
    produce();
    return {[](int) {}};
  }

  void produce() {
    const auto producer = whereis("c/producer");
    for (; left_ > 0; --left_) {
      kafka::produce what{.topic = "t"};
      what.records.assign(count, kafka::record{.value = std::string(size_, 'x')});
      ottla::cast(this, producer, std::move(what));
      // A caller that waits for answers is slower. Without this pause the requests would pile up in
      // the producer's mailbox, and the benchmark would measure that mailbox alone.
      if (left_ % 16 == 0) {
        --left_;
        ottla::cast_after(this, 1ms, ottla::detail::idle_timeout{});
        return;
      }
    }
    stop();
  }

  void idle_timer_fired(std::uint64_t) override { produce(); }

  std::size_t size_;
  std::size_t left_;
};

/// Prints no reports about the unreachable brokers.
struct silent : kafka::observer {};

double weigh_alone(std::size_t size) {
  const auto before = bench::memory_now().resident;
  ottla::application app{
    {.id = "app",
     .when_done = ottla::auto_shutdown::any_significant,
     .children
     = {kafka::connection{.name = "c",
                          .brokers = "127.0.0.1:1",
                          .producing = kafka::producer_settings{.buffer_bytes = buffer_bytes},
                          .observer = std::make_shared<silent>()},
        {.id = "eager",
         .start = ottla::start<eager>(size, 16 * buffer_bytes),
         .restart = ottla::restart_policy::temporary,
         .significant = true}},
     .stop_within = 100ms}};
  std::promise<void> over;
  app.when_ended([&] { over.set_value(); });
  over.get_future().wait();
  return bench::peak_of_resident() - before;
}

bench::comparison question(std::size_t size) {
  return {.name = fmt::format("records of {} bytes", size),
          .measures = {{.what = "peak of resident memory, buffer of 64 MiB",
                        .unit = "MiB",
                        .bars = {bench::at_most(3 * 64, "")}}},
          .ours =
            [size] {
              return bench::ask_fresh_process({std::string{weigh}, std::to_string(size)}, 1);
            },
          .rounds = 3};
}

} // namespace

int main(int argc, char** argv) {
  if (argc == 3 && argv[1] == weigh) {
    fmt::print("{}\n", weigh_alone(std::stoul(argv[2])) / 1024 / 1024);
    return 0;
  }
  bench::suite all;
  all.add(question(100));
  all.add(question(1'000));
  all.add(question(10'000));
  return all.run(argc, argv);
}
