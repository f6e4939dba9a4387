#include <ottla/actors/internal/duration_text.hpp>
#include <ottla/supervision/internal/supervisor.hpp>
#include <ottla/supervision/supervisor_spec.hpp>

#include <fmt/format.h>

#include <set>

namespace ottla {

supervisor_spec::operator child_spec() const {
  return {.id = id,
          .start = start<supervisor>(*this),
          .type = child_type::supervisor,
          .name = name,
          .faults = validate(*this)};
}

namespace {

void check_significance(const child_spec& child, const supervisor_spec& under,
                        std::vector<std::string>& wrong) {
  if (child.significant && under.when_done == auto_shutdown::never)
    wrong.push_back(fmt::format(
      "child \"{}\": must not be significant, because when_done of supervisor \"{}\" is "
      "never",
      child.id, under.id));
}

} // namespace

std::vector<std::string> validate(const supervisor_spec& spec) {
  std::vector<std::string> wrong;
  if (spec.id.empty())
    wrong.emplace_back("supervisor without an id");
  if (spec.restarts.within <= std::chrono::nanoseconds::zero())
    wrong.push_back(fmt::format("supervisor \"{}\": restarts.within must be above 0, got {}",
                                spec.id, detail::duration_text(spec.restarts.within)));
  std::set<std::string> ids;
  for (const auto& child : spec.children) {
    for (auto& each : validate(child, spec))
      wrong.push_back(std::move(each));
    if (!child.id.empty() && !ids.insert(child.id).second)
      wrong.push_back(
        fmt::format("supervisor \"{}\": two children with id \"{}\"", spec.id, child.id));
  }
  return wrong;
}

std::vector<std::string> validate(const child_spec& child, const supervisor_spec& under) {
  auto wrong = validate(child);
  check_significance(child, under, wrong);
  return wrong;
}

std::vector<std::string> validate_adopted(const child_spec& child, const supervisor_spec& under) {
  auto wrong = validate_adopted(child);
  check_significance(child, under, wrong);
  return wrong;
}

} // namespace ottla
