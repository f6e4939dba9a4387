#include <ottla/actors/background_work.hpp>
#include <ottla/supervision/application.hpp>

#include "run/commands.hpp"
#include "run/failure_notes.hpp"
#include "run/interruption.hpp"
#include "run/pending_produces.hpp"
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

/// All outcomes are known before the stop, so the stop waits for none.
constexpr std::chrono::seconds to_stop{2};

using steady = std::chrono::steady_clock;
using namespace std::chrono_literals;

kafka::connection producer_of(const session& with) {
  auto connection = with.connection;
  connection.group_consumer = std::nullopt;
  if (!connection.producing)
    connection.producing = kafka::producer_settings{};
  connection.observer = std::make_shared<failure_notes>(with.faults);
  return connection;
}

std::string counted_records(std::uint64_t number) {
  return fmt::format("{} {}", number, number == 1 ? "record" : "records");
}

/// Reads stdin until its end, a fault, a failed record or a signal.
class producing_run {
public:
  producing_run(session& with, const produce_records& what, kafka::producer to)
    : with_{with},
      what_{what},
      pending_{std::move(to), what.topic, with.common.timeout, with.faults} {
    struct stat input {};
    if (fstat(STDIN_FILENO, &input) == 0 && S_ISREG(input.st_mode))
      counts_.total = input.st_size;
  }

  /// Returns the exit status, or 128 plus the number of a signal.
  int read_all(interruption& signals) {
    while (fault_ == exit_status::ok && pending_.status() == exit_status::ok) {
      if (!has_input()) {
        // Nothing more to read at the moment, so no record waits for others.
        pending_.send();
        std::array<pollfd, 2> all{pollfd{STDIN_FILENO, POLLIN, 0},
                                  pollfd{signals.descriptor(), POLLIN, 0}};
        poll(all.data(), all.size(), static_cast<int>((100ms).count()));
        pending_.take_outcomes(false);
      }
      if (const auto number = signals.signal()) {
        finish();
        return 128 + *number;
      }
      if (has_input() && !read_some())
        break;
      with_.faults.show_progress(bar_, counts_);
    }
    finish();
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

  void finish() {
    pending_.send();
    pending_.take_outcomes(true);
    with_.faults.clear_progress();
  }

  session& with_;
  const produce_records& what_;
  pending_produces pending_;
  input_lines lines_;
  progress_line bar_{what_.topic, steady::now()};
  progress_line::counts counts_ = {};
  exit_status fault_ = exit_status::ok;
};

} // namespace

int run(session& with, const produce_records& what) {
  interruption signals;
  const auto connection = producer_of(with);
  if (const auto wrong = kafka::validate(connection); !wrong.empty())
    return static_cast<int>(
      with.faults.fail(exit_status::usage, fmt::format("{}", fmt::join(wrong, "; "))));
  ottla::application app{{.id = "ottla", .children = {connection}, .stop_within = to_stop}};
  producing_run reading{with, what, kafka::producer{app.find("command/producer")}};
  const auto status = reading.read_all(signals);
  app.stop();
  ottla::wait_for_background_work(1s, ottla::background::owed);
  const auto& outcome = reading.outcome();
  if (with.writes_json())
    write_json(with.out,
               {{"topic", what.topic}, {"stored", outcome.stored()}, {"failed", outcome.failed()}});
  else
    with.out.write(fmt::format("{} stored\n", counted_records(outcome.stored())));
  if (outcome.failed() != 0)
    with.faults.note(fmt::format("{} failed", counted_records(outcome.failed())));
  return status;
}

} // namespace command
