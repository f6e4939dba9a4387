// A program with a Kafka connection, for tests of how such a process ends. Usage: kafka_process
// MODE [BROKERS]. The mode `cluster` is an embedded cluster, which a test can suspend or kill. The
// process reports each event as a line on stdout.

#include <ottla/actors/call.hpp>
#include <ottla/actors/server.hpp>
#include <ottla/kafka/connection.hpp>
#include <ottla/kafka/embedded_cluster.hpp>
#include <ottla/kafka/producer/produce.hpp>
#include <ottla/supervision/application.hpp>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <sys/prctl.h>
#include <thread>
#include <unistd.h>
#include <utility>

#if defined(__SANITIZE_ADDRESS__)
#  include <sanitizer/lsan_interface.h>
#endif

using namespace ottla;
using namespace ottla::kafka;
using namespace std::chrono_literals;

namespace {

void tell(const std::string& line) {
  const auto text = line + '\n';
  static_cast<void>(!write(STDOUT_FILENO, text.data(), text.size()));
}

/// Reports the assignment and unreachable brokers. Lets the program wait for the assignment, and
/// for the commit of the first offsets that follows.
class telling_observer : public observer {
public:
  void assigned(std::int32_t, std::span<const topic_partition>) override {
    tell("assigned");
    if (!is_assigned_.exchange(true))
      first_.set_value();
  }
  void committed(const topic_partition&, std::int64_t) override {
    if (!is_committed_.exchange(true))
      first_commit_.set_value();
  }
  void failed(const error& what) override {
    if (what.code == errc::unreachable)
      tell("unreachable");
  }

  bool wait_until_assigned() {
    return first_.get_future().wait_for(15s) == std::future_status::ready;
  }
  bool wait_until_committed() {
    return first_commit_.get_future().wait_for(15s) == std::future_status::ready;
  }

private:
  std::atomic<bool> is_assigned_ = false;
  std::promise<void> first_;
  std::atomic<bool> is_committed_ = false;
  std::promise<void> first_commit_;
};

struct telling_handler : batch_handler {
  verdict handle(batch) override {
    tell("handled");
    return ack();
  }
};

/// Reports its orderly end. The tree ends this process last.
class parting : public server {
public:
  using server::server;

private:
  init_result init(handlers&) override { return {}; }
  void terminate(const exit_reason&) override { tell("ended"); }
};

/// A member of a group, and a producer. Acknowledgements are committed only at the end, and the
/// client logs everything.
connection member_of(const std::string& brokers,
                     const std::shared_ptr<telling_observer>& observer) {
  return {.name = "c",
          .brokers = brokers,
          .producing = producer_settings{},
          .group_consumer = group_consumer{.group = "g",
                                           .topics = {"t"},
                                           .handler = handler<telling_handler>(),
                                           .commit_interval = 10min,
                                           .session_timeout = 6s,
                                           .heartbeat_interval = 1s,
                                           .fetch_wait = 10ms},
          .observer = observer,
          .extra = {{"debug", "all"}}};
}

/// For tests that measure the duration of a stop.
constexpr auto short_stop = 3s;
/// For tests whose stops must end in order, even on a busy machine.
constexpr auto long_stop = 60s;
/// For a test whose brokers end first. Without an answer, the leave takes a quarter of this time.
constexpr auto stop_without_brokers = 12s;

struct program {
  std::string brokers;
  std::shared_ptr<telling_observer> told = std::make_shared<telling_observer>();

