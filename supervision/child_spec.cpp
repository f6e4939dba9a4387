#include <ottla/actors/check_name.hpp>
#include <ottla/actors/internal/duration_text.hpp>
#include <ottla/supervision/child_spec.hpp>

#include <fmt/format.h>

#include <stdexcept>
#include <utility>

namespace ottla {

namespace {

void check_all_but_start(const child_spec& spec, std::vector<std::string>& wrong) {
  if (spec.id.empty())
    wrong.emplace_back("child without an id");
  const auto say
    = [&](std::string what) { wrong.push_back(fmt::format("child \"{}\": {}", spec.id, what)); };
  if (has_control_characters(spec.id))
    wrong.push_back(fmt::format("child {:?}: id must not contain control characters", spec.id));
  try {
    if (!spec.name.empty())
      check_name(spec.name);
  } catch (const std::invalid_argument& bad) {
    say(bad.what());
  }
  if (const auto patience = spec.shutdown.patience(spec.type);
      patience < std::chrono::nanoseconds::zero())
    say("shutdown must not be negative, got " + detail::duration_text(patience));
  if (spec.significant && spec.restart == restart_policy::permanent)
    say("a permanent child cannot be significant");
  if (spec.start_timeout <= std::chrono::nanoseconds::zero())
    say("start_timeout must be above 0, got " + detail::duration_text(spec.start_timeout));
  if (spec.restart_delay)
    for (const auto& each : validate(*spec.restart_delay, "restart_delay"))
      say(each);
  wrong.insert(wrong.end(), spec.faults.begin(), spec.faults.end());
}

} // namespace

std::vector<std::string> validate(const child_spec& spec) {
  std::vector<std::string> wrong;
  check_all_but_start(spec, wrong);
  if (!spec.start)
    wrong.push_back(fmt::format("child \"{}\": no start function", spec.id));
  return wrong;
}

std::vector<std::string> validate_adopted(const child_spec& spec) {
  std::vector<std::string> wrong;
  check_all_but_start(spec, wrong);
  if (!spec.start && spec.restart != restart_policy::temporary)
    wrong.push_back(fmt::format(
      "child \"{}\": an adopted child without a start function must be temporary", spec.id));
  return wrong;
}

} // namespace ottla
