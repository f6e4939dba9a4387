#include <ottla/actors/caf_end_watch.hpp>
#include <ottla/supervision/internal/gather_tree.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

namespace ottla::detail {

namespace {

struct gathering {
  tree_node result;
  std::size_t missing = 1;
  caf::response_promise promise;

  /// Counts one answer. True if it was the last and the request is now answered.
  bool one_less() {
    if (missing == 0 || --missing != 0)
      return false;
    deliver();
    return true;
  }

  void answer_with_what_is_known() {
    if (std::exchange(missing, 0) != 0)
      deliver();
  }

private:
  /// Answers the request and releases the promise. The promise holds the answering actor, whose
  /// open requests may hold this object, so keeping the promise would leak both.
  void deliver() { std::exchange(promise, {}).deliver(std::move(result)); }
};

end_watch_key key_of(const gathering& one) {
  return {.what = end_watch_key::kind::gather_tree,
          .number = reinterpret_cast<std::uintptr_t>(&one)};
}

/// Attached to the supervisor that answers. If that supervisor dies first, the requester gets the
/// answers that have arrived. CAF 0.17 does not report a lost answer, so the requester would
/// otherwise wait until its deadline.
class end_of_gatherer final : public end_watch {
public:
  explicit end_of_gatherer(std::shared_ptr<gathering> of)
    : end_watch{key_of(*of)}, of_{std::move(of)} {}

private:
  void ended(const caf::error&) override { of_->answer_with_what_is_known(); }

  const std::shared_ptr<gathering> of_;
};

} // namespace

caf::result<tree_node> gather_tree(caf::event_based_actor* self, tree_node root,
                                   std::chrono::nanoseconds within) {
  auto state = std::make_shared<gathering>();
  const auto one_less = [self, state] {
    if (state->one_less())
      detach(*self, key_of(*state));
  };
  state->promise = self->make_response_promise();
  state->result = std::move(root);
  for (std::size_t index = 0; index < state->result.children.size(); ++index) {
    auto& row = state->result.children[index];
    row.path = state->result.path.empty() ? row.id : state->result.path + '/' + row.id;
    if (row.type != child_type::supervisor || !is_alive(row.process))
      continue;
    ++state->missing;
    // Each level down gets less time, so that one silent process does not hide its supervisor.
    send_request(
      self, row.process, within, describe_tree{within / 4 * 3},
      [state, index, one_less](tree_node& below) {
        state->result.children[index].children = std::move(below.children);
        one_less();
      },
      // The supervisor died or is busy, so its row stays without children.
      [one_less](const caf::error&) { one_less(); });
  }
  auto answer = state->promise;
  if (!state->one_less())
    attach(*self, std::make_unique<end_of_gatherer>(state));
  return answer;
}

} // namespace ottla::detail
