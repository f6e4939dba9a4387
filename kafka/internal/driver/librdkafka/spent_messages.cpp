#include <ottla/kafka/internal/driver/librdkafka/spent_messages.hpp>

#include <memory>
#include <utility>

namespace ottla::kafka {

namespace {

/// Adds the elements from `first` to `last`, which are linked already.
template <class Element>
void push(std::atomic<Element*>& list, Element* first, Element* last) noexcept {
  last->next = list.load(std::memory_order_relaxed);
  while (!list.compare_exchange_weak(last->next, first)) {
  }
}

} // namespace

spent_messages::~spent_messages() {
  free_all();
  for (auto* one = come_by_.load(); one != nullptr;)
    delete std::exchange(one, one->next);
}

void spent_messages::add(std::vector<message> messages, std::size_t bytes,
                         std::thread::id fetched_by) {
  const auto count = messages.size();
  auto* const one
    = new batch{.fetched_by = fetched_by, .bytes = bytes, .messages = std::move(messages)};
  // Counts first, so that the thread that frees the batch never subtracts more than was added.
  const auto all = messages_.fetch_add(count, std::memory_order_relaxed) + count;
  const auto all_bytes = bytes_.fetch_add(bytes, std::memory_order_relaxed) + bytes;
  push(waiting_, one, one);
  if (all > most_.messages || all_bytes > most_.bytes)
    free_all();
}

void spent_messages::free_mine() {
  const auto me = std::this_thread::get_id();
  if (!has_come_by(me)) {
    auto* const first_visit = new visitor{.who = me};
    push(come_by_, first_visit, first_visit);
  }
  batch* mine = nullptr;
  batch* others = nullptr;
  batch* last_other = nullptr;
  for (auto* one = take_all(); one != nullptr;) {
    auto* const here = std::exchange(one, one->next);
    const bool is_mine = here->fetched_by == me || !has_come_by(here->fetched_by);
    if (!is_mine && others == nullptr)
      last_other = here;
    auto*& into = is_mine ? mine : others;
    here->next = std::exchange(into, here);
  }
  if (others != nullptr) {
    push(waiting_, others, last_other);
    // close() may have found the list empty, because its elements were in this thread's hands. The
    // four operations on is_closed_ and waiting_ in free_mine() and close() are sequentially
    // consistent. So either close() finds these elements, or this thread sees the close.
    if (is_closed_.load())
      free_all();
  }
  free(mine);
}

void spent_messages::close() {
  is_closed_.store(true);
  free_all();
}

bool spent_messages::has_come_by(std::thread::id who) const noexcept {
  auto* one = come_by_.load(std::memory_order_acquire);
  while (one != nullptr && one->who != who)
    one = one->next;
  return one != nullptr;
}

spent_messages::batch* spent_messages::take_all() noexcept {
  return waiting_.exchange(nullptr);
}

/// Frees the list that starts at `first`.
void spent_messages::free(batch* first) {
  while (first != nullptr) {
    const std::unique_ptr<batch> one{std::exchange(first, first->next)};
    messages_.fetch_sub(one->messages.size(), std::memory_order_relaxed);
    bytes_.fetch_sub(one->bytes, std::memory_order_relaxed);
    free_(one->messages);
  }
}

} // namespace ottla::kafka
