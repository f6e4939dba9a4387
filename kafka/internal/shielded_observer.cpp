#include <ottla/actors/stderr_lines.hpp>
#include <ottla/kafka/internal/shielded_observer.hpp>
#include <ottla/kafka/internal/text/cut_text.hpp>
#include <ottla/kafka/internal/text/on_one_line.hpp>

#include <fmt/format.h>

#include <utility>

namespace ottla::kafka {

shielded_observer::shielded_observer(std::string connection, std::shared_ptr<observer> inner)
  : connection_{std::move(connection)}, inner_{std::move(inner)} {}

template <class Call>
void shielded_observer::shield(std::string_view function, Call call) noexcept {
  try {
    call();
  } catch (const std::exception& thrown) {
    report(function, thrown.what());
  } catch (...) {
    report(function, "an unknown exception");
  }
}

void shielded_observer::report(std::string_view function, const char* why) noexcept {
  if (has_thrown_.exchange(true))
    return;
  try {
    print_line(fmt::format("{}: the observer's function {} threw: {}; further exceptions of the "
                           "observer are dropped",
                           connection_, function, on_one_line(cut_text(why))));
  } catch (const std::exception&) {
    // Without memory for the line, the exception is dropped like the later ones.
  }
}

void shielded_observer::assigned(std::int32_t generation,
                                 std::span<const topic_partition> partitions) {
  shield("assigned", [&] { inner_->assigned(generation, partitions); });
}

void shielded_observer::revoked(std::span<const topic_partition> partitions, bool lost) {
  shield("revoked", [&] { inner_->revoked(partitions, lost); });
}

void shielded_observer::acknowledged(const topic_partition& where, std::int64_t next) {
  shield("acknowledged", [&] { inner_->acknowledged(where, next); });
}

void shielded_observer::committed(const topic_partition& where, std::int64_t next) {
  shield("committed", [&] { inner_->committed(where, next); });
}

void shielded_observer::failed(const error& what) {
  shield("failed", [&] { inner_->failed(what); });
}

void shielded_observer::left_unfinished(const unfinished& what) {
  shield("left_unfinished", [&] { inner_->left_unfinished(what); });
}

void shielded_observer::recovered() {
  shield("recovered", [&] { inner_->recovered(); });
}

void shielded_observer::logged(const log_line& line) {
  shield("logged", [&] { inner_->logged(line); });
}

} // namespace ottla::kafka
