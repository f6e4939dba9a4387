#include <ottla/actors/internal/duration_text.hpp>
#include <ottla/supervision/internal/managed_children.hpp>
#include <ottla/supervision/internal/process_manager.hpp>
#include <ottla/supervision/process_manager.hpp>

#include <fmt/format.h>

#include <memory>
#include <set>

namespace ottla {

process_manager_spec::operator child_spec() const {
  return {.id = id,
          .start = start<process_manager>(*this, std::make_shared<managed_children>()),
          .type = child_type::supervisor,
          .name = name,
          .faults = validate(*this)};
}

std::vector<std::string> validate(const process_manager_spec& spec) {
  std::vector<std::string> wrong;
  const auto say = [&](const std::string& what) {
    wrong.push_back(fmt::format("process manager \"{}\": {}", spec.id, what));
  };
  if (spec.supervisor.empty())
    say("supervisor must name a dynamic supervisor");
  const auto check = [&](std::string_view field, std::chrono::nanoseconds value) {
    if (value <= std::chrono::nanoseconds::zero())
      say(fmt::format("{} must be above 0, got {}", field, detail::duration_text(value)));
  };
  check("retry_after", spec.retry_after);
  check("poll", spec.poll);
  check("initializer_timeout", spec.initializer_timeout);
  if (spec.poll != std::chrono::nanoseconds::max() && !spec.initializer)
    say("poll needs an initializer");
  std::set<std::string> ids;
  for (const auto& child : spec.children) {
    for (const auto& each : validate(child))
      say(each);
    if (child.significant)
      say(
        fmt::format("child \"{}\": must not be significant under a dynamic supervisor", child.id));
    if (!child.id.empty() && !ids.insert(child.id).second)
      say(fmt::format("two children with id \"{}\"", child.id));
  }
  return wrong;
}

} // namespace ottla
