#pragma once

#include <ottla/actors/process.hpp>
#include <ottla/actors/type_ids.hpp>

#include "job.hpp"

#include <memory>

/// `progress` sends this message to itself to draw again.
struct draw_progress {};

/// Shows the progress of the job on stderr: a bar on a terminal, else a line for each tenth. With
/// --tree it also prints the tree, when each assigned partition has a handler and counting has
/// begun.
class progress : public ottla::process {
public:
  progress(caf::actor_config& config, ottla::process_context context, std::shared_ptr<job> work);

private:
  caf::behavior set_up() override;
  void shutdown(const ottla::exit_reason& why) override;

  void draw();
  void draw_bar(std::uint64_t consumed);
  void print_tree();

  std::shared_ptr<job> job_;
  bool on_terminal_ = false;
  bool tree_asked_for_ = false;
  std::uint64_t tenths_ = 0;
};

OTTLA_MESSAGES_BEGIN(word_count_progress, ottla::first_user_type_id + 20)
OTTLA_MESSAGE(word_count_progress, (draw_progress))
OTTLA_MESSAGES_END(word_count_progress)
