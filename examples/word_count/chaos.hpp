#pragma once

#include <ottla/actors/process.hpp>
#include <ottla/actors/type_ids.hpp>
#include <ottla/supervision/tree_node.hpp>

#include "job.hpp"

#include <memory>
#include <random>

/// `chaos` sends this message to itself when a kill may be due.
struct next_victim {};

/// Kills random processes of the connection's tree, one at each of the job's kill points.
class chaos : public ottla::process {
public:
  chaos(caf::actor_config& config, ottla::process_context context, std::shared_ptr<job> work);

private:
  caf::behavior set_up() override;

  void pick_victim();
  void kill_one_of(const ottla::tree_node& root);

  std::shared_ptr<job> job_;
  std::mt19937 random_;
};

OTTLA_MESSAGES_BEGIN(word_count_chaos, ottla::first_user_type_id + 10)
OTTLA_MESSAGE(word_count_chaos, (next_victim))
OTTLA_MESSAGES_END(word_count_chaos)
