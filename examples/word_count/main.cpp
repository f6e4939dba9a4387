// Counts the words of text files through Kafka. The feeder produces each line to the topic `lines`,
// a consumer group counts the words, and the feeder produces the totals to the topic `counts`. The
// counts are exact, whichever processes die during the run.

#include <ottla/kafka/admin/topics.hpp>
#include <ottla/kafka/cluster_settings.hpp>
#include <ottla/kafka/connection.hpp>
#include <ottla/kafka/embedded_cluster.hpp>
#include <ottla/supervision/application.hpp>

#include "chaos.hpp"
#include "feeder.hpp"
#include "job.hpp"
#include "options.hpp"
#include "progress.hpp"
#include "report.hpp"
#include "text_source.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <exception>
#include <fcntl.h>
#include <memory>
#include <random>
#include <unistd.h>

using namespace std::chrono_literals;
namespace kafka = ottla::kafka;

namespace {

constexpr auto kafka_answers_within = 5s;
constexpr int interrupted = 130;

/// Creates missing topics. Returns a line for stderr if the cluster cannot be used, else empty.
std::string prepare(const std::string& brokers) {
  const kafka::cluster_settings cluster{.brokers = brokers};
  if (const auto there = kafka::list_topics(cluster, kafka_answers_within); !there)
    return to_string(there.error());
  for (const auto* topic : {"lines", "counts"}) {
    const auto created
      = kafka::create_topic(cluster, {.name = topic, .partitions = 4}, kafka_answers_within);
    if (!created && created.error().code != kafka::errc::topic_exists)
      return to_string(created.error());
  }
  return {};
}

kafka::connection words(const std::shared_ptr<job>& work, const std::string& run,
                        const std::string& brokers, bool embedded) {
  return {
    .name = "words",
    .brokers = brokers,
    .producing = kafka::producer_settings{.linger = 1ms},
    .group_consumer = kafka::group_consumer{
      // Each run has its own group, so two concurrent runs do not share lines.
      .group = "word_count-" + run,
      .topics = {"lines"},
      .handler = kafka::handler<counting_handler>(work->store),
      // Skips lines that are older than a minute. The store ignores the lines of other runs. The
      // embedded cluster has no older lines.
      .begin = embedded ? kafka::begin_offset{kafka::earliest{}}
                        : kafka::since{std::chrono::system_clock::now() - 1min},
      .commit_interval = 200ms,
      .drain_within = 1s,
      .session_timeout = embedded ? 3'300ms : 10'000ms,
      .heartbeat_interval = embedded ? 300ms : 1'000ms,
      .fetch_wait = embedded ? 10ms : 100ms,
    },
    .restarts = {.at_most = 10 + 2 * work->how.kills, .within = 1h},
    .observer = work->store,
  };
}

report make_report(const job& work) {
  const auto sums = work.store->sums();
  return {
    .words = work.store->words(),
    .produced = work.produced,
    .consumed = sums.consumed,
    .acknowledged = sums.acknowledged,
    .redelivered = sums.redelivered,
    .kills = work.kills,
    .seed = *work.how.seed,
    .restarts = work.restarts(),
    .worker_restarts = work.worker_restarts(),
    .rebalances = sums.rebalances,
    .longest_gap = work.longest_gap(),
    .elapsed = work.elapsed(),
    .complete = work.totals_produced,
    .given_up = work.given_up,
  };
}

int complain(const std::string& text) {
  fmt::print(stderr, "word_count: {}\n", text);
  return 1;
}

/// Opens closed streams on /dev/null, so that no socket or pipe gets the number of a stream.
void open_closed_standard_streams() {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    if (fcntl(stream, F_GETFD) == -1)
      static_cast<void>(open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY));
}

int count(options how) {
  const auto size = measure(how.files);
  if (!how.report.empty())
    for (const auto& file : how.files)
      if (is_same_file(how.report, file))
        return complain(
          fmt::format("the report cannot be written to \"{}\", which is an input file", file));
  std::random_device device;
  if (!how.seed)
    how.seed = device();
  const auto run = fmt::format("{:08x}", device());

  // Reject a report that cannot be written before any work is done.
  if (!how.report.empty() && !can_be_written(how.report))
    return complain(fmt::format("\"{}\" cannot be written", how.report));

  std::unique_ptr<kafka::embedded_cluster> embedded;
  auto brokers = how.brokers;
  if (brokers.empty()) {
    embedded = std::make_unique<kafka::embedded_cluster>(kafka::embedded_cluster::settings{
      .where = kafka::embedded_cluster::place::own_process,
      .topics = {{.name = "lines", .partitions = 4}, {.name = "counts", .partitions = 4}}});
    brokers = embedded->brokers();
  } else if (const auto failed = prepare(brokers); !failed.empty()) {
    return complain(failed);
  }

  const auto work = std::make_shared<job>(std::move(how), run, size);
  std::vector<ottla::child_spec> children{
    words(work, run, brokers, embedded != nullptr),
    {.id = "progress", .start = ottla::start<progress>(work)},
    {.id = "feeder",
     .start = ottla::start<feeder>(work),
     .restart = ottla::restart_policy::transient,
     .significant = true},
  };
  if (work->how.kills != 0)
    children.push_back({.id = "chaos", .start = ottla::start<chaos>(work)});
  const auto status = ottla::run({
    .id = "word_count",
    .restarts = {.at_most = 10 + 2 * work->how.kills, .within = 1h},
    // The job is done when the feeder ends.
    .when_done = ottla::auto_shutdown::any_significant,
    .children = std::move(children),
    .observer = [work](const ottla::process_event& event) { work->see(event); },
  });

  const auto result = make_report(*work);
  fmt::print("{}", to_text(result, work->how.top));
  if (!work->how.report.empty() && !write_report(work->how.report, result))
    return complain(fmt::format("\"{}\" cannot be written", work->how.report));
  if (status != 0)
    return complain(fmt::format("the supervision tree failed; the last failure of Kafka: {}",
                                work->store->last_failure()));
  if (const auto failed = work->input_failure(); !failed.empty())
    return complain(failed);
  if (result.given_up)
    return complain(fmt::format("{} produced lines were never delivered; the last failure of "
                                "Kafka: {}",
                                result.lost(), work->store->last_failure()));
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0)
    return complain("the output cannot be written");
  return result.complete ? 0 : interrupted;
}

} // namespace

int main(int argc, char** argv) {
  open_closed_standard_streams();
  auto parsed = parse_options(argc, argv);
  if (const auto* status = std::get_if<int>(&parsed))
    return *status;
  try {
    return count(std::get<options>(std::move(parsed)));
  } catch (const std::exception& error) {
    return complain(error.what());
  }
}
