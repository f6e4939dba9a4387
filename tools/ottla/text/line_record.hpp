#pragma once

#include "arguments/arguments.hpp"
#include "text/record_json.hpp"

#include <string>
#include <string_view>
#include <variant>

namespace command {

/// The record of a line of the input, or a text that says what is wrong with the line.
std::variant<input_record, std::string> record_of(std::string_view line,
                                                  const produce_records& how);

} // namespace command
