#include <ottla/kafka/group/offset_tracker.hpp>

#include <algorithm>
#include <bit>
#include <iterator>
#include <utility>

namespace ottla::kafka {

namespace {

constexpr std::size_t word_bits = 64;

/// The bits of one word that belong to places [from, to), counted from the word's first.
std::uint64_t mask_of(std::size_t from, std::size_t to) noexcept {
  const auto upper = to == word_bits ? ~std::uint64_t{0} : (std::uint64_t{1} << to) - 1;
  return upper & (~std::uint64_t{0} << from);
}

} // namespace

bool offset_tracker::finish(std::int64_t first, std::int64_t next) {
  if (next <= front_ || next <= first)
    return false;
  if (first <= front_) {
    move_front(next);
    return true;
  }
  mark(first, next);
  return false;
}

std::size_t offset_tracker::waiting() const noexcept {
  std::size_t count = 0;
  for (const auto& [which, each] : pages_)
    count += each.marked_from(which == page_of(front_) ? place_of(front_) : 0);
  for (const auto& [first, next] : runs_)
    count += static_cast<std::size_t>((next - first) * page_size);
  return count;
}

void offset_tracker::mark(std::int64_t first, std::int64_t next) {
  const auto begin = page_of(first);
  const auto end = page_of(next);
  if (begin == end) {
    mark_in_page(begin, place_of(first), place_of(next));
    return;
  }
  const bool has_head = place_of(first) != 0;
  if (has_head)
    mark_in_page(begin, place_of(first), page_size);
  mark_pages(begin + (has_head ? 1 : 0), end);
  if (place_of(next) != 0)
    mark_in_page(end, 0, place_of(next));
}

void offset_tracker::mark_in_page(page_number which, std::size_t from, std::size_t to) {
  auto found = pages_.find(which);
  if (found == pages_.end()) {
    if (is_whole(which))
      return;
    found = pages_.try_emplace(which).first;
  }
  found->second.mark(from, to);
  if (found->second.is_full())
    mark_pages(which, which + 1);
}

void offset_tracker::mark_pages(page_number first, page_number next) {
  if (first >= next)
    return;
  drop_pages(first, next);
  // Takes in every run that it touches or overlaps.
  auto from = runs_.upper_bound(first);
  if (from != runs_.begin() && std::prev(from)->second >= first)
    --from;
  while (from != runs_.end() && from->first <= next) {
    first = std::min(first, from->first);
    next = std::max(next, from->second);
    from = runs_.erase(from);
  }
  runs_.emplace(first, next);
}

bool offset_tracker::is_whole(page_number which) const noexcept {
  const auto after = runs_.upper_bound(which);
  return after != runs_.begin() && std::prev(after)->second > which;
}

void offset_tracker::drop_pages(page_number first, page_number next) {
  if (next - first <= static_cast<page_number>(pages_.size()))
    for (auto each = first; each < next; ++each)
      pages_.erase(each);
  else
    std::erase_if(pages_, [&](const auto& one) { return one.first >= first && one.first < next; });
}

void offset_tracker::move_front(std::int64_t to) {
  auto from = page_of(std::exchange(front_, to));
  while (!pages_.empty() || !runs_.empty()) {
    const auto here = page_of(front_);
    drop_pages(std::exchange(from, here), here);
    while (!runs_.empty() && runs_.begin()->first <= here) {
      front_ = std::max(front_, runs_.begin()->second * page_size);
      runs_.erase(runs_.begin());
    }
    if (page_of(front_) != here)
      continue;
    const auto found = pages_.find(here);
    if (found == pages_.end())
      return;
    const auto open = found->second.first_open(place_of(front_));
    front_ = here * page_size + static_cast<std::int64_t>(open);
    if (open != page_size)
      return;
  }
}

void offset_tracker::page::mark(std::size_t from, std::size_t to) noexcept {
  for (auto word = from / word_bits; word * word_bits < to; ++word) {
    const auto begin = word * word_bits;
    const auto mask = mask_of(from > begin ? from - begin : 0, std::min(to - begin, word_bits));
    marked_ += std::popcount(mask & ~words_[word]);
    words_[word] |= mask;
  }
}

std::size_t offset_tracker::page::first_open(std::size_t from) const noexcept {
  for (auto word = from / word_bits; word < words_.size(); ++word) {
    const auto begin = word * word_bits;
    const auto open = ~words_[word] & mask_of(from > begin ? from - begin : 0, word_bits);
    if (open != 0)
      return begin + static_cast<std::size_t>(std::countr_zero(open));
  }
  return page_size;
}

std::size_t offset_tracker::page::marked_from(std::size_t from) const noexcept {
  std::size_t count = 0;
  for (auto word = from / word_bits; word < words_.size(); ++word) {
    const auto begin = word * word_bits;
    const auto mask = mask_of(from > begin ? from - begin : 0, word_bits);
    count += static_cast<std::size_t>(std::popcount(words_[word] & mask));
  }
  return count;
}

} // namespace ottla::kafka
