#include <ottla/actors/caf.hpp>

#include <map>
#include <stdexcept>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace ottla {

namespace {

struct announced_blocks {
  /// Sorted by id. Each source file that includes a block's header announces the block.
  std::map<std::pair<int, std::string_view>, detail::message_block> all;
};

announced_blocks& announced() {
  static announced_blocks blocks;
  return blocks;
}

} // namespace

std::string detail::shared_ids(const std::vector<message_block>& blocks) {
  const message_block* last = nullptr;
  for (const auto& block : blocks) {
    if (last != nullptr && block.first < last->first + last->count)
      return "ottla: two blocks of OTTLA_MESSAGES share the id " + std::to_string(block.first)
             + ": \"" + std::string{last->name} + "\" has " + std::to_string(last->first) + " to "
             + std::to_string(last->first + last->count - 1) + ", and \"" + std::string{block.name}
             + "\" starts at " + std::to_string(block.first);
    last = &block;
  }
  return {};
}

void init_message_types() {
#if OTTLA_CAF_1
  static const bool core = [] {
    caf::core::init_global_meta_objects();
    return true;
  }();
  static_cast<void>(core);
#endif
  auto& blocks = announced();
  std::vector<detail::message_block> in_order;
  for (const auto& [key, block] : blocks.all)
    in_order.push_back(block);
  if (auto fault = detail::shared_ids(in_order); !fault.empty())
    throw std::logic_error{fault};
  for (auto& [key, each] : blocks.all)
    if (each.init != nullptr)
      std::exchange(each.init, nullptr)();
}

bool detail::announce_types(const message_block& block) {
  announced().all.try_emplace({block.first, block.name}, block);
  return true;
}

#if OTTLA_CAF_1
namespace {

/// Written before the first actor_system is created, and then only read, like CAF's own table.
std::unordered_map<caf::type_id_t, detail::to_text>& texts() {
  static std::unordered_map<caf::type_id_t, detail::to_text> all;
  return all;
}

} // namespace

void detail::announce_text(caf::type_id_t type, to_text how) {
  texts()[type] = how;
}

detail::to_text detail::announced_text(caf::type_id_t type) noexcept {
  const auto found = texts().find(type);
  return found == texts().end() ? nullptr : found->second;
}
#endif

} // namespace ottla
