#include <ottla/supervision/internal/restart_plan.hpp>

#include <algorithm>
#include <iterator>

namespace ottla {

restart_plan plan_restart(strategy how, std::span<const std::string> children,
                          const std::string& failed) {
  auto first = std::find(children.begin(), children.end(), failed);
  auto last = children.end();
  if (how == strategy::one_for_all)
    first = children.begin();
  else if (how == strategy::one_for_one)
    last = first == last ? last : first + 1;
  restart_plan plan{{}, {first, last}};
  std::copy_if(plan.start.rbegin(), plan.start.rend(), std::back_inserter(plan.stop),
               [&](const std::string& id) { return id != failed; });
  return plan;
}

} // namespace ottla
