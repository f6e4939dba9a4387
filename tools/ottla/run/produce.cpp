#include <ottla/actors/background_work.hpp>
#include <ottla/supervision/application.hpp>

#include "run/commands.hpp"
#include "run/failure_notes.hpp"
#include "run/interruption.hpp"
#include "run/pending_produces.hpp"
#include "run/stop_at_signal.hpp"
#include "text/input_lines.hpp"
#include "text/line_record.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

namespace command {

namespace kafka = ottla::kafka;

namespace {

/// After a signal, the stop waits this long for the outcomes of records that were sent. In any
/// other case, all outcomes are known before the stop.
constexpr std::chrono::seconds to_stop{2};

/// How often outcomes are taken while no input arrives.
constexpr int outcome_interval_ms = 100;

using steady = std::chrono::steady_clock;
using namespace std::chrono_literals;

kafka::connection producer_of(const session& with) {
  auto connection = with.connection;
  connection.group_consumer = std::nullopt;
  connection.consumers.clear();
  if (!connection.producing)
    connection.producing = kafka::producer_settings{};
  connection.observer = std::make_shared<failure_notes>(with.faults);
  return connection;
}

std::string counted_records(std::uint64_t number) {
  return fmt::format("{} {}", number, number == 1 ? "record" : "records");
}

/// `3 records may be stored, the first is line 7`
std::string described(const pending_produces::group& what, std::string_view outcome) {
  return fmt::format("{} {}, the first is line {}", counted_records(what.records), outcome,
                     what.first_line);
}

/// Reads stdin until its end, a fault, a failed record or a signal.
class producing_run {
public:
  producing_run(session& with, const produce_records& what, kafka::producer to,
                std::size_t buffer_bytes, const stop_at_signal& signals)
    : with_{with}, what_{what}, signals_{signals}, pending_{std::move(to),
                                                            what.topic,
                                                            with.common.timeout,
                                                            buffer_bytes,
                                                            with.faults,
                                                            [&signals] { return signals.signal().has_value(); }} {
    struct stat input {};
    if (fstat(STDIN_FILENO, &input) == 0 && S_ISREG(input.st_mode))
      counts_.total = input.st_size;
  }

  /// Returns the exit status, or 128 plus the number of a signal. A signal stops the producer,
  /// which ends each wait for the producer.
  int read_all() {
    while (fault_ == exit_status::ok && pending_.status() == exit_status::ok
           && !signals_.signal()) {
      if (has_input()) {
        if (!read_some())
          break;
        with_.faults.show_progress(bar_, counts_);
      } else {
        // Nothing more to read at the moment, so no record waits for others.
        pending_.send();
        pending_.take_outcomes(false);
        std::array<pollfd, 2> all{pollfd{STDIN_FILENO, POLLIN, 0},
                                  pollfd{signals_.descriptor(), POLLIN, 0}};
        poll(all.data(), all.size(), pending_.is_waiting() ? outcome_interval_ms : -1);
      }
    }
    pending_.send();
    pending_.take_outcomes(true);
    with_.faults.clear_progress();
    if (const auto number = signals_.signal())
      return 128 + *number;
    return static_cast<int>(first_failure(pending_.status(), fault_));
  }

  const pending_produces& outcome() const noexcept { return pending_; }

private:
  static bool has_input() {
    pollfd input{STDIN_FILENO, POLLIN, 0};
    return poll(&input, 1, 0) > 0;
  }

  /// Returns false at the end of the input.
  bool read_some() {
    std::array<char, 64 * 1024> bytes;
    const auto size = read(STDIN_FILENO, bytes.data(), bytes.size());
    if (size < 0) {
      if (errno != EINTR && errno != EAGAIN)
        reject(fmt::format("stdin cannot be read: {}", std::strerror(errno)));
      return true;
    }
    if (size == 0)
      lines_.end();
    else
      lines_.add({bytes.data(), static_cast<std::size_t>(size)});
    counts_.done += size;
    counts_.bytes += static_cast<std::uint64_t>(size);
    while (fault_ == exit_status::ok) {
      const auto line = lines_.next();
      if (!line)
        break;
      take(*line);
    }
    if (lines_.is_too_long())
      reject(
        fmt::format("line {} has more than {} bytes", lines_.count() + 1, input_lines::longest));
    return size != 0;
  }

  void take(std::string_view line) {
    auto made = record_of(line, what_);
    if (const auto* why = std::get_if<std::string>(&made)) {
      reject(fmt::format("line {} {}", lines_.count(), *why));
      return;
    }
    pending_.add(std::get<input_record>(std::move(made)), lines_.count());
    counts_.records = lines_.count();
  }

  void reject(const std::string& why) { fault_ = with_.faults.fail(exit_status::usage, why); }

  session& with_;
  const produce_records& what_;
  const stop_at_signal& signals_;
  pending_produces pending_;
  input_lines lines_;
  progress_line bar_{what_.topic, steady::now()};
  progress_line::counts counts_ = {};
  exit_status fault_ = exit_status::ok;
};

void show_outcome(session& with, const produce_records& what, const pending_produces& outcome) {
  const auto& not_stored = outcome.not_stored();
  const auto& unknown = outcome.unknown();
  if (with.writes_json())
    write_json(with.out, {{"topic", what.topic},
                          {"stored", outcome.stored()},
                          {"not_stored", not_stored.records},
                          {"unknown", unknown.records}});
  else
    with.out.write(fmt::format("{} stored\n", counted_records(outcome.stored())));
  if (not_stored.records != 0)
    with.faults.note(
      described(not_stored, not_stored.records == 1 ? "is not stored" : "are not stored"));
  if (unknown.records != 0)
    with.faults.note(described(unknown, "may be stored"));
}

} // namespace

int run(session& with, const produce_records& what) {
  interruption signals;
  const auto connection = producer_of(with);
  if (const auto wrong = kafka::validate(connection); !wrong.empty())
    return static_cast<int>(
      with.faults.fail(exit_status::usage, fmt::format("{}", fmt::join(wrong, "; "))));
  ottla::application app{{.id = "ottla", .children = {connection}, .stop_within = to_stop}};
  int status = 0;
  {
    const stop_at_signal watch{signals, app};
    producing_run reading{with, what, kafka::producer{app.find("command/producer")},
                          connection.producing->buffer_bytes, watch};
    status = reading.read_all();
    show_outcome(with, what, reading.outcome());
  }
  // The watch may have taken the first signal on its own thread.
  interruption::release_signals();
  app.stop();
  ottla::wait_for_background_work(1s, ottla::background::owed);
  return status;
}

} // namespace command
