#include <ottla/kafka/internal/partition/out_of_order_acks.hpp>

#include <algorithm>
#include <bit>
#include <iterator>
#include <utility>

namespace ottla::kafka {

namespace {

constexpr std::size_t word_bits = 64;

/// Mask of this word's bits for the places [from, to) of the page. At least one of the places is in
/// the word.
std::uint64_t mask_of(std::size_t word, std::size_t from, std::size_t to) noexcept {
  const auto begin = word * word_bits;
  const auto lower = from > begin ? ~std::uint64_t{0} << (from - begin) : ~std::uint64_t{0};
  const auto upper
    = to - begin < word_bits ? (std::uint64_t{1} << (to - begin)) - 1 : ~std::uint64_t{0};
  return lower & upper;
}

} // namespace

bool out_of_order_acks::finish(std::int64_t first, std::int64_t next) {
  if (next <= front_ || next <= first)
    return false;
  if (first <= front_) {
    move_front(next);
    return true;
  }
  mark(first, next);
  return false;
}

void out_of_order_acks::mark(std::int64_t first, std::int64_t next) {
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

void out_of_order_acks::mark_in_page(page_number which, std::size_t from, std::size_t to) {
  auto found = pages_.find(which);
  if (found == pages_.end()) {
    if (is_whole(which))
      return;
    found = pages_.try_emplace(which).first;
  }
  waiting_ += found->second.mark(from, to);
  if (found->second.is_full())
    mark_pages(which, which + 1);
}

void out_of_order_acks::mark_pages(page_number first, page_number next) {
  if (first >= next)
    return;
  waiting_ -= drop_pages(first, next, 0);
  waiting_ += static_cast<std::size_t>((next - first) * page_size);
  // Merges every run that the new run touches or overlaps.
  auto from = runs_.upper_bound(first);
  if (from != runs_.begin() && std::prev(from)->second >= first)
    --from;
  while (from != runs_.end() && from->first <= next) {
    const auto overlap = std::min(next, from->second) - std::max(first, from->first);
    waiting_ -= static_cast<std::size_t>(std::max<page_number>(overlap, 0) * page_size);
    first = std::min(first, from->first);
    next = std::max(next, from->second);
    from = runs_.erase(from);
  }
  runs_.emplace(first, next);
}

bool out_of_order_acks::is_whole(page_number which) const noexcept {
  const auto after = runs_.upper_bound(which);
  return after != runs_.begin() && std::prev(after)->second > which;
}

std::size_t out_of_order_acks::drop_pages(page_number first, page_number next, std::size_t from) {
  std::size_t dropped = 0;
  const auto drop = [&](const auto& one) {
    const bool gone = one.first >= first && one.first < next;
    if (gone)
      dropped += one.second.marked(one.first == first ? from : 0, page_size);
    return gone;
  };
  if (next - first > static_cast<page_number>(pages_.size())) {
    std::erase_if(pages_, drop);
    return dropped;
  }
  for (auto which = first; which < next; ++which)
    if (const auto found = pages_.find(which); found != pages_.end() && drop(*found))
      pages_.erase(found);
  return dropped;
}

void out_of_order_acks::move_front(std::int64_t to) {
  pass(to);
  while (waiting_ != 0) {
    const auto here = page_of(front_);
    if (runs_.begin() != runs_.end() && runs_.begin()->first == here) {
      pass(runs_.begin()->second * page_size);
      continue;
    }
    const auto found = pages_.find(here);
    const auto from = place_of(front_);
    const auto open = found == pages_.end() ? from : found->second.first_open(from);
    if (open == from)
      return;
    pass(here * page_size + static_cast<std::int64_t>(open));
  }
}

void out_of_order_acks::pass(std::int64_t to) {
  if (!pages_.empty()) {
    const auto before = page_of(front_);
    const auto here = page_of(to);
    waiting_ -= drop_pages(before, here, place_of(front_));
    if (const auto found = pages_.find(here); found != pages_.end())
      waiting_ -= found->second.marked(before == here ? place_of(front_) : 0, place_of(to));
  }
  while (!runs_.empty() && runs_.begin()->first * page_size < to) {
    const auto [first, next] = *runs_.begin();
    waiting_ -= static_cast<std::size_t>((next - first) * page_size);
    to = std::max(to, next * page_size);
    runs_.erase(runs_.begin());
  }
  front_ = to;
}

std::size_t out_of_order_acks::page::mark(std::size_t from, std::size_t to) noexcept {
  const auto before = marked_;
  for (auto word = from / word_bits; word * word_bits < to; ++word) {
    const auto mask = mask_of(word, from, to);
    marked_ += static_cast<std::size_t>(std::popcount(mask & ~words_[word]));
    words_[word] |= mask;
  }
  return marked_ - before;
}

std::size_t out_of_order_acks::page::first_open(std::size_t from) const noexcept {
  for (auto word = from / word_bits; word < words_.size(); ++word)
    if (const auto open = ~words_[word] & mask_of(word, from, page_size); open != 0)
      return word * word_bits + static_cast<std::size_t>(std::countr_zero(open));
  return page_size;
}

std::size_t out_of_order_acks::page::marked(std::size_t from, std::size_t to) const noexcept {
  std::size_t count = 0;
  for (auto word = from / word_bits; word * word_bits < to; ++word)
    count += static_cast<std::size_t>(std::popcount(words_[word] & mask_of(word, from, to)));
  return count;
}

} // namespace ottla::kafka