  application_spec spec(std::chrono::seconds stop_within) const {
    return {.id = "app",
            .children = {{.id = "parting", .start = start<parting>()}, member_of(brokers, told)},
            .stop_within = stop_within};
  }
  int status() const { return told->wait_until_assigned() ? 5 : 1; }
};

constexpr int records = 100;

/// Sends records, and reports whether the brokers confirmed them.
void send_records(application& app) {
  produce what{.topic = "t"};
  for (int count = 0; count < records; ++count)
    what.records.push_back({.value = "x"});
  const auto answer = call<produced>(app.system(), app.find("c/producer"), 2s, std::move(what));
  if (!answer)
    tell(answer.error() == exit_reason::timeout() ? "in flight" : to_string(answer.error()));
  else
    tell(answer->stored == records ? "stored" : "not stored");
}

/// Each SIGUSR1 sends records.
int run_until_stopped(const std::string& brokers) {
  sigset_t send;
  sigemptyset(&send);
  sigaddset(&send, SIGUSR1);
  pthread_sigmask(SIG_BLOCK, &send, nullptr);
  return run(program{brokers}.spec(short_stop), [send](application& app) {
    std::thread{[send, &app] {
      for (int arrived = 0; sigwait(&send, &arrived) == 0;)
        send_records(app);
    }}.detach();
    tell("ready");
  });
}

embedded_cluster::settings of_one_topic(embedded_cluster::place where
                                        = embedded_cluster::place::this_process) {
  return {.where = where, .topics = {{.name = "t", .partitions = 1}}};
}

int be_a_cluster() {
  const embedded_cluster cluster{of_one_topic()};
  tell(cluster.brokers());
  std::promise<void>{}.get_future().wait();
  return 1;
}

std::unique_ptr<embedded_cluster> global_cluster;
std::unique_ptr<application> global_application;

int hold_cluster_in_global() {
  global_cluster = std::make_unique<embedded_cluster>(of_one_topic());
  return 5;
}

int leak_cluster() {
#if defined(__SANITIZE_ADDRESS__)
  __lsan_disable();
#endif
  static_cast<void>(new embedded_cluster{of_one_topic()});
  return 5;
}

int hold_in_global() {
  static const embedded_cluster cluster{of_one_topic()};
  const program of{cluster.brokers()};
  global_application = std::make_unique<application>(of.spec(long_stop));
  return of.status();
}

int hold_in_static() {
  static const embedded_cluster cluster{of_one_topic()};
  const program of{cluster.brokers()};
  static const application held{of.spec(long_stop)};
  return of.status();
}

int hold_in_static_beside_a_cluster_in_its_own_process() {
  static const embedded_cluster cluster{of_one_topic(embedded_cluster::place::own_process)};
  const program of{cluster.brokers()};
  static const application held{of.spec(long_stop)};
  return of.status();
}

/// The brokers end before the application stops.
int hold_in_static_longer_than_the_cluster() {
  auto cluster = std::make_unique<embedded_cluster>(of_one_topic());
  const program of{cluster->brokers()};
  static const application held{of.spec(stop_without_brokers)};
  static const auto destroyed_first = std::move(cluster);
  // A stop waits for the answer to a commit as long as it can.
  return of.status() == 5 && of.told->wait_until_committed() ? 5 : 1;
}

int leak() {
#if defined(__SANITIZE_ADDRESS__)
  // The test leaks the application on purpose.
  __lsan_disable();
#endif
  static const embedded_cluster cluster{of_one_topic()};
  const program of{cluster.brokers()};
  static_cast<void>(new application{of.spec(long_stop)});
  return of.status();
}

int exit_in_started() {
  static const embedded_cluster cluster{of_one_topic()};
  const program of{cluster.brokers()};
  return run(of.spec(long_stop), [&](application&) { std::exit(of.status()); });
}

} // namespace

int main(int argc, char** argv) {
  // Ends this process when the test process ends for any reason.
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  const std::string brokers = argc > 2 ? argv[2] : "";
  const std::map<std::string, std::function<int()>> modes{
    {"cluster", be_a_cluster},
    {"run", [&] { return run_until_stopped(brokers); }},
    {"global_cluster", hold_cluster_in_global},
    {"leaked_cluster", leak_cluster},
    {"global", hold_in_global},
    {"static", hold_in_static},
    {"static_and_cluster_process", hold_in_static_beside_a_cluster_in_its_own_process},
    {"static_after_cluster", hold_in_static_longer_than_the_cluster},
    {"leak", leak},
    {"exit_in_started", exit_in_started},
  };
  const auto mode = argc > 1 ? modes.find(argv[1]) : modes.end();
  return mode == modes.end() ? 64 : mode->second();
}
