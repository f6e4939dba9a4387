#include <ottla/kafka/internal/health/silence_watch.hpp>

namespace ottla::kafka {

namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;

constexpr nanoseconds ask_pause = 2s;
constexpr nanoseconds longest_silence = 10s;
/// A process is silent only after this many checks since the question. Ten seconds have 20 checks.
constexpr int enough_checks = 16;

} // namespace

bool silence_watch::is_to_ask(std::string_view name, std::uint64_t process, nanoseconds now) const {
  const auto found = questions_.find(name);
  if (found == questions_.end() || found->second.process != process)
    return true;
  return !found->second.is_open && now - found->second.asked_at >= ask_pause;
}

void silence_watch::asked(std::string_view name, std::uint64_t process, nanoseconds now) {
  questions_.insert_or_assign(std::string{name}, question{.process = process, .asked_at = now});
}

void silence_watch::answered(std::string_view name, std::uint64_t process) {
  const auto found = questions_.find(name);
  if (found != questions_.end() && found->second.process == process)
    found->second.is_open = false;
}

void silence_watch::gone(std::string_view name) {
  if (const auto found = questions_.find(name); found != questions_.end())
    questions_.erase(found);
}

void silence_watch::checked() {
  for (auto& [name, one] : questions_)
    if (one.checks < enough_checks)
      ++one.checks;
}

std::vector<silence_watch::silence> silence_watch::silent(nanoseconds now) const {
  std::vector<silence> all;
  for (const auto& [name, one] : questions_)
    if (one.is_open && one.checks >= enough_checks && now - one.asked_at >= longest_silence)
      all.push_back({name, now - one.asked_at});
  return all;
}

} // namespace ottla::kafka
