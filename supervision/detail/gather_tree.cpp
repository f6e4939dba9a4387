#include <ottla/supervision/detail/gather_tree.hpp>

#include <cstddef>
#include <memory>
#include <utility>

namespace ottla::detail {

namespace {

struct gathering {
  tree_node result;
  std::size_t missing = 1;
  caf::response_promise promise;

  void one_less() {
    if (--missing == 0)
      promise.deliver(std::move(result));
  }
};

} // namespace

caf::result<tree_node> gather_tree(caf::event_based_actor* self, tree_node root,
                                   std::chrono::nanoseconds within) {
  auto state = std::make_shared<gathering>();
  state->promise = self->make_response_promise();
  state->result = std::move(root);
  for (std::size_t index = 0; index < state->result.children.size(); ++index) {
    auto& row = state->result.children[index];
    row.path = state->result.path.empty() ? row.id : state->result.path + '/' + row.id;
    if (row.type != child_type::supervisor || !is_alive(row.process))
      continue;
    ++state->missing;
    // Less time for each level down, so that one silent process does not hide its supervisor.
    call(
      self, row.process, within, describe_tree{within / 4 * 3},
      [state, index](tree_node& below) {
        state->result.children[index].children = std::move(below.children);
        state->one_less();
      },
      // It died or is busy: its row stands without what is below.
      [state](const caf::error&) { state->one_less(); });
  }
  auto answer = state->promise;
  state->one_less();
  return answer;
}

} // namespace ottla::detail
