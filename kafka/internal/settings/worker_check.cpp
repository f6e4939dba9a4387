#include <ottla/kafka/internal/settings/worker_check.hpp>

#include <fmt/format.h>

#include <cstddef>
#include <utility>
#include <variant>

namespace ottla::kafka {

namespace {

constexpr time_limits positive{std::chrono::milliseconds{1}, longest_time};
constexpr std::size_t largest_batch = 1'000'000;
constexpr std::size_t smallest_memory = 1024 * 1024;

} // namespace

bool check_time(const char* field, std::chrono::milliseconds value, time_limits limits,
                const fault_receiver& complain) {
  const auto fault = fault_of_time(field, value, limits);
  if (fault)
    complain(*fault);
  return !fault;
}

void check_begin(const char* field, const begin_offset& where, const fault_receiver& complain) {
  if (const auto* number = std::get_if<at_offset>(&where); number != nullptr && number->offset < 0)
    complain(fmt::format("{}: an offset must not be negative, got {}", field, number->offset));
}

void check_workers(const group_consumer& settings, const fault_receiver& complain) {
  if (std::visit([](const auto& who) { return !who; }, settings.handler))
    complain("handler is not set");
  else if (const auto* process = std::get_if<handler_process>(&settings.handler);
           process != nullptr && !process->fault().empty())
    complain("handler: " + process->fault());
  if (settings.batch_size == 0 || settings.batch_size > largest_batch)
    complain(
      fmt::format("batch_size must be from 1 to {}, got {}", largest_batch, settings.batch_size));
  if (settings.max_unacknowledged < settings.batch_size)
    complain(fmt::format("max_unacknowledged must be at least batch_size ({}), got {}",
                         settings.batch_size, settings.max_unacknowledged));
  check_time("drain_within", settings.drain_within, positive, complain);
  if (settings.handle_within.count() < 0)
    complain(
      fmt::format("handle_within must not be negative, got {}ms", settings.handle_within.count()));
  if (settings.memory_bytes && *settings.memory_bytes < smallest_memory)
    complain(fmt::format("memory_bytes must be at least {}, got {}", smallest_memory,
                         *settings.memory_bytes));
  for (auto& line : validate(settings.worker_restarts, "worker_restarts"))
    complain(std::move(line));
  check_begin("when_missing", settings.when_missing, complain);
  check_time("fetch_wait", settings.fetch_wait, fetch_wait_limits, complain);
}

} // namespace ottla::kafka
