#pragma once

#include <ottla/kafka/connection.hpp>

#include "arguments/arguments.hpp"
#include "run/consumer_output.hpp"
#include "run/interruption.hpp"
#include "run/session.hpp"

#include <memory>

namespace command {

/// Runs the consumer of a connection until a limit of `what` is reached, the output is closed or a
/// signal arrives. Then stops the consumer, which commits what was written. Returns the exit
/// status, or 128 plus the number of the signal.
int run_consumer(session& with, const consume_records& what,
                 const ottla::kafka::connection& consumer,
                 const std::shared_ptr<consumer_output>& to, interruption& signals);

} // namespace command
